"""RunsController: the recorded runs, listed, and shown, loaded or resumed."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from workbench.spec.entry import by_role
from workbench.spec.event import Began, Event
from workbench.spec.experiment import Choice
from workbench.spec.run_row import RunRow
from workbench.ui.model.run_model import RunModel
from workbench.ui.model.task_colours import orders_of
from workbench.ui.panels.runs.panel import Variations
from workbench.ui.services.history_backend import RunRecord
from workbench.ui.services.run_history import Then
from workbench.ui.services.tab_context import TabContext
from workbench.ui.shell.controller import Controller
from workbench.ui.shell.main_window import MainWindow
from workbench.ui.shell.runs_upkeep import RunsUpkeep
from workbench.ui.shell.tab_area import TabArea
from workbench.ui.words.language import translator

tr = translator("RunsController")

#: What a run can be duplicated with, the most asked for first.
_VARIED = ("retention", "balancing", "sharing", "curriculum", "learner", "encoder")


class RunsController(QObject):
    """Keeps the Runs table up to date and does what its menu asks."""

    def __init__(
        self, window: MainWindow, context: TabContext, controller: Controller, tab_area: TabArea
    ) -> None:
        super().__init__(window)
        self._window = window
        self._presenter = context.presenter
        self._session = session = context.session
        self._run_history = run_history = context.run_history
        self._controller = controller
        self._tab_area = tab_area
        self._is_first = True
        run_history.changed.connect(self._list)
        session.matrix_due.connect(self._show_steps)
        session.event_seen.connect(self._list_new)
        session.ended.connect(run_history.refresh)
        panel = window.runs
        panel.opened.connect(self.show)
        run_history.open_wanted.connect(self.show)
        panel.setup_wanted.connect(self.load_setup)
        panel.eye_wanted.connect(self._show_first)
        panel.labels_wanted.connect(run_history.label)
        panel.folder_wanted.connect(self._open_folder)
        panel.resume_wanted.connect(self.resume_all)
        panel.compare_wanted.connect(self.compare)
        panel.variation_wanted.connect(self.vary)
        panel.variations = self._variations
        RunsUpkeep(window, context)

    def _show_steps(self) -> None:
        models = self._session.group.going.values()
        steps = {model.began.run_id: model.step for model in models if model.began is not None}
        self._window.runs.set_live(steps)

    def _list_new(self, event: Event) -> None:
        if isinstance(event, Began):
            self._run_history.own.add(event.run_id)
            self._run_history.refresh()

    def _list(self) -> None:
        rows = self._run_history.rows
        self._window.runs.set_rows(rows)
        if self._is_first and self._run_history.is_fresh:
            self._is_first = False
            self._offer_resume(rows)

    def _offer_resume(self, rows: list[RunRow]) -> None:
        for row in rows:
            if row.status == "interrupted" and self._run_history.can_resume(row):
                text = tr("“{}” (seed {}) was interrupted at step {}.")
                self._window.bar.offer(
                    text.format(row.name, row.seed, f"{row.steps:,}"),
                    [
                        (tr("Resume it"), lambda row=row: self.resume(row)),
                        (tr("Show its curves"), lambda row=row: self.show(row)),
                    ],
                )
                return

    def show(self, row: RunRow) -> None:
        """Show a run's curves."""
        self.read(row, self._show)

    def read(self, row: RunRow, then: Then) -> None:
        """Read a run, then have it; setup and tabs are a run's own while it goes on.

        Another may begin while this one is read.
        """
        if not self._is_taken():
            self._run_history.read(
                row, lambda row, recorded: None if self._is_taken() else then(row, recorded)
            )

    def _is_taken(self) -> bool:
        """Whether a run goes on, which is told."""
        is_taken = self._session.is_active or self._presenter.is_live
        if is_taken:
            words = tr("A run goes on: stop it to look at an earlier one")
            self._presenter.notice("runs", words, "warning")
        return is_taken

    def _show(self, row: RunRow, recorded: RunRecord) -> None:
        if row.problem:
            words = tr("{} is damaged: {}. Shown is what can be read of it")
            self._presenter.notice("runs", words.format(row.name, row.problem), "warning")
        orders = orders_of(self._presenter.catalogue)
        self._session.show(RunModel.of(recorded.events, recorded.seed, recorded.spec, orders))
        self._controller.show_centre()
        self._controller.event_log.say(tr("Showing {} · seed {}").format(row.name, row.seed))

    def _show_first(self, _key: str, _title: str, rows: Sequence[RunRow]) -> None:
        """Over nothing nothing can be drawn: the first run whose eye is opened is shown."""
        if self._session.model.began is None and not self._session.is_active:
            self.show(rows[0])

    def load_setup(self, row: RunRow) -> None:
        """Make a run's setup the current one; it can be undone."""
        self.read(row, lambda _, recorded: self._presenter.adopt(recorded.spec))

    def resume_all(self, rows: Sequence[RunRow]) -> None:
        """Go on with runs of one setup that were cut short, side by side."""
        if len({row.fingerprint for row in rows}) > 1 or len(rows) == 1:
            self.resume(rows[0])  # of unlike runs one after the other is meant
            return
        records: dict[str, RunRecord] = {}

        def take(row: RunRow, recorded: RunRecord) -> None:
            records[row.path] = recorded
            if len(records) == len(rows):
                runs = [(Path(r.path), records[r.path].seed, records[r.path].events) for r in rows]
                seeds = tuple(sorted({seed for _, seed, _ in runs}))
                self._presenter.adopt(recorded.spec.model_copy(update={"seeds": seeds}))
                self._session.resume_all(runs)

        for row in rows:
            self.read(row, take)

    def resume(self, row: RunRow) -> None:
        """Go on with a run that was cut short."""
        self.read(row, self._resume)

    def _resume(self, row: RunRow, recorded: RunRecord) -> None:
        self._presenter.adopt(recorded.spec)
        self._session.resume(Path(row.path), recorded.seed, recorded.events)

    def compare(self, rows: Sequence[RunRow]) -> None:
        """Have runs drawn on each other, the pinned baseline first."""
        self._run_history.choose(sorted(rows, key=lambda row: not row.pinned))
        self._tab_area.settle()
        self._tab_area.show("compare")

    def vary(self, row: RunRow, role: str, kind: str) -> None:
        """Make a run's setup the current one with another method for `role`, and compare both.

        The seeds stay the same.
        """
        self.read(row, partial(self._vary, role, kind))

    def _vary(self, role: str, kind: str, row: RunRow, recorded: RunRecord) -> None:
        same = [
            run
            for run in self._run_history.rows
            if run.fingerprint == row.fingerprint and run.status == "done" and row.fingerprint
        ]
        by_seed = {run.seed: run for run in (*reversed(same), row)}
        entry = self._presenter.catalogue.get((role, kind))
        name = f"{recorded.spec.name} · {entry.title if entry is not None else kind}"
        changes = {role: Choice(kind=kind), "name": name[:200], "seeds": tuple(sorted(by_seed))}
        self._presenter.adopt(recorded.spec.model_copy(update=changes))
        self.compare([by_seed[seed] for seed in sorted(by_seed)])

    def _variations(self) -> Variations:
        catalogue = self._presenter.catalogue
        variations: dict[str, tuple[str, list[tuple[str, str]]]] = {}
        for role in _VARIED:
            methods = [(e.key, e.title) for e in by_role(catalogue, role) if not e.broken]
            if methods:
                variations[role] = (
                    self._window.setup.choices[role].combo.accessibleName(),
                    methods,
                )
        return variations

    def star(self, row: RunRow, starred: bool) -> None:
        """Star a run, or not."""
        self._run_history.label({row.path: {"starred": starred}})

    def _open_folder(self, folder: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
