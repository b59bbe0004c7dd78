"""App: one window with everything joined, from its start until it closes or hands over."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QApplication, QPushButton

from workbench.spec.entry import Catalogue
from workbench.ui.model.presenter import RECENT, Presenter
from workbench.ui.panels.findings.findings_controller import FindingsController
from workbench.ui.panels.log import Line
from workbench.ui.panels.seeds.seeds_controller import SeedsController
from workbench.ui.services.cost_estimator import CostEstimator
from workbench.ui.services.gc_control import GcControl
from workbench.ui.services.history_backend import HistoryBackend
from workbench.ui.services.question_queue import QuestionQueue
from workbench.ui.services.run_history import RunHistory
from workbench.ui.services.run_session import RunSession
from workbench.ui.services.spread_choice import SpreadChoice
from workbench.ui.services.tab_context import TabContext
from workbench.ui.services.worker import Runner
from workbench.ui.services.x_choice import XChoice
from workbench.ui.shell.appearance import Appearance, chosen_look
from workbench.ui.shell.commands import Commands
from workbench.ui.shell.continuations import Continuations
from workbench.ui.shell.controller import Controller
from workbench.ui.shell.data_import import DataImport
from workbench.ui.shell.exports import Exports
from workbench.ui.shell.inspect_controller import InspectController
from workbench.ui.shell.main_window import MainWindow
from workbench.ui.shell.preset_files import PresetFiles
from workbench.ui.shell.preset_menus import PresetMenus, recent_files
from workbench.ui.shell.runs_controller import RunsController
from workbench.ui.shell.shutdown import Shutdown
from workbench.ui.shell.startup import Startup
from workbench.ui.shell.studies.sweep_controller import SweepController
from workbench.ui.shell.tab_area import TabArea
from workbench.ui.shell.tour.tour import Tour
from workbench.ui.words.texts import in_language


@dataclass(frozen=True, slots=True)
class WindowState:
    """What a window hands over to the one that takes its place, and the tab that was in front."""

    presenter: Presenter
    session: RunSession
    log: tuple[Line, ...]
    tab: str


def _choices(settings: QSettings, parent: QObject) -> tuple[SpreadChoice, XChoice]:
    """What was chosen once for the whole window."""
    return SpreadChoice(settings, parent), XChoice(settings, parent)


class App(QObject):
    """Makes the window and its helpers, each of which connects itself to what it works on."""

    #: The window is to be made anew: it was made in another language.
    anew_wanted = Signal()

    def __init__(
        self,
        application: QApplication,
        runner: Runner,
        catalogue: Catalogue | None,
        preset: str | None,
        settings: QSettings,
        history: HistoryBackend,
        carried: WindowState | None = None,
    ) -> None:
        super().__init__()
        gc_control = GcControl(self)
        gc_control.start()  # before there is a widget that another thread could collect
        self._preset, self._carried = preset, carried
        recent = recent_files(settings)[:RECENT]
        self.presenter = carried.presenter if carried else Presenter(catalogue, recent)
        self.presenter.set_catalogue(written := self.presenter.written, in_language(written))
        look = chosen_look(application, settings)
        self.window = window = MainWindow(self.presenter, look, settings)
        self.session = carried.session if carried else RunSession(runner, self.presenter)
        self.session.setParent(self)
        self.questions = QuestionQueue(runner, self)
        self.run_history = RunHistory(history, self.presenter, self)
        self.cost_estimator = CostEstimator(self.presenter, self.questions, self)
        more = (history, self.run_history, self.cost_estimator, *_choices(settings, self))
        context = TabContext(self.presenter, self.session, self.questions, *more)
        self.tab_area = TabArea(window, context)
        self.inspector = InspectController(window, context)
        self.files = PresetFiles(window, self.presenter)
        self.data_import = DataImport(window, self.presenter, self.questions)
        self.controller = Controller(
            window, context, self.tab_area, self.inspector, self.files, self.data_import
        )
        menus = PresetMenus(window, self.presenter, self.files, settings)
        self.commands = Commands(window, self.presenter, self.inspector, self.files, menus)
        self.runs_controller = RunsController(window, context, self.controller, self.tab_area)
        self.continuations = Continuations(
            window, context, self.runs_controller.read, self.controller.run
        )
        self.exports = Exports(window, context)
        self.sweeps = SweepController(window, context, self.tab_area, self.runs_controller)
        self.seeds_controller = SeedsController(*window.seed_parts, settings, context)
        self.findings_controller = FindingsController(
            window.finding_bar, context, self.controller.run, self._measure_transfer
        )
        self.appearance = Appearance(window)
        self.appearance.language_changed.connect(self.anew_wanted)
        self.startup = Startup(
            window,
            context,
            runner,
            self.tab_area,
            self.inspector,
            self.files,
            self.controller,
            menus,
            gc_control,
        )
        self.tour = Tour(window, context, self.tab_area)
        self.shutdown = Shutdown(window, self.session, self.files, runner, self._wait)

    def start(self) -> None:
        """Show the window; what takes time comes after."""
        if self._carried is not None:
            self.window.log.put(self._carried.log)
        elif self._preset is None:
            self.tour.offer_after(self.startup)
        self.startup.start(self._preset, self._carried.tab if self._carried else None)

    def _measure_transfer(self) -> None:
        """Show what learning together does to each task, and make the runs that are missing."""
        tab = self.tab_area["interference"]
        tab.show_wanted.emit()
        button = tab.findChild(QPushButton, "interference.transfer")
        if button is not None:
            button.click()

    def _wait(self, milliseconds: int) -> bool:
        """Wait at shutdown for what is under way; whether it ended."""
        parts = (self.exports, self.findings_controller, self.startup)
        return all(part.wait(milliseconds) for part in parts)

    @property
    def is_ready(self) -> bool:
        """Whether the window is complete."""
        return self.startup.is_ready

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is under way that will come back to this window."""
        return self.startup.is_quiet and self.findings_controller.wait(0)

    def hand_over(self) -> WindowState:
        """Close the window, but go on with what it was about. It must be quiet and ready."""
        carried = WindowState(
            self.presenter, self.session, self.window.log.lines, self.tab_area.front
        )
        self.startup.wait(0)
        self.presenter.listeners.clear()
        self.session.let_go()
        self.window.save_layout()
        self.window.may_close = True
        self.window.close()
        self.window.deleteLater()
        return carried
