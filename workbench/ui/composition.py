"""App: one window with everything joined, from its start until it closes or hands over."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import cast

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QApplication, QMessageBox

from workbench.spec.entry import Catalogue
from workbench.ui.look.theme import Look, Mode
from workbench.ui.model.presenter import RECENT, Presenter
from workbench.ui.panels.inspect.previews import Previews
from workbench.ui.panels.log import Line
from workbench.ui.services.cost_estimator import CostEstimator
from workbench.ui.services.gc_control import GcControl
from workbench.ui.services.history_backend import HistoryBackend
from workbench.ui.services.idle_queue import IdleQueue
from workbench.ui.services.question_queue import QuestionQueue
from workbench.ui.services.run_history import RunHistory
from workbench.ui.services.run_session import RunSession
from workbench.ui.services.tab_context import TabContext
from workbench.ui.services.worker import Calls, Runner
from workbench.ui.shell.commands import Commands
from workbench.ui.shell.controller import Controller
from workbench.ui.shell.data_import import DataImport
from workbench.ui.shell.main_window import MainWindow
from workbench.ui.shell.preset_files import Files
from workbench.ui.shell.preset_menus import PresetMenus, recent_files
from workbench.ui.shell.runs_controller import RunsController
from workbench.ui.shell.shutdown import Shutdown
from workbench.ui.shell.tab_area import TabArea, find_tabs
from workbench.ui.tab import Tab
from workbench.ui.words.language import LANGUAGES, translator

tr = translator("App")


@dataclass(frozen=True, slots=True)
class Carried:
    """What a window hands over to the one that takes its place, and the tab that was in front."""

    presenter: Presenter
    session: RunSession
    log: tuple[Line, ...]
    tab: str


class App(QObject):
    """Makes the window and its helpers, and holds them together."""

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
        carried: Carried | None = None,
    ) -> None:
        super().__init__()
        self._garbage = GcControl(self)
        self._garbage.start()
        self._runner = runner
        self._preset = preset
        self._carried = carried
        self._settings = settings
        mode = cast("Mode", str(settings.value("theme", "system")))
        look = Look(application, mode if mode in ("light", "dark") else "system")
        self.presenter = (
            carried.presenter if carried else Presenter(catalogue, recent_files(settings)[:RECENT])
        )
        self.window = MainWindow(self.presenter, look, settings)
        self.session = carried.session if carried else RunSession(runner, self.presenter)
        self.session.setParent(self)
        self.questions = QuestionQueue(runner, self)
        self.run_history = RunHistory(history, self.presenter, self)
        self.cost_estimator = CostEstimator(self.presenter, self.questions, self)
        context = TabContext(
            self.presenter,
            self.session,
            self.questions,
            history,
            self.run_history,
            self.cost_estimator,
        )
        self.tab_area = TabArea(self.window, context)
        self.controller = Controller(self.window, self.presenter, self.session, self.tab_area)
        self.previews = Previews(self.presenter, self.questions, self.window.inspect)
        self.bring = DataImport(self.window, self.presenter, self.questions)
        self.files = Files(self.window, self.presenter)
        self._shelf = PresetMenus(self.window, self.presenter, self.files, settings)
        self.commands = Commands(
            self.window, self.presenter, self.controller, self.files, self._shelf
        )
        self.past = RunsController(self.window, self.presenter, self.session, self.run_history)
        self._calls = Calls(self._catalogue_failed, self)
        self._preparations = Calls(self._not_prepared, self)
        self._turns = IdleQueue(self)
        self.is_ready = False
        self.shutdown = Shutdown(self.window, self.session, self.files, runner, self._wait)
        self._connect()

    def _connect(self) -> None:
        window, actions = self.window, self.window.actions_
        for name, act in self._intents().items():
            actions[name].triggered.connect(act)
        for code in LANGUAGES:
            actions[f"language_{code}"].triggered.connect(partial(self._set_language, code))
        actions["theme_system"].triggered.connect(lambda: self._set_mode("system"))
        actions["theme_light"].triggered.connect(lambda: self._set_mode("light"))
        actions["theme_dark"].triggered.connect(lambda: self._set_mode("dark"))
        window.setup.tasks.looked.connect(self.previews.look)
        window.setup.tasks.hovered.connect(self.previews.hover)
        window.setup.tasks.data_wanted.connect(self.bring.open)
        window.gallery.data_wanted.connect(self.bring.open)
        self.bring.brought.connect(self._brought)
        window.dropped.connect(self._dropped)
        window.gallery.chosen.connect(self.files.open_path)
        window.gallery.open_wanted.connect(self.files.ask_open)
        window.gallery.blank_wanted.connect(self.files.new)
        self.files.loaded.connect(self._loaded)
        self.past.shown.connect(self._shown)
        self.past.compared.connect(self._compared)
        self.session.event_seen.connect(self._event_seen)
        self.session.ended.connect(self.run_history.refresh)
        self.cost_estimator.changed.connect(self._show_cost)

    def _intents(self) -> dict[str, Callable[[], object]]:
        window, files = self.window, self.files
        return {
            "new": files.new,
            "open": files.ask_open,
            "data": self.bring.open,
            "save": files.save,
            "save_as": files.ask_save,
            "quit": self.shutdown.ask,
            "gallery": self._show_gallery,
            "palette": self.commands.open_palette,
            "copy_command": self._copy_command,
            "reset_layout": window.reset_layout,
            "show_runs": lambda: window.show_dock("runs"),
            "show_log": lambda: window.show_dock("log"),
            "show_problems": lambda: window.show_dock("problems"),
            "guide": self.commands.open_guide,
            "shortcuts": self.commands.open_shortcuts,
            "about": self._show_about,
        }

    def start(self) -> None:
        """Show the window; what takes time comes after."""
        self.window.painted.connect(self._fill)
        self.window.show()

    def _fill(self) -> None:
        self._shelf.fill(self._turns)
        self._turns.do(self._check, self.controller.settle)
        if self._preset is not None:
            self._turns.do(self._open_preset)
        self._turns.do(lambda: self._preparations.make(find_tabs, self._take_tabs))

    def _check(self) -> None:
        """The first check imports what the later ones use: a piece of its own."""
        _ = self.presenter.problems

    def _open_preset(self) -> None:
        if self._preset is not None and self.presenter.open(self._preset):
            self._loaded()
        else:
            self.window.show_dock("problems")

    def _take_tabs(self, kinds: list[type[Tab]]) -> None:
        """Each tab is made in a turn of its own: what draws it takes its time."""
        self._turns.do(*(partial(self.tab_area.add, kind) for kind in kinds))
        self._turns.do(self.controller.join_tabs)
        if self._carried is not None:
            self._turns.do(partial(self._take_over, self._carried))
        self._turns.do(self.run_history.refresh, self._warm)

    def _warm(self) -> None:
        """The training process starts when the window is complete, not to slow it down."""
        self.is_ready = True
        self._garbage.keep()
        if self.presenter.catalogue:
            self._preparations.make(self._runner.warm, lambda _: self.cost_estimator.start())
        else:
            self._calls.make(self._runner.catalogue, self._take_catalogue)

    def _take_over(self, carried: Carried) -> None:
        """Go on where the window before was."""
        self.window.log.put(carried.log)
        self.controller.settle()
        if carried.tab:
            self.tab_area.show(carried.tab)
            self._explain_setup()

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is under way that will come back to this window."""
        waiting = (self.run_history, self.questions, self._calls, self._preparations)
        return self._turns.are_over and all(calls.wait(0) for calls in waiting)

    def hand_over(self) -> Carried:
        """Close the window, but go on with what it was about. It must be quiet and ready."""
        carried = Carried(self.presenter, self.session, self.window.log.lines, self.tab_area.front)
        self._wait(0)
        self.presenter.listeners.clear()
        self.session.let_go()
        self.window.save_layout()
        self.window.may_close = True
        self.window.close()
        self.window.deleteLater()
        return carried

    def _take_catalogue(self, catalogue: Catalogue) -> None:
        self.presenter.set_catalogue(catalogue)
        self.cost_estimator.start()
        if self.presenter.path is not None:
            self._explain_setup()

    def _catalogue_failed(self, message: str) -> None:
        text = tr("The catalogue of methods cannot be read: {}").format(message)
        self.presenter.notice("catalogue", text)
        self.controller.event_log.say(text)
        self.window.show_dock("problems")

    def _not_prepared(self, message: str) -> None:
        self.presenter.notice("start", tr("The start is not complete: {}").format(message))
        self.window.show_dock("problems")

    def _show_cost(self) -> None:
        cost_estimator, window = self.cost_estimator, self.window
        window.setup.set_note("sharing", cost_estimator.line, cost_estimator.details)
        window.setup.set_note("retention", cost_estimator.kept, cost_estimator.kept_details)
        structure = cost_estimator.cost.structure if cost_estimator.cost else None
        window.inspect.set_model(
            self.presenter.spec.sharing.kind, structure, cost_estimator.colours
        )
        window.inspect.set_kept(self.presenter.spec.retention.kind, cost_estimator.kept)

    def _loaded(self) -> None:
        self.controller.settle()
        self.controller.show_centre()
        self._explain_setup()

    def _explain_setup(self) -> None:
        """Show in Inspect what makes the setup special: the first choice that is not plain."""
        spec = self.presenter.spec
        plain = {"retention": "none", "balancing": "fixed", "curriculum": "joint"}
        special = [role for role, kind in plain.items() if spec.choice(role).kind != kind]
        role = special[0] if special else "sharing"
        self.controller.explain(self.presenter.catalogue.get((role, spec.choice(role).kind)))

    def _shown(self, note: str) -> None:
        self.controller.show_centre()
        self.controller.event_log.say(note)

    def _compared(self) -> None:
        self.tab_area.settle()
        self.tab_area.show("compare")

    def _event_seen(self, event: object) -> None:
        if type(event).__name__ == "Began":
            self.run_history.refresh()

    def _dropped(self, path: str) -> None:
        if self.bring.is_data(path):
            self.bring.open(path)
        else:
            self.files.open_path(path)

    def _brought(self, family: str) -> None:
        """Data were brought: the setup and a few of them are seen."""
        self.controller.settle()
        self.controller.show_centre()
        self.previews.look(family, None)

    def _show_gallery(self) -> None:
        self.window.tab_area.setCurrentWidget(self.window.gallery)

    def _set_mode(self, mode: Mode) -> None:
        self._settings.setValue("theme", mode)
        self.window.look.set_mode(mode)

    def _set_language(self, code: str) -> None:
        self._settings.setValue("language", code)
        if code != self.window.language:
            self.anew_wanted.emit()

    def _copy_command(self) -> None:
        QApplication.clipboard().setText(self.presenter.command)

    def _show_about(self) -> None:
        text = tr(
            "<h3>Workbench {}</h3><p>Multi-task and lifelong learning experiments, "
            "seen while they run.</p><p>MIT licence.</p>"
        )
        box = QMessageBox(self.window)
        box.setWindowTitle(tr("About Workbench"))
        box.setText(text.format(version("mtl-workbench")))
        box.open()

    def _wait(self, milliseconds: int) -> bool:
        self._turns.stop()
        self._garbage.stop()
        waiting = (self.run_history, self.questions, self._calls, self._preparations)
        return all(calls.wait(milliseconds) for calls in waiting)
