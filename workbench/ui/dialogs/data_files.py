"""Data files: the dialogs in which the user finds a file or a folder of data."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.spec.question import Columns
from workbench.spec.user_files.reading import Reading
from workbench.spec.user_files.text_facts import TextReading
from workbench.ui.words.language import translator

tr = translator("BringData")

#: Languages after which aligned files are often called; others are found under all files.
_CODES = (
    *("ar", "bg", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi", "hu"),
    *("id", "it", "ja", "ko", "nl", "pl", "pt", "ro", "ru", "sv", "tr", "uk", "vi", "zh"),
)

#: How files of data are called.
_NAMES = (
    *("*.csv", "*.tsv", "*.tab", "*.txt", "*.gz", "*.xlsx", "*.ods", "*.parquet", "*.pq"),
    *("*.feather", "*.arrow", "*.npz", "*.npy", "*ubyte", "*.idx", "*.tmx"),
    *(f"*.{code}" for code in _CODES),
)


def ask_data(parent: QWidget, path: str) -> QFileDialog:
    """A dialog for a file of data, where `path` was; not opened yet."""
    dialog = _dialog(parent, path, tr("Choose your data"))
    dialog.setNameFilters([f"{tr('Data')} ({' '.join(_NAMES)})", f"{tr('All files')} (*)"])
    return dialog


def ask_folder(parent: QWidget, path: str) -> QFileDialog:
    """A dialog for a folder of pictures."""
    dialog = _dialog(parent, path, tr("Choose the folder of your pictures"))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    return dialog


def ask_labels(parent: QWidget, path: str) -> QFileDialog:
    """A dialog for the labels of an IDX file."""
    return _dialog(parent, path, tr("Choose the labels"))


def question_of(
    path: str, settings: Mapping[str, object], *, is_quick: bool, family: str = ""
) -> Columns:
    """What is asked about a file that is read with these settings: of its first rows, or of all.

    `family` is what the file is taken for, where it could be something else too.
    """
    texts = TextReading.of(settings)
    return Columns(path, Reading.of(settings), is_quick=is_quick, texts=texts, family=family)


def _dialog(parent: QWidget, path: str, title: str) -> QFileDialog:
    folder = str(Path(path).parent) if path else str(Path.home())
    dialog = QFileDialog(parent, title, folder)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return dialog
