"""Audit: what keeps somebody from using a window with a screen reader or the keyboard alone."""

from collections.abc import Iterator

from PySide6.QtCore import QObject, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QAction, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDockWidget,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QRadioButton,
    QScrollBar,
    QTabBar,
    QToolButton,
    QWidget,
)

from workbench.ui.widgets.basics import ElidedLabel

_Role = QAccessible.Role
#: What is worked with, or looked at, must say what it is.
NAMED = {
    _Role.Button,
    _Role.ButtonMenu,
    _Role.ButtonDropDown,
    _Role.CheckBox,
    _Role.RadioButton,
    _Role.ComboBox,
    _Role.EditableText,
    _Role.SpinBox,
    _Role.Slider,
    _Role.PageTab,
    _Role.Table,
    _Role.Tree,
    _Role.List,
    _Role.MenuItem,
    _Role.Graphic,
    _Role.Chart,
    _Role.ProgressBar,
}
#: Kinds of widgets that the keyboard must reach.
FIELDS = (
    QAbstractButton,
    QLineEdit,
    QComboBox,
    QAbstractSpinBox,
    QAbstractSlider,
    QAbstractItemView,
)


def faults(window: QWidget, *, has_room: bool = True) -> list[str]:
    """Everything in a shown window that is not named, not reached, not told apart or cut."""
    found = [*unnamed(window), *not_reached(window), *same_keys(window)]
    return found + list(cut(window)) if has_room else found


def unnamed(window: QWidget) -> Iterator[str]:
    """Controls of the accessibility tree that have no name."""
    root = QAccessible.queryAccessibleInterface(window)
    for part, path in _tree(root, ()):
        if part.role() in NAMED and not part.text(QAccessible.Text.Name).strip():
            yield f"no name: {' > '.join(path[-4:])}"


def _tree(
    part: QAccessibleInterface, path: tuple[str, ...]
) -> Iterator[tuple[QAccessibleInterface, tuple[str, ...]]]:
    """What can be seen of an accessibility tree, but cells and lines of lists."""
    widget = part.object()
    here = (*path, _called(widget) if isinstance(widget, QObject) else part.role().name)
    if part.state().invisible or (part.state().offscreen and not isinstance(widget, QWidget)):
        return
    if isinstance(widget, QScrollBar):
        return
    yield part, here
    if isinstance(widget, (QAbstractItemView, QComboBox, QAbstractSpinBox)):
        return
    for i in range(part.childCount()):
        child = part.child(i)
        if child is not None and child.isValid():
            yield from _tree(child, here)


def not_reached(window: QWidget) -> Iterator[str]:
    """Controls that Tab does not come to."""
    chain, at = {window}, window.nextInFocusChain()
    while at is not None and at not in chain:
        chain.add(at)
        at = at.nextInFocusChain()
    for field in _visible(window):
        if not isinstance(field, FIELDS) or not field.isEnabled() or _is_part_of_another(field):
            continue
        if not field.focusPolicy() & Qt.FocusPolicy.TabFocus or field not in chain:
            yield f"no tab stop: {_path(field)}"


def _is_part_of_another(field: QWidget) -> bool:
    """Whether the keyboard comes to what it belongs to, or it does what a key does."""
    parent = field.parentWidget()
    if isinstance(field, (QScrollBar, QHeaderView)) or isinstance(parent, QTabBar):
        return True
    if isinstance(field, QLineEdit) and isinstance(parent, (QComboBox, QAbstractSpinBox)):
        return True
    if isinstance(parent, (QLineEdit, QAbstractItemView, QComboBox, QAbstractSpinBox)):
        return True  # the cross in a field, the corner of a table
    if field.objectName() in ("qt_toolbar_ext_button", "qt_dockwidget_closebutton"):
        return True
    if field.objectName() == "qt_dockwidget_floatbutton":
        return True
    has_key = isinstance(field, QToolButton) and any(
        not action.shortcut().isEmpty() for action in field.actions()
    )
    return has_key


