"""IdleQueue: long work in pieces, one a turn of the event loop, so that the window stays quick."""

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class IdleQueue(QObject):
    """Does what it is given in order; what the user does comes in between."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._acts: deque[Callable[[], object]] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(1)  # at 0 it would come before what else is due
        self._timer.timeout.connect(self._next)

    @property
    def are_over(self) -> bool:
        """Whether nothing is left to do."""
        return not self._acts

    def do(self, *acts: Callable[[], object]) -> None:
        """Do each of `acts` in a turn of its own, after those that wait already."""
        self._acts.extend(acts)
        self._timer.start()

    def stop(self) -> None:
        """Do nothing more."""
        self._timer.stop()
        self._acts.clear()

    def _next(self) -> None:
        try:
            self._acts[0]()
        finally:
            if self._acts:  # else `stop` was called
                self._acts.popleft()
            if not self._acts:
                self._timer.stop()
