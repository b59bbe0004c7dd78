"""Index row: a run's line of the history, read from its folder."""

import contextlib
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workbench.spec.experiment import Spec
from workbench.spec.experiments.flat_settings import flat_settings
from workbench.spec.fingerprint import fingerprint
from workbench.spec.measures import MEASURES
from workbench.spec.run_row import RunRow
from workbench.store.errors import NotARunError
from workbench.store.json_file import JsonError, read_object
from workbench.store.outcome import Outcome
from workbench.store.series import PATTERN as SERIES
from workbench.store.stored_run import (
    CHECKPOINT,
    ENVIRONMENT,
    FILES,
    StoredRun,
    check_files,
    outcome_of,
    read,
    read_events,
)

#: Points of the curve of a line.
_POINTS = 32

#: The measures that have a place of their own in a line, and the others.
_OWN = ("acc", "forgetting", "bwt", "learning_accuracy")
_MORE = tuple(name for name in (*MEASURES, "delta_m") if name not in _OWN)

#: The end of a run's name, as it is given: the seed, and when it began.
_NAME_END = re.compile(r"-s(\d{1,15})-(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-[0-9a-f]+$")


def holds_a_run(folder: Path) -> bool:
    """Whether anything of a run is in a folder. Raises OSError."""
    with os.scandir(folder) as entries:
        return any(is_of_a_run(entry.name) or entry.name == CHECKPOINT for entry in entries)


def is_of_a_run(name: str) -> bool:
    """Whether a run has a file of this name."""
    first, last = SERIES.split("*")
    return name in FILES or (name.startswith(first) and name.endswith(last))


def row_at(folder: Path) -> RunRow | None:
    """The line of the run in a folder, whatever state it is in; None where there is none."""
    line = line_at(folder)
    return None if line is None else line[0]


def line_at(folder: Path) -> tuple[RunRow, str] | None:
    """The same, with the run's settings as `settings_text` has them; empty where it has none."""
    try:
        if not holds_a_run(folder):
            return None
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return _damaged(folder, f"it cannot be read: {error.strerror or error}"), ""
    try:
        run = read(folder)
        return row_of(run), settings_text(run.spec)
    except NotARunError as error:
        # It may have been taken away meanwhile.
        return (_damaged(folder, error.reason), "") if folder.is_dir() else None
    except Exception as error:  # noqa: BLE001 - the boundary: no run may hide the others
        return _damaged(folder, f"it cannot be read: {type(error).__name__}: {error}"), ""


def settings_text(spec: Spec) -> str:
    """A spec's flat settings as JSON: alike for runs that differ in name and seed alone."""
    return json.dumps(flat_settings(spec), separators=(",", ":"))


def row_of(run: StoredRun) -> RunRow:
    """The line of a run that was read."""
    is_damaged = bool(run.problem) and run.status != "running"
    return _row(
        run.folder,
        run.outcome,
        name=_text(run.labels.get("name")) or run.spec.name,
        seed=run.seed,
        status="damaged" if is_damaged else run.status,
        started=run.started or _named(run.folder)[2],
        tag=_text(run.labels.get("tag")),
        starred=run.labels.get("starred") is True,
        note=_text(run.labels.get("note")),
        pinned=run.labels.get("pinned") is True,
        fingerprint=fingerprint(run.spec, run.numerics),
        problem=run.problem,
    )


def _row(folder: Path, outcome: Outcome, **more: Any) -> RunRow:
    return RunRow(
        run_id=folder.name,
        seconds=outcome.seconds,
        steps=outcome.step,
        acc=outcome.summary.get("acc"),
        forgetting=outcome.summary.get("forgetting"),
        bwt=outcome.summary.get("bwt"),
        path=str(folder.absolute()),
        scores=outcome.scores,
        learning_accuracy=outcome.summary.get("learning_accuracy"),
        curve=_thinned(outcome.course),
        measures={
            name: value for name in _MORE if (value := outcome.summary.get(name)) is not None
        },
        threads=outcome.began.threads if outcome.began is not None else None,
        **more,
    )


def _damaged(folder: Path, problem: str) -> RunRow:
    """The line of a run without a preset: what its other files and its name still say."""
    outcome = Outcome()
    with contextlib.suppress(Exception):  # what is wrong is said already
        check_files(folder)
        outcome = outcome_of(read_events(folder).events)
    facts: dict[str, Any] = {}
    with contextlib.suppress(OSError, JsonError):
        facts = read_object(folder / ENVIRONMENT)
    name, seed, started = _named(folder)
    return _row(
        folder,
        outcome,
        name=name,
        seed=seed if outcome.began is None else outcome.began.seed,
        status="damaged",
        started=_text(facts.get("started")) or started,
        problem=problem,
    )


def _named(folder: Path) -> tuple[str, int, str]:
    """What the folder's name says of a run: its name, its seed, and when it was begun."""
    match = _NAME_END.search(folder.name)
    if match is None:
        return folder.name, -1, ""
    seed, *time = match.groups()
    began = "{}-{}-{}T{}:{}:{}+00:00".format(*time)
    return folder.name[: match.start()], int(seed), began


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _thinned(course: Sequence[float]) -> tuple[float, ...]:
    """A few points of it, the first and the last among them."""
    if len(course) <= _POINTS:
        return tuple(course)
    last = len(course) - 1
    return tuple(course[round(i * last / (_POINTS - 1))] for i in range(_POINTS))
