"""RunHistory: the history, read in the background and kept for every panel that looks at it."""

import logging
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from workbench.spec.experiments.flat_settings import Value
from workbench.spec.run_row import RunRow
from workbench.ui.model.presenter import Presenter
from workbench.ui.services.history_backend import DeletedRun, HistoryBackend, RunRecord
from workbench.ui.services.run_overlay import RunOverlay
from workbench.ui.services.worker import Calls
from workbench.ui.words.language import translator

log = logging.getLogger(__name__)

tr = translator("RunHistory")

Then = Callable[[RunRow, RunRecord], object]
Otherwise = Callable[[RunRow], object]
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

#: Runs that are read at the same time.
_AT_ONCE = 2

#: The folders are looked at this often, and more seldom where reading them would take more than a
#: share of the time; but never more seldom than this.
LOOK_MS, _MOST_MS = 2000, 15_000
_SHARE = 0.1

#: A run in one of these states may go on by another program; of so many of them that is seen.
_MAY_GO_ON = ("running", "interrupted", "stopped", "failed")
_MOST_WATCHED = 300


class RunHistory(QObject):
    """The rows as they were last read, the runs read back, and those chosen to be compared.

    `is_fresh` is false while the rows are those of an earlier look. `settings` are the flat
    settings of the runs by path, which come a moment after the rows.
    """

    #: The rows were read again.
    changed = Signal()
    #: The settings of runs were read.
    settings_changed = Signal()
    #: Runs were moved to the trash, or taken from it: what is in it is another.
    deleted = Signal(object)
    trash_changed = Signal()
    #: Other runs are to be compared.
    chosen_changed = Signal()
    #: The curves of this run are to be shown.
    open_wanted = Signal(object)

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
        self._began_reading = 0.0
        self._seen: object = None
        self._looks = QTimer(self)
        self._looks.setSingleShot(True)
        self._looks.timeout.connect(self._look)
        self._is_stopped = False
        #: Runs that this window records: what they tell comes to it by itself.
        self.own: set[str] = set()
        self.is_fresh = False
        self.rows: list[RunRow] = []
        self.settings: dict[str, Mapping[str, Value]] = {}
        self.chosen: list[RunRow] = []
        #: The runs that plots draw over the one on the screen.
        self.overlay = RunOverlay(self.read, self)

    def refresh(self) -> None:
        """Read the rows again; while they are being read, once more after."""
        if self._is_reading:
            self._is_stale = True
            return
        self._is_reading = True
        self._began_reading = time.monotonic()
        if self.rows or self.is_fresh:
            self._calls.make(self._read_rows, self._take_rows)
        else:  # what is known is there at once; whether it still holds takes a look at each run
            self._calls.make(self._history.known_rows, self._take_known)

    def _take_known(self, rows: Sequence[RunRow]) -> None:
        if rows and not self.is_fresh:
            self.rows = list(rows)
            self.changed.emit()
        self._calls.make(self._read_rows, self._take_rows)

    def _read_rows(self) -> tuple[Sequence[RunRow], object]:
        """In a thread of its own. Looked at first: what comes meanwhile is seen the next time."""
        seen = self._history.look(self._watched())
        return self._history.rows(), seen

    def _take_rows(self, result: tuple[Sequence[RunRow], object]) -> None:
        self._is_reading = False
        rows, self._seen = result
        self.rows, self.is_fresh = list(rows), True
        self.changed.emit()
        self._read_settings()
        took_ms = 1000 * (time.monotonic() - self._began_reading)
        self._look_in(min(max(LOOK_MS, int(took_ms / _SHARE)), _MOST_MS))
        if self._is_stale:
            self._is_stale = False
            self.refresh()

    def _look(self) -> None:
        if not self._is_reading:
            watched = self._watched()
            self._calls.make(partial(self._history.look, watched), self._take_look)

    def _watched(self) -> list[str]:
        """The folders of runs that another program may go on with, the newest of them."""
        may = [row for row in self.rows if row.status in _MAY_GO_ON and row.run_id not in self.own]
        return [row.path for row in may[:_MOST_WATCHED]]

    def _look_in(self, milliseconds: int) -> None:
        if not self._is_stopped:
            self._looks.start(milliseconds)

    def _take_look(self, seen: object) -> None:
        if seen != self._seen:
            self.refresh()
        else:
            self._look_in(LOOK_MS)

    def stop(self) -> None:
        """Look at nothing more."""
        self._is_stopped = True
        self._looks.stop()

    def _read_settings(self) -> None:
        """Those of runs that are new, and of none that is gone."""
        new = [row for row in self.rows if row.path not in self.settings]
        paths = {row.path for row in self.rows}
        if gone := self.settings.keys() - paths:
            for path in gone:
                del self.settings[path]
        if new:
            self._calls.make(partial(self._history.settings, new), self._take_settings)

    def _take_settings(self, settings: Mapping[str, Mapping[str, Value]]) -> None:
        self.settings.update(settings)
        self.settings_changed.emit()

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

    def open_path(self, path: str) -> None:
        """Have the run that is kept at `path` shown, where it is in the list."""
        row = next((row for row in self.rows if row.path == path), None)
        if row is not None:
            self.open_wanted.emit(row)

    def pin(self, rows: Sequence[RunRow]) -> None:
        """Have these runs, and no others, be what the rest is held against."""
        chosen = {row.path for row in rows}
        before = {row.path: {"pinned": False} for row in self.rows if row.pinned}
        self.label({**before, **{path: {"pinned": True} for path in chosen}})

    def label(self, by_path: Mapping[str, Mapping[str, str | bool]]) -> None:
        """Change what the user says of runs: `tag`, `starred`, `name`, `note`, `pinned`."""

        def write() -> None:
            for path, changes in by_path.items():
                self._history.label(Path(path), changes)

        # what was asked for is seen at once; what was written, when it is read again
        self.rows = [
            replace(row, **_shown(changes)) if (changes := by_path.get(row.path)) else row
            for row in self.rows
        ]
        self.changed.emit()
        self._calls.make(write, lambda _: self.refresh())

    def delete(self, rows: Sequence[RunRow]) -> None:
        """Move runs to the trash; what cannot be moved is told, and the others are."""
        folders = [Path(row.path) for row in rows]
        self._calls.make(partial(_each, self._history.delete, folders), self._take_deleted)

    def _take_deleted(self, result: tuple[list[DeletedRun], list[str]]) -> None:
        deleted, refused = result
        self._tell(refused)
        self.deleted.emit(deleted)
        self.trash_changed.emit()
        self.refresh()

    def trash(self, then: Callable[[Sequence[DeletedRun]], object]) -> None:
        """Read what is in the trash."""
        self._calls.make(self._history.trash, then)

    def restore(self, chosen: Sequence[DeletedRun]) -> None:
        """Put runs of the trash back where they were."""
        self._calls.make(partial(_each, self._history.restore, chosen), self._take_restored)

    def empty_trash(self, chosen: Sequence[DeletedRun]) -> None:
        """Delete runs of the trash for good."""

        def drop(one: DeletedRun) -> None:
            self._history.empty_trash([one])

        self._calls.make(partial(_each, drop, chosen), self._take_restored)

    def _take_restored(self, result: tuple[list[None], list[str]]) -> None:
        self._tell(result[1])
        self.trash_changed.emit()
        self.refresh()

    def _tell(self, refused: Sequence[str]) -> None:
        if refused:
            more = tr(" (and {} more)").format(len(refused) - 1) if len(refused) > 1 else ""
            self._presenter.notice("runs", refused[0] + more)

    def can_resume(self, row: RunRow) -> bool:
        """Whether there is a checkpoint to go on from."""
        return self._history.can_resume(Path(row.path))

    def _failed(self, message: str) -> None:
        self._is_reading = False
        self._presenter.notice("runs", message)
        self._look_in(5 * LOOK_MS)

    def wait(self, milliseconds: int) -> bool:
        """Wait at shutdown for what is being read; whether nothing is left to be."""
        return self._calls.wait(milliseconds) and not self._waiting


def _shown(changes: Mapping[str, str | bool]) -> dict[str, str | bool]:
    """What of labels a row can show before it is read again: an empty name is its preset's."""
    return {key: value for key, value in changes.items() if value or key != "name"}


def _each(
    work: Callable[[_Item], _Result], items: Sequence[_Item]
) -> tuple[list[_Result], list[str]]:
    """In a thread: what came of each, and what was refused, in words."""
    done: list[_Result] = []
    refused: list[str] = []
    for item in items:
        try:
            done.append(work(item))
        except OSError as error:
            refused.append(str(error))
    return done, refused
