"""Continuations: recorded runs gone on from with other settings, and made again exactly."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject

from workbench.spec.event import Began
from workbench.spec.experiment import Spec, TrunkStart
from workbench.spec.experiments.start import Freeze
from workbench.spec.run_row import RunRow
from workbench.ui.dialogs.go_on import GoOnDialog
from workbench.ui.services.history_backend import RunRecord
from workbench.ui.services.run_history import Then
from workbench.ui.services.tab_context import TabContext
from workbench.ui.shell.main_window import MainWindow
from workbench.ui.words.language import translator

tr = translator("Continuations")


class Continuations(QObject):
    """Does what the Runs table's menu asks of a run that is to go on or to be made again.

    `read` hands a run over once it is read, and `run` runs the setup that is there.
    """

    def __init__(
        self,
        window: MainWindow,
        context: TabContext,
        read: Callable[[RunRow, Then], None],
        run: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._presenter = context.presenter
        self._history = context.history
        self._read = read
        self._run = run
        window.runs.go_on_wanted.connect(self.go_on)
        window.runs.again_wanted.connect(self.again)
        window.runs.trunk_wanted.connect(self.use_trunk)

    def go_on(self, row: RunRow) -> None:
        """Ask from where, and for how long, another run goes on from this one."""
        self._read(row, self._ask)

    def _ask(self, row: RunRow, recorded: RunRecord) -> None:
        steps = self._history.starts(Path(row.path))
        if not steps:
            words = tr("{} has no checkpoint to go on from").format(row.name)
            self._presenter.notice("runs", words, "warning")
            return
        spec = recorded.spec.model_copy(update={"seeds": (recorded.seed,)})
        dialog = GoOnDialog(spec, row.run_id, steps, self._window)
        dialog.chosen.connect(self._begin)
        dialog.open()

    def _begin(self, spec: Spec, runs: bool) -> None:
        self._presenter.adopt(spec)
        if runs:
            self._run()

    def use_trunk(self, row: RunRow, freeze: Freeze) -> None:
        """Let the setup begin with the run's trunk and take its encoder; all else stays."""
        self._read(row, lambda row, recorded: self._use_trunk(row, recorded, freeze))

    def _use_trunk(self, row: RunRow, recorded: RunRecord, freeze: Freeze) -> None:
        steps = self._history.starts(Path(row.path))
        if not steps:
            words = tr("{} has no checkpoint whose trunk could be used").format(row.name)
            self._presenter.notice("runs", words, "warning")
            return
        start = TrunkStart(trunk_of=row.run_id, step=steps[-1], freeze=freeze)
        self._presenter.end_edit()
        self._presenter.change({"start": start, "encoder": recorded.spec.encoder})

    def again(self, row: RunRow) -> None:
        """Make a run again from its own record, with the live changes and threads that it had."""
        self._read(row, self._again)

    def _again(self, row: RunRow, recorded: RunRecord) -> None:
        began = next((event for event in recorded.events if isinstance(event, Began)), None)
        spec = recorded.spec.model_copy(update={"seeds": (recorded.seed,)})
        if began is not None and began.threads:
            training = spec.training.model_copy(update={"threads": began.threads})
            spec = spec.model_copy(update={"training": training})
        self._begin(spec, runs=True)
