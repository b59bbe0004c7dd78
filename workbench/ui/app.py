"""App: the window with everything joined, from start to exit."""

import signal
import sys
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QSettings, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from workbench.spec.entry import ROLES, Catalogue, by_role
from workbench.spec.files import gallery_sections, shipped
from workbench.spec.preset import PresetError, load
from workbench.ui.asker import Asker
from workbench.ui.bring import Bring
from workbench.ui.centre import Centre, find_tabs
from workbench.ui.controller import Controller
from workbench.ui.costing import Costing
from workbench.ui.files import Files
from workbench.ui.garbage import Garbage
from workbench.ui.history import History, StoredHistory
from workbench.ui.language import LANGUAGES, use_language
from workbench.ui.palette import CommandPalette, Item, ShortcutSheet
from workbench.ui.panels.gallery import Card, section_title
from workbench.ui.past_runs import PastRuns
from workbench.ui.presenter import RECENT, Presenter
from workbench.ui.previews import Previews
from workbench.ui.records import Records
from workbench.ui.session import RunSession
from workbench.ui.shutdown import Shutdown
from workbench.ui.tab import Desk, Tab
from workbench.ui.theme import Look, Mode
from workbench.ui.turns import Turns
from workbench.ui.window import MainWindow
from workbench.ui.worker import Calls, Runner

#: Ctrl+C is heard this often: Python sees a signal only while it runs.
_SIGNAL_MS = 200


class App(QObject):
    """Makes the window and its helpers, and holds them together."""

    def __init__(
        self,
        application: QApplication,
        runner: Runner,
        catalogue: Catalogue | None,
        preset: str | None,
        settings: QSettings,
        history: History,
    ) -> None:
        super().__init__()
        self._garbage = Garbage(self)
        self._garbage.start()
        self._runner = runner
        self._preset = preset
        self._settings = settings
        mode: Mode = str(settings.value("theme", "system"))  # pyright: ignore[reportAssignmentType]
        look = Look(application, mode if mode in ("light", "dark") else "system")
        recent = settings.value("recent", [])
        paths = [Path(p) for p in ([recent] if isinstance(recent, str) else recent or [])]  # pyright: ignore
        self.presenter = Presenter(catalogue, [path for path in paths if path.is_file()][:RECENT])
        self.window = MainWindow(self.presenter, look, settings)
        self.session = RunSession(runner, self.presenter, self)
        self.asker = Asker(runner, self)
        self.records = Records(history, self.presenter, self)
        self.costing = Costing(self.presenter, self.asker, self)
        desk = Desk(self.presenter, self.session, self.asker, history, self.records, self.costing)
        self.centre = Centre(self.window, desk)
        self.controller = Controller(self.window, self.presenter, self.session, self.centre)
        self.previews = Previews(self.presenter, self.asker, self.window.inspect)
        self.bring = Bring(self.window, self.presenter, self.asker)
        self.files = Files(self.window, self.presenter)
        self.past = PastRuns(self.window, self.presenter, self.session, self.records)
        self._calls = Calls(self._catalogue_failed, self)
        self._preparations = Calls(self._not_prepared, self)
        self._turns = Turns(self)
        self._cards: list[Card] = []
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
        self.session.ended.connect(self.records.refresh)
        self.presenter.listeners.append(self._hear)
        self.costing.changed.connect(self._show_cost)

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
            "palette": self.open_palette,
            "copy_command": self._copy_command,
            "reset_layout": window.reset_layout,
            "show_runs": lambda: window.show_dock("runs"),
            "show_log": lambda: window.show_dock("log"),
            "show_problems": lambda: window.show_dock("problems"),
            "shortcuts": self._show_shortcuts,
            "about": self._show_about,
        }

    def start(self) -> None:
        """Show the window; what takes time comes after."""
        self.window.painted.connect(self._fill)
        self.window.show()

    def _fill(self) -> None:
        self._fill_presets()
        self._turns.do(self._fill_recent)
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

    def _take_tabs(self, found: object) -> None:
        """Each tab is made in a turn of its own: what draws it takes its time."""
        kinds: list[type[Tab]] = list(found)  # pyright: ignore[reportArgumentType, reportCallIssue]
        self._turns.do(*(partial(self.centre.add, kind) for kind in kinds))
        self._turns.do(self.controller.join_tabs)
        self._turns.do(self.records.refresh, self._warm)

    def _warm(self) -> None:
        """The training process starts when the window is complete, not to slow it down."""
        self.is_ready = True
        self._garbage.keep()
        if self.presenter.catalogue:
            self._preparations.make(self._runner.warm, lambda _: self.costing.start())
        else:
            self._calls.make(self._runner.catalogue, self._take_catalogue)

    def _take_catalogue(self, catalogue: object) -> None:
        self.presenter.set_catalogue(catalogue)  # pyright: ignore[reportArgumentType]
        self.costing.start()
        if self.presenter.path is not None:
            self._explain_setup()

    def _catalogue_failed(self, message: str) -> None:
        text = self.tr("The catalogue of methods cannot be read: {}").format(message)
        self.presenter.notice("catalogue", text)
        self.controller.reporter.say(text)
        self.window.show_dock("problems")

    def _not_prepared(self, message: str) -> None:
        self.presenter.notice("start", self.tr("The start is not complete: {}").format(message))
        self.window.show_dock("problems")

    def _fill_presets(self) -> None:
        """A section a turn: reading a preset takes milliseconds, and there are many."""
        menu = self.window.preset_menu
        menu.addAction(self.window.actions_["gallery"])
        menu.addSeparator()
        for name, paths in gallery_sections():
            self._turns.do(partial(self._fill_section, name, paths))

    def _fill_section(self, name: str, paths: list[Path]) -> None:
        menu = self.window.preset_menu
        if self._cards:  # the first section stands in the menu itself
            menu = menu.addMenu(section_title(name))
        cards: list[Card] = []
        for path in paths:
            try:
                spec = load(path)
            except PresetError as error:
                self.presenter.notice("file", str(error))
                continue
            cards.append(Card(path, spec, name))
            action = menu.addAction(spec.name)
            action.setToolTip(spec.about)
            action.triggered.connect(lambda _=False, path=path: self.files.open_path(path))
        self.window.gallery.add_section(name, cards)
        self._cards += cards

    def _fill_recent(self) -> None:
        menu = self.window.recent_menu
        menu.clear()
        for path in self.presenter.recent:
            action = menu.addAction(str(path))
            action.triggered.connect(lambda _=False, path=path: self.files.open_path(path))
        menu.setEnabled(bool(self.presenter.recent))
        self._settings.setValue("recent", [str(path) for path in self.presenter.recent])

    def _hear(self, topic: str) -> None:
        if topic == "recent":
            self._fill_recent()

    def _show_cost(self) -> None:
        costing, window = self.costing, self.window
        window.setup.set_note("sharing", costing.line, costing.details)
        window.setup.set_note("retention", costing.kept, costing.kept_details)
        structure = costing.cost.structure if costing.cost else None
        window.inspect.set_model(self.presenter.spec.sharing.kind, structure, costing.colours)
        window.inspect.set_kept(self.presenter.spec.retention.kind, costing.kept)

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
        self.controller.reporter.say(note)

    def _compared(self) -> None:
        self.centre.settle()
        self.centre.show("compare")

    def _event_seen(self, event: object) -> None:
        if type(event).__name__ == "Began":
            self.records.refresh()

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
        self.window.centre.setCurrentWidget(self.window.gallery)

    def _set_mode(self, mode: Mode) -> None:
        self._settings.setValue("theme", mode)
        self.window.look.set_mode(mode)

    def _set_language(self, code: str) -> None:
        self._settings.setValue("language", code)
        if code != self.window.language:
            self.window.bar.offer(LANGUAGES[code].at_next_start, [])

    def _copy_command(self) -> None:
        QApplication.clipboard().setText(self.presenter.command)

    def open_palette(self) -> None:
        """Offer every command, method and preset."""
        palette = CommandPalette(self._items(), self.window)
        palette.open_over(self.window)

    def _items(self) -> list[Item]:
        actions = self.window.actions_
        items = [
            Item(_group(name), actions.title(name), action.shortcut().toString(), action.trigger)
            for name, action in actions.by_name.items()
            if action.isEnabled() and name != "palette"
        ]
        if not self.presenter.is_live:
            for card in self._cards:
                items.append(Item(self.tr("Preset"), card.spec.name, "", self._opener(card.path)))
            for role in ROLES[1:-1]:
                for entry in by_role(self.presenter.catalogue, role):
                    if not self.presenter.reason_against(entry):
                        group = self.window.setup.choices[role].combo.accessibleName()
                        items.append(Item(group, entry.title, "", self._chooser(role, entry.key)))
        return items

    def _opener(self, path: Path) -> Callable[[], object]:
        return lambda: self.files.open_path(path)

    def _chooser(self, role: str, key: str) -> Callable[[], object]:
        def choose() -> None:
            self.presenter.choose(role, key)
            self.controller.explain(self.presenter.catalogue.get((role, key)))

        return choose

    def _show_shortcuts(self) -> None:
        ShortcutSheet(self.window.actions_, self.window).open()

    def _show_about(self) -> None:
        text = self.tr(
            "<h3>Workbench {}</h3><p>Multi-task and lifelong learning experiments, "
            "seen while they run.</p><p>MIT licence.</p>"
        )
        box = QMessageBox(self.window)
        box.setWindowTitle(self.tr("About Workbench"))
        box.setText(text.format(version("mtl-workbench")))
        box.open()

    def _wait(self, milliseconds: int) -> bool:
        self._turns.stop()
        self._garbage.stop()
        waiting = (self.records, self.asker, self._calls, self._preparations)
        return all(calls.wait(milliseconds) for calls in waiting)


