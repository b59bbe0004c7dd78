"""QuickLines: long curves are drawn thin and with plain edges while the view moves.

A wide dashed line with smooth edges takes ten times as long as a thin one, which no eye tells apart
from it while it moves.
"""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QPen

from workbench.ui.plots.line_plot import Plot

#: A view that did not move for so long stands still.
STILL_MS = 150

#: Curves of fewer points are quick as they are.
_MANY_POINTS = 300


class QuickLines(QObject):
    """Makes the lines of a plot plain when its x-axis moves, and fine again when it stands."""

    def __init__(self, plot: Plot, lines: Callable[[], Sequence[Any]]) -> None:
        super().__init__(plot)
        self._lines = lines
        #: By line: the pen that it has meanwhile, and what it had.
        self._fine: dict[Any, tuple[QPen, QPen, bool]] = {}
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(STILL_MS)
        self._still.timeout.connect(self.settle)
        plot.area.vb.sigXRangeChanged.connect(self._move)

    def _move(self, *_: object) -> None:
        self._still.start()
        for line in self._lines():
            if line not in self._fine and _n_points(line) > _MANY_POINTS:
                thin = QPen(line.opts["pen"])
                thin.setWidthF(1.0)
                self._fine[line] = thin, line.opts["pen"], line.opts["antialias"]
                line.opts.update(pen=thin, antialias=False)

    def settle(self) -> None:
        """Draw every line as it was, but for one that was given another pen meanwhile."""
        for line, (thin, pen, is_smooth) in self._fine.items():
            if line.opts["pen"] is thin:
                line.opts.update(pen=pen, antialias=is_smooth)
                line.update()
        self._fine.clear()


def _n_points(line: Any) -> int:
    x, _ = line.getData()
    return 0 if x is None else len(x)