def same_keys(window: QWidget) -> Iterator[str]:
    """Letters and shortcuts that stand for two things at once."""
    for menu in _menus(window):
        yield from _twice(
            ((action.text(), action) for action in menu.actions() if action.isVisible()),
            f"menu {_called(menu)}",
        )
    marked = (
        (part.text(), part)
        for part in _visible(window)
        if isinstance(part, (QAbstractButton, QLabel))
        and (not isinstance(part, QLabel) or part.buddy() is not None)
        and not isinstance(part, QToolButton)
    )
    yield from _twice(marked, "window")
    keys: dict[str, QAction] = {}
    for action in {*window.findChildren(QAction)}:
        for key in action.shortcuts():
            other = keys.setdefault(key.toString(), action)
            if other is not action and action.isEnabled() and other.isEnabled():
                yield f"same shortcut {key.toString()}: {action.text()} and {other.text()}"


def _menus(window: QWidget) -> list[QWidget]:
    bar = window.menuBar() if hasattr(window, "menuBar") else None
    menus = [menu for menu in window.findChildren(QMenu) if menu.actions()]
    return [*([bar] if bar is not None else []), *menus]


def _twice(texts: Iterator[tuple[str, QObject]], where: str) -> Iterator[str]:
    seen: dict[str, str] = {}
    for text, _ in texts:
        bare = text.replace("&&", "")
        at = bare.find("&")
        letter = bare[at + 1 : at + 2].casefold() if at >= 0 else ""
        if letter and seen.setdefault(letter, text) != text:
            yield f"same letter {letter} in {where}: {seen[letter]} and {text}"


def cut(window: QWidget) -> Iterator[str]:
    """Texts for which there is no room, where they cannot be read in full by pointing either."""
    for part in _visible(window):
        if _is_cut(part):
            yield f"cut: {_path(part)} {part.size().toTuple()}: {_text(part)!r}"


def _text(part: QWidget) -> str:
    if isinstance(part, QComboBox):
        return part.currentText()
    return part.text() if isinstance(part, (QLabel, QAbstractButton, QLineEdit)) else ""


def _is_cut(part: QWidget) -> bool:
    text = _text(part)
    if not text or part.width() < 1:
        return False
    if isinstance(part, ElidedLabel):
        return not part.toolTip() and _advance(part, text) > part.width() + 1
    if isinstance(part, QLabel):
        return _is_label_cut(part, text)
    if isinstance(part, (QCheckBox, QRadioButton, QPushButton)):
        return part.sizeHint().width() > part.width() + 1 or _is_low(part)
    if isinstance(part, QToolButton):
        shows_text = part.toolButtonStyle() != Qt.ToolButtonStyle.ToolButtonIconOnly
        return shows_text and part.sizeHint().width() > part.width() + 1 and not part.toolTip()
    if isinstance(part, QComboBox):
        return part.sizeHint().height() > part.height() + 2
    if isinstance(part, QLineEdit):
        return part.fontMetrics().height() > part.height()
    return False


def _is_low(part: QWidget) -> bool:
    return part.fontMetrics().height() > part.height() + 1


def _is_label_cut(part: QLabel, text: str) -> bool:
    room: QRect = part.contentsRect()
    if part.textFormat() == Qt.TextFormat.RichText:
        return part.heightForWidth(part.width()) > part.height() + 2
    if part.wordWrap():
        needed = part.heightForWidth(part.width())
        return needed > part.height() + 2 or _widest_word(part, text) > room.width() + 1
    return _advance(part, text) > room.width() + 1 and not part.toolTip()


def _advance(part: QWidget, text: str) -> int:
    metrics: QFontMetrics = part.fontMetrics()
    return max((metrics.horizontalAdvance(line) for line in text.split("\n")), default=0)


def _widest_word(part: QWidget, text: str) -> int:
    is_latin = text.isascii()
    return max((_advance(part, word) for word in text.split()), default=0) if is_latin else 0


def _visible(window: QWidget) -> Iterator[QWidget]:
    for part in window.findChildren(QWidget):
        if part.isVisible() and part.window() is window.window() and not _is_behind(part):
            yield part


def _is_behind(part: QWidget) -> bool:
    """Whether it stands in a dock that another one covers; Qt leaves such a one without a place."""
    at: QWidget | None = part
    while at is not None and not isinstance(at, QDockWidget):
        at = at.parentWidget()
    return at is not None and at.visibleRegion().isEmpty()


def _called(part: QObject) -> str:
    name = part.objectName()
    return f"{type(part).__name__}{f'#{name}' if name else ''}"


def _path(part: QWidget) -> str:
    names: list[str] = []
    at: QWidget | None = part
    while at is not None and len(names) < 4:
        names.append(_called(at))
        at = at.parentWidget()
    return " < ".join(names)
