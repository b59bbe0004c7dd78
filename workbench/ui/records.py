"""Records: the history, read in the background and kept for every panel that looks at it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from workbench.ui.history import History, Recorded, Row
from workbench.ui.presenter import Presenter
from workbench.ui.worker import Calls


class Records(QObject):
    """The rows as they were last read, the runs read back, and those chosen to be compared."""

    #: The rows were read again.
    changed = Signal()
    #: Other runs are to be compared.
    chosen_changed = Signal()

    def __init__(self, history: History, presenter: Presenter, parent: QObject | None) -> None:
        super().__init__(parent)
        self._history = history
        self._presenter = presenter
        self._calls = Calls(self._failed, self)
        self._is_reading = self._is_stale = False
        self.rows: list[Row] = []
        self.chosen: list[Row] = []

    def refresh(self) -> None:
        """Read the rows again; while they are being read, once more after."""
        if self._is_reading:
            self._is_stale = True
            return
        self._is_reading = True
        self._calls.make(self._history.rows, self._take_rows)

    def _take_rows(self, rows: object) -> None:
        self._is_reading = False
        self.rows = list(rows)  # pyright: ignore[reportArgumentType, reportCallIssue]
        self.changed.emit()
        if self._is_stale:
            self._is_stale = False
            self.refresh()

    def choose(self, rows: Sequence[Row]) -> None:
        """Have these runs compared."""
        self.chosen = list(rows)
        self.chosen_changed.emit()

    def read(self, row: Row, then: Callable[[Row, Recorded], object]) -> None:
        """Read a run back, then have it."""

        def take(result: object) -> None:
            if isinstance(result, Recorded):
                then(row, result)

        self._calls.make(lambda: self._history.read(Path(row.path)), take)

    def label(self, row: Row, *, starred: bool | None = None, tag: str | None = None) -> None:
        """Star or tag a run."""

        def write() -> None:
            if starred is not None:
                self._history.set_star(row.run_id, starred)
            if tag is not None:
                self._history.set_tag(row.run_id, tag)

        self._calls.make(write, lambda _: self.refresh())

    def can_resume(self, row: Row) -> bool:
        """Whether there is a checkpoint to go on from."""
        return self._history.can_resume(Path(row.path))

    def _failed(self, message: str) -> None:
        self._is_reading = False
        self._presenter.notice("runs", message)

    def wait(self, milliseconds: int) -> bool:
        """Wait at shutdown for what is being read."""
        return self._calls.wait(milliseconds)
