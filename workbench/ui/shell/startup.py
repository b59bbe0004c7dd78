"""Startup: what a window does once it is seen, piece by piece, until it is complete."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from workbench.spec.entry import Catalogue
from workbench.ui.services.gc_control import GcControl
from workbench.ui.services.idle_queue import IdleQueue
from workbench.ui.services.tab_context import TabContext
from workbench.ui.services.worker import Calls, Runner
from workbench.ui.shell.controller import Controller
from workbench.ui.shell.inspect_controller import InspectController
from workbench.ui.shell.main_window import MainWindow
from workbench.ui.shell.preset_files import PresetFiles
from workbench.ui.shell.preset_menus import PresetMenus
from workbench.ui.shell.tab_area import TabArea, find_tabs
from workbench.ui.tab import Tab
from workbench.ui.words.language import translator
from workbench.ui.words.texts import in_language

tr = translator("App")


class Startup(QObject):
    """Fills menus and tabs in turns of the event loop, then starts the training process."""

    #: The window is complete.
    completed = Signal()

    def __init__(
        self,
        window: MainWindow,
        context: TabContext,
        runner: Runner,
        tab_area: TabArea,
        inspector: InspectController,
        files: PresetFiles,
        controller: Controller,
        preset_menus: PresetMenus,
        gc_control: GcControl,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._context = context
        self._runner = runner
        self._tab_area = tab_area
        self._inspector = inspector
        self._files = files
        self._controller = controller
        self._preset_menus = preset_menus
        self._preset: str | None = None
        self._front: str | None = None
        self._gc_control = gc_control
        self._calls = Calls(self._catalogue_failed, self)
        self._preparations = Calls(self._not_prepared, self)
        self._idle_queue = IdleQueue(self)
        self.is_ready = False

    def start(self, preset: str | None, front: str | None) -> None:
        """Show the window; what takes time comes after.

        A `preset` is opened; a window that takes another's place brings the tab that was in
        `front` of it there again (empty: the gallery was), and says so by giving a name at all.
        """
        self._preset, self._front = preset, front
        self._window.painted.connect(self._fill)
        self._window.show()

    def _fill(self) -> None:
        turns = self._idle_queue
        self._preset_menus.fill(turns)
        turns.do(self._check, self._controller.settle)
        if self._preset is not None:
            turns.do(partial(self._open, self._preset))
        turns.do(lambda: self._preparations.make(find_tabs, self._take_tabs))

    def _check(self) -> None:
        """The first check imports what the later ones use: a piece of its own."""
        _ = self._context.presenter.problems

    def _open(self, preset: str) -> None:
        if not self._files.load(preset):
            self._window.show_dock("problems")

    def _take_tabs(self, kinds: list[type[Tab]]) -> None:
        """Each tab is made in a turn of its own: what draws it takes its time."""
        turns = self._idle_queue
        turns.do(*(partial(self._tab_area.add, kind) for kind in kinds))
        turns.do(self._controller.join_tabs)
        if self._front is not None:
            turns.do(partial(self._bring_back, self._front))
        turns.do(self._context.run_history.refresh, self._warm)

    def _bring_back(self, tab: str) -> None:
        """Go on where the window before was."""
        self._controller.settle()
        if tab:
            self._tab_area.show(tab)
            self._inspector.explain_setup()

    def _warm(self) -> None:
        """The training process starts when the window is complete, not to slow it down."""
        self.is_ready = True
        self.completed.emit()
        self._gc_control.keep()
        if self._context.presenter.catalogue:
            estimator = self._context.cost_estimator
            self._preparations.make(self._runner.warm, lambda _: estimator.start())
            self._controller.be_ready()
        else:
            self._calls.make(self._runner.catalogue, self._take_catalogue)

    def _take_catalogue(self, catalogue: Catalogue) -> None:
        presenter = self._context.presenter
        presenter.set_catalogue(catalogue, in_language(catalogue))
        self._context.cost_estimator.start()
        if presenter.path is not None:
            self._inspector.explain_setup()
        self._controller.be_ready()

    def _catalogue_failed(self, message: str) -> None:
        text = tr("The catalogue of methods cannot be read: {}").format(message)
        self._context.presenter.notice("catalogue", text)
        self._controller.event_log.say(text)
        self._window.show_dock("problems")

    def _not_prepared(self, message: str) -> None:
        text = tr("The start is not complete: {}").format(message)
        self._context.presenter.notice("start", text)
        self._window.show_dock("problems")

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is under way that will come back to the window."""
        return self._idle_queue.are_over and self._have_ended(0)

    def wait(self, milliseconds: int) -> bool:
        """Begin nothing more, and wait at shutdown for what is under way; whether it ended."""
        self._idle_queue.stop()
        self._gc_control.stop()
        self._context.run_history.stop()
        return self._have_ended(milliseconds)

    def _have_ended(self, milliseconds: int) -> bool:
        context = self._context
        calls = (context.run_history, context.questions, self._calls, self._preparations)
        return all(each.wait(milliseconds) for each in calls)
