"""Appearance: the theme and the language, as the menus choose them."""

from functools import partial
from typing import cast

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QApplication

from workbench.ui.look.theme import CurrentTheme, Mode
from workbench.ui.shell.main_window import MainWindow
from workbench.ui.words.language import LANGUAGES


def chosen_look(application: QApplication, settings: QSettings) -> CurrentTheme:
    """The look that was chosen last; the system's where none was."""
    mode = cast("Mode", str(settings.value("theme", "system")))
    return CurrentTheme(application, mode if mode in ("light", "dark") else "system")


class Appearance(QObject):
    """Changes the theme at once, and asks for a new window where another language is chosen."""

    #: Another language was chosen than the one that the window was made in.
    language_changed = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        modes: tuple[Mode, ...] = ("system", "light", "dark")
        for mode in modes:
            window.actions_[f"theme_{mode}"].triggered.connect(partial(self._set_mode, mode))
        for code in LANGUAGES:
            window.actions_[f"language_{code}"].triggered.connect(partial(self._set_language, code))

    def _set_mode(self, mode: Mode, _: bool = False) -> None:
        self._window.settings.setValue("theme", mode)
        self._window.look.set_mode(mode)

    def _set_language(self, code: str, _: bool = False) -> None:
        self._window.settings.setValue("language", code)
        if code != self._window.language:
            self.language_changed.emit()
