"""Event data: an event as JSON data and back, without trusting what comes back.

Numbers are written so that the same float32 is read back; JSON has no NaN and no infinity, so they
are the texts "nan", "inf", "-inf".
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from workbench.spec.event import (
    Adapted,
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
    Written,
)
from workbench.spec.shown.plane import Map, Plane
from workbench.spec.shown.samples import Pictures
from workbench.spec.shown.written import AnswerShares, WrittenTexts
from workbench.spec.structure import Edge, Node, Structure
from workbench.store.encoding import adaptation_data
from workbench.store.encoding.byte_arrays import packed, unpacked
from workbench.store.encoding.field_checks import LARGEST, checks_of

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
        Adapted,
        Written,
        CheckpointSaved,
        Intervened,
        Replanned,
        Noticed,
        Diverged,
        Failed,
        Finished,
    )
}


class EventDataError(ValueError):
    """Data that are no event, though they bear the name of one; the message says why."""


def data_of(event: Event, after: int) -> dict[str, Any]:
    """An event that came when `after` steps were in the series, as JSON data."""
    values = {f.name: _plain(getattr(event, f.name)) for f in fields(event)}
    return {"event": type(event).__name__, "after": after, **values}


def event_of(data: Mapping[str, Any]) -> tuple[Event, int] | None:
    """What `data_of` was given; None where it is of a kind that a later version made.

    Raises EventDataError.
    """
    name = data.get("event")
    if not isinstance(name, str):
        raise EventDataError("its kind is not a text")
    kind = _KINDS.get(name)
    if kind is None:
        return None
    try:
        names = [f.name for f in fields(kind) if f.name in data]
        values = {name: _READ.get(name, _as_is)(data[name]) for name in names}
        if kind is Finished:
            values["matrix"] = values["matrix"].reshape(_shape(data["matrix"], values["baseline"]))
        event = kind(**values)
        after = data["after"]
    except KeyError as error:
        raise EventDataError(f"{name} without {error}") from None
    except (TypeError, ValueError, AttributeError, OverflowError, MemoryError, RecursionError):
        raise EventDataError(f"{name} with fields that cannot be read") from None
    wrong = next((f for f, fits in checks_of(kind) if not fits(getattr(event, f))), None)
    if wrong is not None:
        raise EventDataError(f"{name} whose '{wrong}' is of the wrong kind")
    if type(after) is not int or not 0 <= after < LARGEST or event.step < 0:
        raise EventDataError(f"{name} at a step that there cannot be")
    return event, after


def step_of(data: Mapping[str, Any], name: str) -> int:
    """The step under this name. Raises EventDataError."""
    step = data.get(name)
    if type(step) is not int or not 0 <= step < LARGEST:
        raise EventDataError(f"{data.get('event')} without a {name}")
    return step


def _shape(rows: Any, baseline: Floats) -> tuple[int, int]:
    return len(rows), baseline.size


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
    tasks: list[dict[str, Any]] = [{k: v for k, v in t.items() if k in known} for t in value]
    for task in tasks:
        task["chance"] = _number(task["chance"])
        # earlier versions did not tell the range, and knew that of the accuracy alone
        usual = (0, 1) if task["metric"] == "accuracy" else (None, None)
        task["score_range"] = tuple(_number(end) for end in task.get("score_range", usual))
    return tuple(TaskFacts(**task) for task in tasks)


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
            item.get("title", ""),
            item.get("meaning", ""),
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


def _with_tuples(item: Mapping[str, Any]) -> dict[str, Any]:
    """A record whose lists are tuples."""
    return {
        key: tuple(cast("list[Any]", value)) if isinstance(value, list) else value
        for key, value in item.items()
    }


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
    "inner_steps": tuple,
    "references": lambda value: tuple((name, _number(score)) for name, score in value),
    "texts": lambda value: tuple(WrittenTexts(**_with_tuples(item)) for item in value),
    "shares": lambda value: tuple(AnswerShares(**item) for item in value),
    "lines": adaptation_data.lines,
    "classes": adaptation_data.classes,
    "values": adaptation_data.values,
    "adaptation": adaptation_data.facts,
    "layers": tuple,
    "cosines": _floats,
    "norms": _floats,
    "affinity": lambda value: _floats(value).reshape(len(value), len(value)),
    "value": float,
    "seconds": float,
    "train_seconds": float,
    "summary": _measures,
    "copied": _scores_by_task,
    "more": lambda value: {metric: _floats(scores) for metric, scores in value.items()},
    "scores": lambda value: _scores_by_task(value) if isinstance(value, dict) else _floats(value),
}
