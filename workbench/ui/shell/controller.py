"""Controller: joins the presenter, the session and the panels of the window."""

from PySide6.QtCore import QObject, QTimer

from workbench.spec.command import SetRate, SetWeight
from workbench.spec.experiment import Intervention
from workbench.ui.model.command_line import seeds_of, seeds_text
from workbench.ui.model.problem_list import Notice
from workbench.ui.model.run_state import RunState
from workbench.ui.panels.plan.planner import Planner
from workbench.ui.services.tab_context import TabContext
from workbench.ui.shell.data_import import DataImport
from workbench.ui.shell.event_log import EventLog
from workbench.ui.shell.inspect_controller import InspectController
from workbench.ui.shell.main_window import MainWindow
from workbench.ui.shell.preset_files import PresetFiles
from workbench.ui.shell.tab_area import TabArea
from workbench.ui.widgets.basics import mark_invalid
from workbench.ui.widgets.entries import end_entry
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import in_title
from workbench.ui.words.texts import of_preset, said

tr = translator("Controller")

#: Typing in a form changes the setup at once; what follows from it waits so long.
SETTLE_MS = 30


class Controller(QObject):
    """Says what the buttons do, and tells the panels what changed."""

    def __init__(
        self,
        window: MainWindow,
        context: TabContext,
        tab_area: TabArea,
        inspector: InspectController,
        files: PresetFiles,
        data_import: DataImport,
    ) -> None:
        super().__init__(window)
        presenter, session = context.presenter, context.session
        self._tab_area = tab_area
        self._inspector = inspector
        self._window = window
        self._presenter = presenter
        self._session = session
        self.event_log = EventLog(window, presenter, session)
        self.planner = Planner(window.plan, presenter, session)
        self._is_ready = self._waits_to_run = False
        self._topics: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self.settle)
        presenter.listeners.append(self._hear)
        self._connect_window()
        files.loaded.connect(self._show_loaded)
        data_import.brought.connect(self._show_brought)
        self._topics = {"spec", "file", "state", "catalogue", "problems"}

    def join_tabs(self) -> None:
        """Take what the tabs ask for, now that there are all of them."""
        for tab in self._tab_area:
            tab.go_wanted.connect(self.go_to)
        self._tab_area.join()
        self._session.ended.connect(self._run_ended)

    def _connect_window(self) -> None:
        window, actions = self._window, self._window.actions_
        actions["run"].triggered.connect(self.run)
        actions["pause"].triggered.connect(self._session.pause)
        actions["step"].triggered.connect(self._session.step)
        actions["stop"].triggered.connect(self._session.stop)
        actions["undo"].triggered.connect(self._presenter.undo)
        actions["redo"].triggered.connect(self._presenter.redo)
        window.seeds.editingFinished.connect(self._seeds_edited)
        window.device.textActivated.connect(self._device_chosen)
        window.pace.activated.connect(self._pace_chosen)
        self._session.set_pace(window.pace.currentData() or None)
        window.setup.live_weight.connect(self._weigh)
        window.setup.live_rate.connect(self._rate)
        window.problems.go_wanted.connect(self.go_to)
        window.problems.dismissed.connect(self._presenter.clear_notices)

    # what the user does

    def run(self) -> None:
        """Start, or go on after a pause; with problems, show them instead.

        Asked before the window is ready, it starts when it is.
        """
        if self._presenter.state is RunState.PAUSED:
            self._session.go_on()
            return
        if self._presenter.is_live:
            return
        if not self._is_ready:
            self._waits_to_run = True
            self.event_log.say(tr("Getting ready; then it runs"))
            return
        end_entry(self._window)
        if self._presenter.problems:
            self._window.show_dock("problems")
            return
        self._presenter.clear_notices("run")
        self._window.bar.hide()
        self.show_centre()
        self._session.start(self._presenter.spec)

    def be_ready(self) -> None:
        """All that a run needs is there; one that was asked for before starts now."""
        self._is_ready = True
        if self._waits_to_run:
            self._waits_to_run = False
            self.run()

    def show_centre(self) -> None:
        """Leave the gallery for the tabs."""
        self._window.tab_area.setCurrentWidget(self._window.centre)

    def go_to(self, field: str) -> None:
        """Bring the editor of a field into view."""
        if field == "seeds":
            self._window.seeds.setFocus()
            return
        if field == "device":
            self._window.device.setFocus()
            return
        self._window.show_dock("setup")
        self._window.setup.go_to(field)

    def _seeds_edited(self) -> None:
        field = self._window.seeds
        try:
            seeds = seeds_of(field.text())
        except ValueError as error:
            field.setModified(False)
            self._presenter.refuse_entry("seeds", field.text(), str(error))
            return
        field.setModified(False)
        self._presenter.accept_entry("seeds")
        if seeds != self._presenter.spec.seeds:
            self._presenter.end_edit()
            self._presenter.change({"seeds": seeds}, "seeds", field.text())

    def _device_chosen(self, device: str) -> None:
        self._presenter.end_edit()
        self._presenter.change({"device": device})

    def _pace_chosen(self) -> None:
        pace: int = self._window.pace.currentData()
        self._window.settings.setValue("pace", pace)
        self._session.set_pace(pace or None)

    def _weigh(self, family: str, task: str | None, value: float) -> None:
        for facts in self._session.model.tasks:
            if facts.family == family and task in (None, facts.own_name):
                self._session.send(SetWeight(facts.name, value))

    def _rate(self, value: float) -> None:
        self._session.send(SetRate(value))

    # what follows from it

    def _hear(self, topic: str) -> None:
        if topic == "state":
            self._topics.add(topic)
            self.settle()
            return
        self._topics.add(topic)
        if not self._timer.isActive():
            self._timer.start()

    def settle(self) -> None:
        """Bring every panel up to date with the presenter."""
        self._timer.stop()
        topics, self._topics = self._topics, set()
        window, presenter = self._window, self._presenter
        if "catalogue" in topics:
            window.setup.build()
        if topics & {"spec", "file", "state", "catalogue"}:
            window.setup.refresh()
            self._show_toolbar()
            self._show_title()
            window.status.set_command(presenter.command)
            self._inspector.follow_choice()
            self._tab_area.settle()
        if topics & {"problems", "spec", "catalogue"}:
            self._show_problems()
        window.actions_.refresh(presenter)
        self.event_log.show_state()

    def _show_toolbar(self) -> None:
        window, spec = self._window, self._presenter.spec
        refused = self._presenter.refused.get("seeds")
        if refused is None and not (window.seeds.hasFocus() and window.seeds.isModified()):
            window.seeds.setText(seeds_text(spec.seeds))
        mark_invalid(window.seeds, refused is not None)
        if window.device.findText(spec.device) < 0:
            window.device.addItem(spec.device)
        window.device.setCurrentText(spec.device)
        for part in (window.seeds, window.device, window.preset_button):
            part.setEnabled(not self._presenter.is_live)

    def _show_title(self) -> None:
        path = self._presenter.path
        name = path.name if path else of_preset(self._presenter.spec.name)
        self._window.setWindowTitle(f"{in_title(name)}[*] — Workbench")
        self._window.setWindowModified(self._presenter.is_dirty)

    def _show_problems(self) -> None:
        setup = [Notice(p.field, said(p.message)) for p in self._presenter.problems]
        notices = self._presenter.notices
        self._window.problems.set_problems(setup, notices)
        count = len(setup) + len(notices)
        title = tr("Problems ({})").format(count) if count else tr("Problems")
        self._window.docks["problems"].setWindowTitle(title)

    def _show_loaded(self) -> None:
        """Another setup was opened."""
        self.settle()
        self.show_centre()
        self._inspector.explain_setup()

    def _show_brought(self, family: str) -> None:
        """Data were brought: the setup and a few of them are seen."""
        self.settle()
        self.show_centre()
        self._inspector.previews.look(family, None)

    # the run

    def _run_ended(self) -> None:
        self.settle()
        self._offer_changes()

    def _offer_changes(self) -> None:
        """Live changes are the run's alone, unless the user wants them in the setup."""
        changes = self._session.model.changes
        if not changes or changes == self._presenter.spec.interventions:
            return
        text = tr("You changed {} things while it ran. Keep them for the next run?")
        if len(changes) == 1:
            text = tr("You changed something while it ran. Keep it for the next run?")
        self._window.bar.offer(
            text.format(len(changes)),
            [(tr("Keep in the setup"), lambda: self._keep(changes))],
        )

    def _keep(self, changes: tuple[Intervention, ...]) -> None:
        self._presenter.end_edit()
        self._presenter.change({"interventions": changes})
