"""ZoomBox: the data area of a plot; dragging with Shift zooms into a box."""

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal


class ZoomBox(pg.ViewBox):
    """Drag and wheel move along x; what is dragged around with Shift fills the view."""

    boxed = Signal()

    def mouseDragEvent(self, ev: Any, axis: int | None = None) -> None:
        """Draw the box while it is dragged, and show it when it is let go."""
        is_box = (
            axis is None
            and ev.button() == Qt.MouseButton.LeftButton
            and ev.modifiers() & Qt.KeyboardModifier.ShiftModifier
        )
        if not is_box:
            super().mouseDragEvent(ev, axis=axis)
            return
        ev.accept()
        begin, end = ev.buttonDownPos(ev.button()), ev.pos()
        if ev.isFinish():
            self.rbScaleBox.hide()
            self.zoom(self.childGroup.mapRectFromParent(QRectF(QPointF(begin), QPointF(end))))
        else:
            self.updateScaleBox(begin, end)

    def zoom(self, area: QRectF) -> None:
        """Have just this area in view, in the data's coordinates."""
        area = area.normalized()
        if area.width() > 0 and area.height() > 0:
            self.boxed.emit()
            self.setRange(rect=area, padding=0)
