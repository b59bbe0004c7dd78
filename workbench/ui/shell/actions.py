"""Actions: everything the window can be told to do, once, for menus, toolbar and palette."""

from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from workbench.ui.look.icons import icon
from workbench.ui.look.theme import Theme
from workbench.ui.model.presenter import Presenter
from workbench.ui.model.run_state import RunState
from workbench.ui.words.language import LANGUAGES, translator
from workbench.ui.words.mnemonics import plain
from workbench.ui.words.plain_text import set_hint

tr = translator("Actions")


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    text: str
    keys: str = ""
    icon: str = ""
    hint: str = ""


class Actions(QObject):
    """The actions by name, as attributes; `title` is the text without its mnemonic."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.by_name: dict[str, QAction] = {}
        self._keys: dict[str, list[QKeySequence]] = {}
        self._icons: dict[str, str] = {}
        for line in self._lines():
            self._make(line)
        self.themes = QActionGroup(self)
        for name in ("theme_system", "theme_light", "theme_dark"):
            self.by_name[name].setCheckable(True)
            self.themes.addAction(self.by_name[name])
        self.languages = QActionGroup(self)
        for code in LANGUAGES:
            self.by_name[f"language_{code}"].setCheckable(True)
            self.languages.addAction(self.by_name[f"language_{code}"])
        self.set_theme(theme)

    def _make(self, line: _Line) -> QAction:
        action = QAction(line.text, self)
        action.setObjectName(f"{line.name}Action")
        if line.keys:
            self._keys[line.name] = [QKeySequence(keys) for keys in line.keys.split(" | ")]
            action.setShortcuts(self._keys[line.name])
        words = line.hint or plain(line.text).removesuffix("…")
        action.setIconText(plain(line.text))
        first = line.keys.split(" | ")[0]
        set_hint(action, f"{words} ({first})" if first else words)
        if line.icon:
            self._icons[line.name] = line.icon
        self.by_name[line.name] = action
        return action

    def add(self, name: str, text: str, keys: str = "") -> QAction:
        """One more action, of something that is found later than the window is made."""
        return self._make(_Line(name, text, keys))

    def _lines(self) -> list[_Line]:
        return [
            _Line("run", tr("&Run"), "F5 | Ctrl+Return", "run", tr("Run this setup")),
            _Line("pause", tr("&Pause"), "F6", "pause", tr("Wait before the next step")),
            _Line("step", tr("&Step"), "F7", "step", tr("Take one step and wait")),
            _Line("stop", tr("S&top"), "F8", "stop", tr("End the run, with a checkpoint")),
            _Line("new", tr("&New"), "Ctrl+N"),
            _Line("gallery", tr("&Gallery of presets"), "Ctrl+G", "gallery"),
            _Line("open", tr("&Open…"), "Ctrl+O", "open"),
            _Line("data", tr("Bring my &data…"), "Ctrl+D"),
            _Line("save", tr("&Save"), "Ctrl+S", "save"),
            _Line("save_as", tr("Save &as…"), "Ctrl+Shift+S"),
            _Line("export", tr("&Export…"), "Ctrl+E", hint=tr("Tables, a report, an archive")),
            _Line("publish", tr("Pu&blish…"), "Ctrl+P", hint=tr("The tab in front, for a paper")),
            _Line("quit", tr("&Quit"), "Ctrl+Q"),
            _Line("undo", tr("&Undo"), "Ctrl+Z"),
            _Line("redo", tr("&Redo"), "Ctrl+Shift+Z | Ctrl+Y"),
            _Line("palette", tr("&Commands…"), "Ctrl+K", "search", tr("Find any command")),
            _Line("copy_command", tr("Copy the command &line"), "Ctrl+Shift+C", "copy"),
            _Line("theme_system", tr("As the &system")),
            _Line("theme_light", tr("&Light")),
            _Line("theme_dark", tr("&Dark")),
            *(_Line(f"language_{code}", name) for code, name in LANGUAGES.items()),
            _Line("reset_layout", tr("Reset the la&yout")),
            _Line("show_runs", tr("R&uns"), "Ctrl+Shift+1"),
            _Line("find_runs", tr("&Find runs…"), "Ctrl+F", hint=tr("Filter the runs")),
            _Line("show_log", tr("L&og"), "Ctrl+Shift+2"),
            _Line("show_problems", tr("&Problems"), "Ctrl+Shift+3"),
            _Line("guide", tr("&Guide"), "Ctrl+F1", hint=tr("How to use it, page by page")),
            _Line("tour", tr("&Tour of five steps"), hint=tr("Run an experiment, step by step")),
            _Line(
                "glossary",
                tr("G&lossary"),
                hint=tr("Each measure: formula, picture, how to read it"),
            ),
            _Line("news", tr("What's &new"), hint=tr("What changed from version to version")),
            _Line("shortcuts", tr("&Shortcuts"), "F1"),
            _Line("about", tr("&About Workbench")),
        ]

    def __getitem__(self, name: str) -> QAction:
        return self.by_name[name]

    def title(self, name: str) -> str:
        """An action's text without its mnemonic."""
        return plain(self.by_name[name].text())

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in a theme's colours."""
        for name, drawing in self._icons.items():
            colour = theme.on_accent if name == "run" else theme.text
            self.by_name[name].setIcon(icon(drawing, theme, colour))

    def refresh(self, presenter: Presenter) -> None:
        """Open what can be done now, close what cannot."""
        state = presenter.state
        is_idle = state is RunState.IDLE
        self["run"].setEnabled(is_idle or state is RunState.PAUSED)
        self["run"].setText(tr("&Resume") if state is RunState.PAUSED else tr("&Run"))
        self["run"].setIconText(self.title("run"))
        self["pause"].setEnabled(state is RunState.RUNNING)
        self._let_one_key_pause_and_resume(is_paused=state is RunState.PAUSED)
        self["step"].setEnabled(state in (RunState.RUNNING, RunState.PAUSED))
        self["stop"].setEnabled(state in (RunState.STARTING, RunState.RUNNING, RunState.PAUSED))
        for name in ("new", "open", "gallery", "data"):
            self[name].setEnabled(is_idle)
        self["undo"].setEnabled(presenter.can_undo)
        self["redo"].setEnabled(presenter.can_redo)
        self["copy_command"].setEnabled(bool(presenter.command))

    def _let_one_key_pause_and_resume(self, *, is_paused: bool) -> None:
        """The key that paused a run lets it go on, too: it is the other button's meanwhile."""
        run, pause = (self._keys[name] for name in ("run", "pause"))
        self["run"].setShortcuts([*run, *pause] if is_paused else run)
        self["pause"].setShortcuts([] if is_paused else pause)
