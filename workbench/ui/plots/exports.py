"""Exports: what is drawn, saved as SVG, PNG or, in numbers, as CSV."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from workbench.spec.text import file_stem
from workbench.ui.words.language import translator

#: A table for CSV: the head, then the rows.
Table = tuple[Sequence[str], Sequence[Sequence[object]]]

tr = translator("Exports")


def png_bytes(image: Any) -> bytes:
    """An image as PNG."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    buffer.close()
    return bytes(data.data())


def add_exports(menu: QMenu, parent: QWidget, name: str, write: Callable[[Path], None]) -> None:
    """Menu entries that save a plot as SVG, PDF, PNG or CSV, and that publish it.

    A window that has a `figure_of` gives what is saved the look of a figure, and saves PDF; one
    with a `publish` asks how it is to look.
    """
    is_figure = getattr(parent.window(), "figure_of", lambda _: None)(parent) is not None
    for kind, words in (
        ("svg", tr("Save as SVG…")),
        *((("pdf", tr("Save as PDF…")),) if is_figure else ()),
        ("png", tr("Save as PNG…")),
        ("csv", tr("Save the numbers as CSV…")),
    ):
        action = menu.addAction(words)
        action.triggered.connect(lambda _=False, kind=kind: _ask(parent, name, kind, write))
    publish = getattr(parent.window(), "publish", None)
    if publish is not None:
        menu.addSeparator()
        menu.addAction(tr("Publish…"), lambda: publish(parent))


def _ask(parent: QWidget, name: str, kind: str, write: Callable[[Path], None]) -> None:
    dialog = QFileDialog(parent, tr("Save {}").format(name), f"{file_stem(name, 'plot')}.{kind}")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(kind)
    dialog.setNameFilter(f"{kind.upper()} (*.{kind})")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda chosen: _save(parent, Path(chosen), write))
    dialog.open()


def _save(parent: QWidget, path: Path, write: Callable[[Path], None]) -> None:
    window = parent.window()
    as_figure = getattr(window, "figure_of", lambda _: None)(parent)
    try:
        (as_figure or write)(path)
    except OSError as error:
        report = getattr(window, "report", None)
        if report is not None:
            report("file", tr("{} was not saved: {}").format(path, error.strerror or error))
