"""RunOverlay: the recorded runs that plots draw over the one on the screen, each in its colour."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from workbench.spec.run_row import RunRow
from workbench.ui.model.run_model import RunModel
from workbench.ui.services.history_backend import RunRecord

#: As many as can be told apart. The first place is the pinned baseline's.
MOST_OVERLAID = 6

Read = Callable[[RunRow, Callable[[RunRow, RunRecord], object], Callable[[RunRow], object]], object]


@dataclass(slots=True)
class Overlaid:
    """A run, or the seeds of an experiment, with the `number` of its colour.

    `models` are those that were read by now.
    """

    key: str
    title: str
    rows: tuple[RunRow, ...]
    number: int
    models: dict[str, RunModel] = field(default_factory=dict[str, RunModel])


class RunOverlay(QObject):
    """Which runs have their eye open; each is read when it is opened."""

    changed = Signal()
    #: One more than can be told apart was to be drawn.
    refused = Signal()

    def __init__(self, read: Read, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._read = read
        self._open: dict[str, Overlaid] = {}

    @property
    def drawn(self) -> list[Overlaid]:
        """What is drawn, the pinned baseline first, then by when it was opened."""
        entries = list(self._open.values())
        return sorted(entries, key=lambda one: not any(row.pinned for row in one.rows))

    def number(self, key: str) -> int | None:
        """The number of a key's colour; None where its eye is closed."""
        entry = self._open.get(key)
        return None if entry is None else entry.number

    def of(self, path: str) -> Overlaid | None:
        """What a run, by its folder, is drawn as; None where its eye is closed."""
        alone = self._open.get(path)
        among = (one for one in self._open.values() if any(row.path == path for row in one.rows))
        return alone or next(among, None)

    def toggle(self, key: str, title: str, rows: Sequence[RunRow]) -> None:
        """Open an eye, or close it."""
        if key in self._open:
            del self._open[key]
            self.changed.emit()
        else:
            self.open(key, title, rows)

    def open(self, key: str, title: str, rows: Sequence[RunRow]) -> None:
        """Draw a run, or the seeds of an experiment, from now on."""
        if key in self._open:
            return
        is_pinned = any(row.pinned for row in rows)
        taken = {entry.number for entry in self._open.values()}
        places = range(0 if is_pinned else 1, MOST_OVERLAID)
        free = [number for number in places if number not in taken]
        if not free:
            self.refused.emit()
            return
        self._open[key] = Overlaid(key, title, tuple(rows), free[0])
        for row in rows:
            self._read(row, lambda row, record: self._take(key, row, record), _ignore)
        self.changed.emit()

    def paint(self, key: str, title: str, rows: Sequence[RunRow], number: int) -> None:
        """Draw it in the colour of this number; what had it takes the one that is free now."""
        self.open(key, title, rows)
        entry = self._open.get(key)
        if entry is None or entry.number == number:
            return
        for other in self._open.values():
            if other.number == number:
                other.number = entry.number
        entry.number = number
        self.changed.emit()

    def close_all(self) -> None:
        """Draw none any more."""
        self._open = {}
        self.changed.emit()

    def update(self, rows: Sequence[RunRow]) -> None:
        """Take over what the history says of the runs by now; those that are gone are closed."""
        known = {row.path: row for row in rows}
        before = len(self._open)
        for key, entry in list(self._open.items()):
            entry.rows = tuple(known[row.path] for row in entry.rows if row.path in known)
            if not entry.rows:
                del self._open[key]
        if len(self._open) != before:
            self.changed.emit()

    def _take(self, key: str, row: RunRow, record: RunRecord) -> None:
        entry = self._open.get(key)
        if entry is not None:
            entry.models[row.path] = RunModel.of(record.events, record.seed, record.spec)
            self.changed.emit()


def _ignore(_: RunRow) -> None:
    """What cannot be read is told by who reads it."""
