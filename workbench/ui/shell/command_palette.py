"""Palette: find any command by typing a few of its letters; and the sheet of shortcuts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workbench.ui.shell.actions import Actions
from workbench.ui.widgets.basics import column, label
from workbench.ui.words.language import translator

tr = translator("Palette")


@dataclass(frozen=True, slots=True)
class Item:
    """Something that can be done: its group, its words, its keys."""

    group: str
    title: str
    keys: str
    act: Callable[[], object]

    @property
    def text(self) -> str:
        """Group and words."""
        return f"{self.group}: {self.title}" if self.group else self.title


def rank(wanted: str, text: str) -> int | None:
    """How well `text` answers `wanted`, less is better; None where it does not."""
    wanted, text = wanted.lower().strip(), text.lower()
    if wanted in text:
        return text.index(wanted)
    at = -1
    for letter in wanted.replace(" ", ""):
        at = text.find(letter, at + 1)
        if at < 0:
            return None
    return 1000 + at


def _order(wanted: str, item: Item) -> tuple[int, int] | None:
    """Where an item belongs: answers by title first, the shorter before the longer."""
    by_title = rank(wanted, item.title)
    position = by_title if by_title is not None else rank(wanted, item.text)
    if position is None:
        return None
    return (position if by_title is not None else 500 + position, len(item.title) if wanted else 0)


class CommandPalette(QDialog):
    """A field and a list; Enter does what is chosen."""

    def __init__(self, items: Sequence[Item], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("commandPalette")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Commands"))
        self._items = list(items)
        frame = QFrame()
        frame.setObjectName("paletteFrame")
        column(self, (0, 0, 0, 0)).addWidget(frame)
        layout = column(frame, (10, 10, 10, 10), 8)
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Type a command, a method or a preset"))
        self.field.setAccessibleName(tr("Command"))
        self.field.textChanged.connect(self._filter)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Commands found"))
        self.list.itemActivated.connect(self._do)
        self.list.itemClicked.connect(self._do)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        self.setFixedSize(520, 380)
        self._filter("")

    def open_over(self, window: QWidget) -> None:
        """Show near the top of `window`."""
        self.move(window.mapToGlobal(QPoint((window.width() - self.width()) // 2, 90)))
        self.show()
        self.field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys in the field move the choice; Enter takes it."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                at = self.list.currentRow() + step
                self.list.setCurrentRow(min(max(at, 0), self.list.count() - 1))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._do(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)

    def _filter(self, wanted: str) -> None:
        self.list.clear()
        ranked = [(_order(wanted, item), i) for i, item in enumerate(self._items)]
        for _, i in sorted((r, i) for r, i in ranked if r is not None):
            item = self._items[i]
            row = QListWidgetItem(item.text)
            row.setData(Qt.ItemDataRole.UserRole, i)
            self.list.addItem(row)
            if item.keys:
                keys = label(item.keys, "hint")
                keys.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                keys.setContentsMargins(0, 0, 8, 0)
                keys.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
                self.list.setItemWidget(row, keys)
        if self.list.count() == 0:
            nothing = tr("Nothing is called that")
            note = QListWidgetItem(nothing)
            note.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(note)
            return
        self.list.setCurrentRow(0)

    def _do(self, row: QListWidgetItem | None) -> None:
        if row is not None and row.flags() & Qt.ItemFlag.ItemIsEnabled:
            item = self._items[row.data(Qt.ItemDataRole.UserRole)]
            self.close()
            item.act()


class ShortcutSheet(QDialog):
    """Every shortcut, beside the window."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Shortcuts"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 22)
        layout.setSpacing(14)
        layout.addWidget(label(self.windowTitle(), "title"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(28)
        grid.setVerticalSpacing(7)
        known = [(name, action) for name, action in actions.by_name.items() if action.shortcuts()]
        half = (len(known) + 1) // 2
        for i, (name, action) in enumerate(known):
            keys = "  ".join(
                keys.toString(QKeySequence.SequenceFormat.NativeText) for keys in action.shortcuts()
            )
            at = 0 if i < half else 2
            grid.addWidget(label(actions.title(name).removesuffix("…")), i % half, at)
            grid.addWidget(label(keys, "muted"), i % half, at + 1)
        layout.addLayout(grid)
