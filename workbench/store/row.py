"""Row: one line of the history."""

import contextlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from workbench.spec.fingerprint import fingerprint
from workbench.spec.score import Score
from workbench.store.outcome import Status
from workbench.store.stored import StoredRun

#: Star and tag of a run, in its directory.
LABELS = "labels.json"

#: Points of the curve of a line.
_POINTS = 32


@dataclass(frozen=True, slots=True)
class RunRow:
    """A line of the history. `started` is UTC in ISO 8601; measures are None where unknown.

    `fingerprint` is that of `workbench.spec.fingerprint`; `scores` are one a task. `curve` is the
    mean validation score of all tasks over the run, in a few points.
    """

    run_id: str
    name: str
    seed: int
    status: Status
    started: str
    seconds: float | None
    steps: int
    acc: float | None
    forgetting: float | None
    bwt: float | None
    path: str
    tag: str = ""
    starred: bool = False
    fingerprint: str = ""
    scores: tuple[Score, ...] = ()
    learning_accuracy: float | None = None
    curve: tuple[float, ...] = ()


#: The names of the values of a line.
COLUMNS = tuple(field.name for field in fields(RunRow))


def row_of(run: StoredRun) -> RunRow:
    """The line of a run, with the labels its directory holds."""
    tag, starred = _read_labels(run.folder)
    outcome = run.outcome
    return RunRow(
        run_id=run.run_id,
        name=run.spec.name,
        seed=run.seed,
        status=run.status,
        started=run.started,
        seconds=outcome.seconds,
        steps=outcome.step,
        acc=outcome.summary.get("acc"),
        forgetting=outcome.summary.get("forgetting"),
        bwt=outcome.summary.get("bwt"),
        path=str(run.folder.absolute()),
        tag=tag,
        starred=starred,
        fingerprint=fingerprint(run.spec),
        scores=outcome.scores,
        learning_accuracy=outcome.summary.get("learning_accuracy"),
        curve=_thinned(outcome.course),
    )


def _thinned(course: Sequence[float]) -> tuple[float, ...]:
    """A few points of it, the first and the last among them."""
    if len(course) <= _POINTS:
        return tuple(course)
    last = len(course) - 1
    return tuple(course[round(i * last / (_POINTS - 1))] for i in range(_POINTS))


def values_of(row: RunRow) -> tuple[object, ...]:
    """A line as the index keeps it, in the order of `COLUMNS`."""
    lists = {
        "scores": json.dumps([astuple(score) for score in row.scores]),
        "curve": json.dumps(row.curve),
    }
    return tuple(lists.get(name, getattr(row, name)) for name in COLUMNS)


def row_from(values: tuple[object, ...]) -> RunRow:
    """The line that `values_of` gave."""
    data = dict(zip(COLUMNS, values, strict=True))
    data["starred"] = bool(data["starred"])
    data["scores"] = tuple(Score(*score) for score in json.loads(str(data["scores"])))
    data["curve"] = tuple(json.loads(str(data["curve"])))
    return RunRow(**data)  # pyright: ignore[reportArgumentType]


def _read_labels(folder: Path) -> tuple[str, bool]:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        data = json.loads((folder / LABELS).read_bytes())
        return str(data["tag"]), bool(data["starred"])
    return "", False
