"""Plain: the one room through which text reaches parts of Qt that would read markup in it.

Qt takes a label or a tooltip for HTML where it looks like it, `&` in a button for a mnemonic, and
`[*]` in a title for the mark of unsaved changes; pyqtgraph's axis titles are always HTML. Names of
tasks, columns, presets and files are none of these. What is HTML on purpose is made of `in_html`
parts in an `html_label`.
"""

from collections.abc import Sequence
from html import escape
from typing import Any, Protocol

from PySide6.QtGui import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QMessageBox, QWidget

from workbench.spec.text import visible, visible_lines


class HasHint(Protocol):
    """A widget, an action or an item."""

    def setToolTip(self, text: str, /) -> None:
        """Qt's."""
        ...


def hint(text: str) -> str:
    """A tooltip that shows `text`, of one line or more, as it is."""
    shown = visible_lines(text)
    if not Qt.mightBeRichText(shown):
        return shown
    return f"<span style='white-space: pre-wrap'>{escape(shown)}</span>"


def set_hint(target: HasHint, text: str) -> None:
    """Give a widget, an action or an item a tooltip."""
    target.setToolTip(hint(text))


def in_html(text: str) -> str:
    """A text as a part of HTML."""
    return escape(visible(text))


def html_label(name: str = "") -> QLabel:
    """A label whose text is HTML: markup of the program's own, and `in_html` parts."""
    result = QLabel()
    result.setObjectName(name)
    result.setTextFormat(Qt.TextFormat.RichText)
    return result


def without_mnemonic(text: str) -> str:
    """A text for a button, a menu or a tab, in which & is itself."""
    return visible(text).replace("&", "&&")


def in_title(text: str) -> str:
    """A text for a window's title, in which [*] is itself."""
    return visible(text).replace("[*]", "[*][*]")


def set_axis_title(axis: Any, text: str, **style: str) -> None:
    """Title an axis of a pyqtgraph plot."""
    axis.setLabel(in_html(text), **style)


def offer(combo: QComboBox, names: Sequence[str]) -> bool:
    """Have a combo box offer names, each with the name itself as its data; whether it is new."""
    if [combo.itemData(i) for i in range(combo.count())] == list(names):
        return False
    combo.clear()
    for name in names:
        combo.addItem(visible(name), name)
    return True


def message_box(parent: QWidget, title: str, text: str) -> QMessageBox:
    """A box that asks or tells something."""
    box = QMessageBox(parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(title)
    box.setText(visible_lines(text))
    return box
