"""Journal: the events of a run that come seldom, one JSON object a line (`events.jsonl`).

Each line has `event` (its name), `after` (steps in the series when it came, so that the order of
everything can be rebuilt) and the event's own fields.
`{"event": "Resumed", "step": s}` says that the run went on from the checkpoint at step s: what
came after that checkpoint no longer counts. `numerics` in it is how that program computed.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbench.spec.event import (
    LAST,
    Adapted,
    Began,
    CheckpointSaved,
    Evaluated,
    Event,
    Failed,
    Finished,
    Intervened,
    Probed,
    Replanned,
    StageBegan,
    Written,
)
from workbench.spec.fingerprint import NUMERICS
from workbench.store.append import AppendFile
from workbench.store.encoding import adaptation_data
from workbench.store.encoding.event_data import EventDataError, data_of, event_of, step_of
from workbench.store.json_file import JsonError, object_of

NAME = "events.jsonl"
_RESUMED = "Resumed"

#: No line that was written is longer; one that is, is damage, and is passed over in pieces.
_MOST_BYTES = 64_000_000


class Journal:
    """Appends events to a run's journal."""

    def __init__(self, folder: Path) -> None:
        """Open the journal, without a last line that was cut short. Raises OSError."""
        path = folder / NAME
        self._file = AppendFile(path)
        data = path.read_bytes()
        self.has_lines = b"\n" in data
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            self._file.cut(whole)

    def append(self, event: Event, after: int) -> None:
        """Add an event that came when `after` steps were in the series. Raises OSError."""
        self._line(data_of(event, after))

    def mark_resumed(self, step: int) -> None:
        """Say that the run goes on from the checkpoint at `step`. Raises OSError."""
        self._line({"event": _RESUMED, "step": step, "numerics": NUMERICS})

    def _line(self, data: Mapping[str, Any]) -> None:
        text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        self._file.append(text.encode("utf-8", "replace") + b"\n")

    def sync(self) -> None:
        """Have everything on the disk itself. Raises OSError."""
        self._file.sync()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


@dataclass(slots=True)
class JournalRead:
    """What a journal says: the events that count, each with the steps in the series when it came.

    `problems` are the lines that are damaged, in words. `numerics` are those of the programs that
    went on with the run; None is one that did not say.
    """

    events: list[tuple[Event, int]] = field(default_factory=list[tuple[Event, int]])
    problems: list[str] = field(default_factory=list[str])
    numerics: set[int | None] = field(default_factory=set[int | None])
    is_there: bool = True


def read_journal(folder: Path) -> JournalRead:
    """Every event that counts. Raises OSError.

    A last line that was cut short, as by a kill, and lines that a later version wrote are passed
    over; any other line that is no event is passed over too, and told among the problems.
    """
    read = JournalRead()
    resumed_at: int | None = None
    try:
        lines = list(_lines(folder / NAME))
    except FileNotFoundError:
        read.is_there = False
        return read
    for number, line, is_whole in lines:
        try:
            data = object_of(line)
        except JsonError as error:
            if is_whole or _is_done(read.events):
                read.problems.append(f"{NAME}, line {number}: {error}")
            continue
        try:
            if data.get("event") == _RESUMED:
                resumed_at = step_of(data, "step")
                read.events = _until_checkpoint(read.events, resumed_at)
                numerics = data.get("numerics")
                read.numerics.add(numerics if type(numerics) is int else None)
                continue
            entry = event_of(data)
            if entry is not None and not _is_repeated(entry[0], resumed_at, read.events):
                _check_fit(entry[0], read.events)
                read.events.append(entry)
        except EventDataError as error:
            read.problems.append(f"{NAME}, line {number}: {error}")
    return read


def _lines(path: Path) -> Iterator[tuple[int, bytes, bool]]:
    """Number, content, and whether it is whole, of each line that is not empty."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(_MOST_BYTES):
            number += 1
            is_whole = line.endswith(b"\n")
            while line and not line.endswith(b"\n") and len(line) == _MOST_BYTES:
                is_whole, line = True, file.readline(_MOST_BYTES)
            if line.strip() or is_whole:
                yield number, line, is_whole


def _is_done(events: list[tuple[Event, int]]) -> bool:
    """Whether the run was done by then: nothing is written after that, so nothing is cut short."""
    last = events[-1][0] if events else None
    return isinstance(last, Finished) and last.status == "done"


def _until_checkpoint(entries: list[tuple[Event, int]], step: int) -> list[tuple[Event, int]]:
    """What came up to the checkpoint at `step`, or up to `step` where none was noted."""
    saved = [
        i for i, (e, _) in enumerate(entries) if isinstance(e, CheckpointSaved) and e.step == step
    ]
    if saved:
        return entries[: saved[-1] + 1]
    if step == 0:
        return [(e, after) for e, after in entries if isinstance(e, Began)]
    return [(e, after) for e, after in entries if e.step <= step and not isinstance(e, LAST)]


def _is_repeated(event: Event, resumed_at: int | None, entries: list[tuple[Event, int]]) -> bool:
    """A resumed run tells again how it began, and which changes were made at that very step."""
    if resumed_at is None:
        return False
    if isinstance(event, Began):
        return any(isinstance(known, Began) for known, _ in entries)
    is_change = isinstance(event, Intervened | Replanned) and event.step == resumed_at
    return is_change and any(event == known for known, _ in entries)


def _check_fit(event: Event, entries: list[tuple[Event, int]]) -> None:
    """Raise EventDataError where an event is not of the run that the first one tells of."""
    began = entries[0][0] if entries else None
    if not isinstance(began, Began):
        if not isinstance(event, Began | Failed):
            raise EventDataError(f"{type(event).__name__} of a run that did not begin")
        return
    n_tasks = len(began.tasks)
    names = {task.name for task in began.tasks}
    fits = True
    match event:
        case Began():
            fits = False
        case Evaluated():
            columns = (event.scores, event.losses, *event.more.values())
            fits = all(each.shape == (n_tasks,) for each in columns) and event.stage >= -1
        case Finished():
            sizes = {n_tasks, 0} if not event.matrix.size else {n_tasks}
            fits = event.baseline.size in sizes and names >= set(event.scores)
        case Written():
            columns = [(t.read, t.right, t.written) for t in event.texts]
            is_known = names >= {each.task for each in (*event.texts, *event.shares)}
            fits = is_known and all(len(set(map(len, each))) == 1 for each in columns)
        case Adapted():
            fits = event.task in names and adaptation_data.is_whole(event)
        case Probed():
            n = len(event.layers)
            fits = event.cosines.shape == (n, n_tasks, n_tasks) and event.norms.shape[1:] == (
                n_tasks,
            )
        case StageBegan():
            fits = event.stage >= 0
        case Replanned():
            fits = 0 <= event.first <= len(event.stages)
        case _:
            pass
    if not fits:
        raise EventDataError(f"{type(event).__name__} that does not fit how the run began")
