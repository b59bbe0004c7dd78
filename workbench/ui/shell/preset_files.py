"""PresetFiles: new, open, save and recent presets, asking before anything is lost."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox

from workbench.spec.files import gallery
from workbench.spec.text import file_stem
from workbench.ui.model.presenter import Presenter
from workbench.ui.shell.main_window import MainWindow
from workbench.ui.widgets.entries import end_entry
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import message_box

tr = translator("Files")


#: Files that are presets; whatever else is dropped on the window is data.
_PRESETS = (".yaml", ".yml")


def is_preset(path: str) -> bool:
    """Whether a file that was dropped is a preset, by its name; else it is data."""
    return Path(path).suffix.lower() in _PRESETS


class PresetFiles(QObject):
    """Stands between the menu and the presenter; asks without blocking."""

    loaded = Signal()

    def __init__(self, window: MainWindow, presenter: Presenter) -> None:
        super().__init__(window)
        self._window = window
        self._presenter = presenter
        actions = window.actions_
        actions["new"].triggered.connect(self.new)
        actions["open"].triggered.connect(self.ask_open)
        actions["save"].triggered.connect(lambda: self.save())
        actions["save_as"].triggered.connect(lambda: self.ask_save())
        window.gallery.chosen.connect(self.open_path)
        window.gallery.open_wanted.connect(self.ask_open)
        window.gallery.blank_wanted.connect(self.new)
        window.dropped.connect(self._dropped)

    def new(self) -> None:
        """Start from an empty setup."""
        self.unless_unsaved(self._new)

    def _new(self) -> None:
        self._presenter.new()
        self.loaded.emit()

    def open_path(self, path: Path | str) -> None:
        """Open a preset."""
        if not self._presenter.is_live:
            self.unless_unsaved(lambda: self.load(path))

    def load(self, path: Path | str) -> bool:
        """Open a preset in place of the setup, whatever that is; whether it could be read."""
        is_read = self._presenter.open(path)
        if is_read:
            self.loaded.emit()
        return is_read

    def _dropped(self, path: str) -> None:
        if is_preset(path):
            self.open_path(path)

    def ask_open(self) -> None:
        """Let the user choose a preset."""
        dialog = self._dialog(tr("Open a preset"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.open_path)
        dialog.open()

    def save(self, then: Callable[[], object] | None = None) -> None:
        """Save to the setup's own file, or ask for one. A shipped preset stays as it is.

        `then` follows only where it was saved.
        """
        end_entry(self._window)
        path = self._presenter.path
        if path is None or path in gallery():
            self.ask_save(then)
        elif self._presenter.save(path) and then is not None:
            then()

    def ask_save(self, then: Callable[[], object] | None = None) -> None:
        """Let the user choose where to save; the dialog asks before a file is replaced."""

        def save_to(path: str) -> None:
            if self._presenter.save(Path(path)) and then is not None:
                then()

        end_entry(self._window)
        dialog = self._dialog(tr("Save the preset"))
        dialog.setObjectName("saveDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("yaml")
        dialog.selectFile(f"{file_stem(self._presenter.spec.name.lower(), 'preset')}.yaml")
        dialog.fileSelected.connect(save_to)
        dialog.open()

    def _dialog(self, title: str) -> QFileDialog:
        path = self._presenter.path
        folder = Path.cwd() if path is None or path in gallery() else path.parent
        dialog = QFileDialog(self._window, title, str(folder))
        dialog.setNameFilter(tr("Presets (*.yaml *.yml)"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    def unless_unsaved(self, act: Callable[[], object]) -> None:
        """Do `act` at once, or after asking where it would throw changes away.

        Saved first, it is done once that is written: not where the disk refuses or no name is
        given.
        """
        end_entry(self._window)
        if not self._presenter.is_dirty:
            act()
            return
        question = tr("“{}” has unsaved changes.").format(self._presenter.spec.name)
        box = message_box(self._window, tr("Unsaved changes"), question)
        box.setObjectName("unsavedBox")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setInformativeText(tr("Discarded, they are lost."))
        save = box.addButton(tr("Save"), QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton(tr("Discard"), QMessageBox.ButtonRole.DestructiveRole)
        cancel = box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(save)
        box.setEscapeButton(cancel)
        save.clicked.connect(lambda: self.save(act))
        discard.clicked.connect(lambda: act())
        box.open()
