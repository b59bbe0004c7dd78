"""RunHistory: the history, read in the background and kept for every panel that looks at it."""

import logging
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from workbench.spec.run_row import RunRow
from workbench.ui.model.presenter import Presenter
from workbench.ui.services.history_backend import HistoryBackend, RunRecord
from workbench.ui.services.worker import Calls

log = logging.getLogger(__name__)

Then = Callable[[RunRow, RunRecord], object]
Otherwise = Callable[[RunRow], object]

#: Runs that are read at the same time.
_AT_ONCE = 2


class RunHistory(QObject):
    """The rows as they were last read, the runs read back, and those chosen to be compared."""

    #: The rows were read again.
    changed = Signal()
    #: Other runs are to be compared.
    chosen_changed = Signal()

    def __init__(
        self, history: HistoryBackend, presenter: Presenter, parent: QObject | None
    ) -> None:
        super().__init__(parent)
        self._history = history
        self._presenter = presenter
        self._calls = Calls(self._failed, self)
        self._is_reading = self._is_stale = False
        self._waiting: deque[tuple[RunRow, Then, Otherwise]] = deque()
        self._n_reading = 0
        self.rows: list[RunRow] = []
        self.chosen: list[RunRow] = []

    def refresh(self) -> None:
        """Read the rows again; while they are being read, once more after."""
        if self._is_reading:
            self._is_stale = True
            return
        self._is_reading = True
        self._calls.make(self._history.rows, self._take_rows)

    def _take_rows(self, rows: Sequence[RunRow]) -> None:
        self._is_reading = False
        self.rows = list(rows)
        self.changed.emit()
        if self._is_stale:
            self._is_stale = False
            self.refresh()

    def choose(self, rows: Sequence[RunRow]) -> None:
        """Have these runs compared."""
        self.chosen = list(rows)
        self.chosen_changed.emit()

    def read(self, row: RunRow, then: Then, otherwise: Otherwise | None = None) -> None:
        """Read a run back, then have it; `otherwise` where it cannot be read, which is told.

        Of many that are asked for, few are read at a time.
        """
        self._waiting.append((row, then, otherwise or (lambda _: None)))
        self._read_next()

    def _read_next(self) -> None:
        while self._waiting and self._n_reading < _AT_ONCE:
            row, then, otherwise = self._waiting.popleft()
            self._n_reading += 1
            self._calls.make(
                partial(self._read_one, row), partial(self._take, row, then, otherwise)
            )

    def _read_one(self, row: RunRow) -> RunRecord | Exception:
        """In a thread of its own."""
        try:
            return self._history.read(Path(row.path))
        except OSError as error:  # damaged, or taken away by another program
            return error
        except Exception as error:
            log.exception("A run could not be read")
            return error

    def _take(self, row: RunRow, then: Then, otherwise: Otherwise, result: object) -> None:
        self._n_reading -= 1
        self._read_next()
        if isinstance(result, RunRecord):
            then(row, result)
        else:
            self._presenter.notice("runs", str(result) or type(result).__name__)
            otherwise(row)

    def label(self, row: RunRow, *, starred: bool | None = None, tag: str | None = None) -> None:
        """Star or tag a run."""

        def write() -> None:
            if starred is not None:
                self._history.set_star(row.run_id, starred)
            if tag is not None:
                self._history.set_tag(row.run_id, tag)

        self._calls.make(write, lambda _: self.refresh())

    def can_resume(self, row: RunRow) -> bool:
        """Whether there is a checkpoint to go on from."""
        return self._history.can_resume(Path(row.path))

    def _failed(self, message: str) -> None:
        self._is_reading = False
        self._presenter.notice("runs", message)

    def wait(self, milliseconds: int) -> bool:
        """Wait at shutdown for what is being read; whether nothing is left to be."""
        return self._calls.wait(milliseconds) and not self._waiting
