"""Column cells: names shortened in the middle, choices, and small histograms."""

from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    Qt,
    QTimer,
)
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workbench.spec.text import visible
from workbench.spec.user_files.file_facts import Histogram
from workbench.ui.dialogs.columns.column_model import BARS_ROLE, OFFER_ROLE
from workbench.ui.look.theme import Theme

_Index = QModelIndex | QPersistentModelIndex

#: Room about the bars of a cell, and between them, in pixels.
_MARGIN_X, _MARGIN_Y, _GAP = 8, 4, 1.0
#: The least height of a bar that counts a row at all.
_LEAST_BAR = 1.5


class NameCell(QStyledItemDelegate):
    """A name, shortened in the middle: its beginning and its end tell it from others."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:
        """Shorten in the middle."""
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideMiddle


class ChoiceCell(QStyledItemDelegate):
    """One of a few: a combo box where it is changed, and a sign that it can be."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: _Index
    ) -> QComboBox:
        """What the cell may be made, opened."""
        combo = QComboBox(parent)
        for value, words in index.data(OFFER_ROLE):
            combo.addItem(visible(words), value)
        combo.setAccessibleName(str(index.data(Qt.ItemDataRole.AccessibleTextRole)))
        combo.activated.connect(self._take)
        QTimer.singleShot(0, combo, combo.showPopup)
        return combo

    def _take(self) -> None:
        combo = self.sender()
        if isinstance(combo, QComboBox):
            self.commitData.emit(combo)
            self.closeEditor.emit(combo, QStyledItemDelegate.EndEditHint.NoHint)

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        """Show what is chosen."""
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(editor.findData(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: _Index) -> None:
        """Take what was chosen."""
        if isinstance(editor, QComboBox) and editor.currentIndex() >= 0:
            model.setData(index, editor.currentData())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """The words, and a chevron where they can be changed."""
        super().paint(painter, option, index)
        if not index.flags() & Qt.ItemFlag.ItemIsEditable:
            return
        area: Any = option.rect
        x, y = area.right() - 11, area.center().y()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._theme.muted), 1.3))
        painter.drawPolyline([QPointF(x - 3, y - 1), QPointF(x, y + 2), QPointF(x + 3, y - 1)])
        painter.restore()


class HistogramCell(QStyledItemDelegate):
    """The bars of a column; the last and fainter one counts the rows of all other values."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """The cell as it is, and the bars upon it."""
        super().paint(painter, option, index)
        bars = index.data(BARS_ROLE)
        if not isinstance(bars, Histogram) or not bars.counts:
            return
        area: Any = option.rect
        room = QRectF(area).adjusted(_MARGIN_X, _MARGIN_Y, -_MARGIN_X, -_MARGIN_Y)
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        own, others = QColor(self._theme.accent), QColor(self._theme.control)
        for i, rect in enumerate(bar_rects(bars, room)):
            painter.fillRect(rect, own if i < len(bars.counts) else others)
        painter.restore()


def bar_rects(bars: Histogram, room: QRectF) -> list[QRectF]:
    """Where the bars of a histogram stand in `room`, that of the other values the last."""
    counts = [*bars.counts, *([bars.n_others] if bars.n_others else [])]
    most = max(counts, default=0)
    if most <= 0 or room.width() <= 0:
        return []
    # a bar of few values is no wider than one of twelve would be twice
    step = min(room.width() / len(counts), room.width() / 6)
    made: list[QRectF] = []
    for i, count in enumerate(counts):
        height = max(room.height() * count / most, _LEAST_BAR) if count else 0.0
        left = room.left() + i * step
        made.append(QRectF(left, room.bottom() - height, max(step - _GAP, 1.0), height))
    return made