def _group(name: str) -> str:
    """What an action needs in front of its title, seen outside its menu."""
    if name.startswith("theme_"):
        return QCoreApplication.translate("App", "Theme")
    if name.startswith("language_"):
        return QCoreApplication.translate("App", "Language")
    return QCoreApplication.translate("App", "Show") if name.startswith("show_") else ""


def settings_file() -> QSettings:
    """Layout, theme and recent files, in the data directory."""
    from workbench.store.home import home

    return QSettings(str(home() / "window.ini"), QSettings.Format.IniFormat)


def main(runner: Runner, catalogue: Catalogue | None, preset: str | None) -> int:
    """Show the window and stay until it is closed; gives the exit code."""
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    QCoreApplication.setApplicationName("Workbench")
    application.setWindowIcon(QIcon(str(shipped("resources") / "icons" / "workbench.svg")))
    application.setQuitOnLastWindowClosed(False)
    settings = settings_file()
    use_language(application, str(settings.value("language", "")))
    app = App(application, runner, catalogue, preset, settings, StoredHistory())
    signal.signal(signal.SIGINT, lambda *_: app.shutdown.leave())
    signal.signal(signal.SIGTERM, lambda *_: app.shutdown.leave())
    pulse = QTimer()
    pulse.timeout.connect(lambda: None)
    pulse.start(_SIGNAL_MS)
    application.aboutToQuit.connect(app.shutdown.finish)
    app.start()
    code = application.exec()
    if not app.shutdown.left_cleanly:
        # a thread that never came back would abort the interpreter as it goes down
        import os

        os._exit(code)
    return code
