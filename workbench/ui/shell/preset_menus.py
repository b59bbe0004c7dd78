"""PresetMenus: where presets are found: the gallery, and the menus of presets and recent files."""

from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, QSettings

from workbench.spec.experiment import CHOICES, Spec
from workbench.spec.files import gallery_sections
from workbench.spec.preset import PresetError, load
from workbench.ui.model.presenter import Presenter
from workbench.ui.panels.gallery.cards import Card
from workbench.ui.panels.gallery.panel import section_title
from workbench.ui.services.idle_queue import IdleQueue
from workbench.ui.shell.main_window import MainWindow
from workbench.ui.shell.preset_files import PresetFiles
from workbench.ui.words.plain_text import set_hint, without_mnemonic
from workbench.ui.words.texts import of_preset


class PresetMenus(QObject):
    """Fills the gallery and the menus; `cards` are the presets that were found."""

    def __init__(
        self, window: MainWindow, presenter: Presenter, files: PresetFiles, settings: QSettings
    ) -> None:
        super().__init__(window)
        self._window = window
        self._presenter = presenter
        self._files = files
        self._settings = settings
        self.cards: list[Card] = []
        presenter.listeners.append(self._hear)

    def fill(self, turns: IdleQueue) -> None:
        """A section a turn: reading a preset takes its time, and there are many."""
        menu = self._window.preset_menu
        menu.addAction(self._window.actions_["gallery"])
        menu.addSeparator()
        turns.do(*(partial(self._fill_section, *section) for section in gallery_sections()))
        turns.do(self._fill_recent)

    def _fill_section(self, name: str, paths: list[Path]) -> None:
        menu = self._window.preset_menu
        if self.cards:  # the first section stands in the menu itself
            menu = menu.addMenu(section_title(name))
        cards: list[Card] = []
        for path in paths:
            try:
                spec = load(path)
            except PresetError as error:
                self._presenter.notice("file", str(error))
                continue
            cards.append(Card(path, spec, name, self._words_of(spec)))
            action = menu.addAction(without_mnemonic(of_preset(spec.name)))
            set_hint(action, of_preset(spec.about))
            action.triggered.connect(lambda _=False, path=path: self._files.open_path(path))
        self._window.gallery.add_section(name, cards)
        self.cards += cards

    def _words_of(self, spec: Spec) -> str:
        """What the methods and tasks of a preset are called, and what is said of them."""
        chosen = [(role, spec.choice(role).kind) for role in CHOICES]
        words: list[str] = []
        for role, key in dict.fromkeys([*chosen, *(("tasks", t.family) for t in spec.tasks)]):
            entry = (self._presenter.catalogue or {}).get((role, key))
            words += [key, *((entry.title, entry.summary, entry.helps) if entry else ())]
        settings = (value for task in spec.tasks for value in task.settings.values())
        return " ".join([*words, *(value for value in settings if isinstance(value, str))])

    def _fill_recent(self) -> None:
        menu = self._window.recent_menu
        menu.clear()
        for path in self._presenter.recent:
            action = menu.addAction(without_mnemonic(str(path)))
            action.triggered.connect(lambda _=False, path=path: self._files.open_path(path))
        menu.setEnabled(bool(self._presenter.recent))
        self._settings.setValue("recent", [str(path) for path in self._presenter.recent])

    def _hear(self, topic: str) -> None:
        if topic == "recent":
            self._fill_recent()


def recent_files(settings: QSettings) -> list[Path]:
    """The files that were opened last and are still there, newest first."""
    recent = cast("str | list[str] | None", settings.value("recent", []))  # one is stored bare
    paths = [Path(p) for p in ([recent] if isinstance(recent, str) else recent or [])]
    return [path for path in paths if path.is_file()]
