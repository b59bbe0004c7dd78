"""Journal: the events of a run that come seldom, one JSON object a line (`events.jsonl`).

Each line has `event` (its name), `after` (steps in the series when it came, so that the order of
everything can be rebuilt) and the event's own fields. Numbers are written so that the same
float32 is read back; JSON has no NaN and no infinity, so they are the texts "nan", "inf", "-inf".
`{"event": "Resumed", "step": s}` says that the run went on from the checkpoint at step s: what
came after that checkpoint no longer counts.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from workbench.spec.event import (
    LAST,
    Began,
    CheckpointSaved,
    Diverged,
    DriftDetected,
    Evaluated,
    Event,
    Failed,
    Finished,
    Floats,
    Intervened,
    Mapped,
    Noticed,
    Plotted,
    Probed,
    Replanned,
    Reported,
    StageBegan,
    StageFacts,
    Structured,
    Table,
    TaskFacts,
)
from workbench.spec.plane import Map, Plane
from workbench.spec.samples import Pictures
from workbench.spec.structure import Edge, Node, Structure
from workbench.store.append import AppendFile
from workbench.store.packed import packed, unpacked

NAME = "events.jsonl"

_KINDS: Mapping[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        Began,
        StageBegan,
        Evaluated,
        Probed,
        Reported,
        DriftDetected,
        Structured,
        Plotted,
        Mapped,
        CheckpointSaved,
        Intervened,
        Replanned,
        Noticed,
        Diverged,
        Failed,
        Finished,
    )
}
_RESUMED = "Resumed"


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
        values = {f.name: _plain(getattr(event, f.name)) for f in fields(event)}
        self._line({"event": type(event).__name__, "after": after, **values})

    def mark_resumed(self, step: int) -> None:
        """Say that the run goes on from the checkpoint at `step`. Raises OSError."""
        self._line({"event": _RESUMED, "step": step})

    def _line(self, data: Mapping[str, Any]) -> None:
        text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        self._file.append(text.encode("utf-8", "replace") + b"\n")

    def sync(self) -> None:
        """Have everything on the disk itself. Raises OSError."""
        self._file.sync()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def read_journal(folder: Path) -> list[tuple[Event, int]]:
    """Every event that counts, with the steps in the series when it came. Raises OSError.

    Lines that are cut short, or that a later version wrote, are passed over.
    """
    kept: list[tuple[Event, int]] = []
    resumed_at: int | None = None
    for data in _lines(folder / NAME):
        if data["event"] == _RESUMED:
            resumed_at = int(data["step"])
            kept = _until_checkpoint(kept, resumed_at)
            continue
        read = _event(data)
        if read is None:
            continue
        event, after = read
        if resumed_at is not None and _is_repeated(event, resumed_at, kept):
            continue
        kept.append((event, after))
    return kept


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    for line in content.split(b"\n"):
        try:
            data = json.loads(line)
        except ValueError:
            continue
        if isinstance(data, dict) and "event" in data:
            yield cast("dict[str, Any]", data)


def _until_checkpoint(kept: list[tuple[Event, int]], step: int) -> list[tuple[Event, int]]:
    """What came up to the checkpoint at `step`, or up to `step` where none was noted."""
    saved = [
        i for i, (e, _) in enumerate(kept) if isinstance(e, CheckpointSaved) and e.step == step
    ]
    if saved:
        return kept[: saved[-1] + 1]
    if step == 0:
        return [(e, after) for e, after in kept if isinstance(e, Began)]
    return [(e, after) for e, after in kept if e.step <= step and not isinstance(e, LAST)]


def _is_repeated(event: Event, resumed_at: int, kept: list[tuple[Event, int]]) -> bool:
    """A resumed run tells again how it began, and which changes were made at that very step."""
    if isinstance(event, Began):
        return any(isinstance(known, Began) for known, _ in kept)
    is_change = isinstance(event, Intervened | Replanned) and event.step == resumed_at
    return is_change and any(event == known for known, _ in kept)


def _event(data: Mapping[str, Any]) -> tuple[Event, int] | None:
    kind = _KINDS.get(data["event"])
    if kind is None:
        return None
    try:
        names = [f.name for f in fields(kind) if f.name in data]
        values = {name: _READ.get(name, _as_is)(data[name]) for name in names}
        if kind is Finished:
            values["matrix"] = values["matrix"].reshape(-1, len(values["baseline"]))
        return kind(**values), int(data["after"])
    except (KeyError, TypeError, ValueError):
        return None


def _plain(value: Any) -> Any:
    """JSON data of a value in an event."""
    if isinstance(value, np.ndarray):
        values = cast("NDArray[Any]", value)
        if values.dtype == np.uint8:
            return packed(values)
        return _plain(values.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in cast("dict[str, Any]", value).items()}
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    return value


def _as_is(value: Any) -> Any:
    return value


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _floats(value: Any) -> Floats:
    return np.asarray(value, dtype=np.float64).astype(np.float32)


def _tasks(value: Any) -> tuple[TaskFacts, ...]:
    known = {f.name for f in fields(TaskFacts)}
    return tuple(TaskFacts(**{k: v for k, v in item.items() if k in known}) for item in value)


def _stages(value: Any) -> tuple[StageFacts, ...]:
    return tuple(StageFacts(item["name"], tuple(item["tasks"]), item["steps"]) for item in value)


def _structure(value: Any) -> Structure:
    nodes = tuple(_node(**item) for item in value["nodes"])
    return Structure(tuple(value["tasks"]), nodes, tuple(Edge(**item) for item in value["edges"]))


def _node(users: list[str], **others: Any) -> Node:
    return Node(users=tuple(users), **others)


def _tables(value: Any) -> tuple[Table, ...]:
    return tuple(
        Table(
            item["name"],
            tuple(item["rows"]),
            tuple(item["columns"]),
            _floats(item["values"]).reshape(len(item["rows"]), len(item["columns"])),
        )
        for item in value
    )


def _pictures(value: Any) -> tuple[Pictures, ...]:
    return tuple(
        Pictures(item["view"], unpacked(item["images"]), tuple(item["answers"])) for item in value
    )


def _planes(value: Any) -> tuple[Plane, ...]:
    return tuple(
        Plane(
            item["task"],
            tuple(item["columns"]),
            tuple(item["names"]),
            tuple(item["x"]),
            tuple(item["y"]),
            _floats(item["points"]).reshape(-1, 2),
            unpacked(item["classes"]),
        )
        for item in value
    )


def _maps(value: Any) -> tuple[Map, ...]:
    return tuple(
        Map(item["task"], unpacked(item["classes"]), unpacked(item["certainties"]))
        for item in value
    )


def _measures(value: Any) -> dict[str, float | None]:
    return {key: _number(number) for key, number in value.items()}


def _scores_by_task(value: Any) -> dict[str, dict[str, float | None]]:
    return {task: _measures(by_metric) for task, by_metric in value.items()}


#: How a field is read, where JSON's own type is not the event's. `scores` has two shapes.
_READ: Mapping[str, Callable[[Any], Any]] = {
    "losses": _floats,
    "matrix": _floats,
    "baseline": _floats,
    "tasks": _tasks,
    "stages": _stages,
    "tables": _tables,
    "pictures": _pictures,
    "structure": _structure,
    "planes": _planes,
    "maps": _maps,
    "layers": tuple,
    "cosines": _floats,
    "norms": _floats,
    "affinity": lambda value: _floats(value).reshape(len(value), len(value)),
    "value": float,
    "seconds": float,
    "train_seconds": float,
    "summary": _measures,
    "scores": lambda value: _scores_by_task(value) if isinstance(value, dict) else _floats(value),
}
