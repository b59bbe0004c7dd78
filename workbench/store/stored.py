"""Stored: a run read back from its directory."""

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.spec import preset
from workbench.spec.event import LAST, Event
from workbench.spec.experiment import Spec
from workbench.store.environment import is_recording
from workbench.store.journal import read_journal
from workbench.store.outcome import Outcome, Status
from workbench.store.problem import NotARunError
from workbench.store.series import read_series

SPEC, ENVIRONMENT, SUMMARY = "spec.yaml", "environment.json", "summary.json"


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run read back: `events` in order, the steps between two others in one block.

    `started` is a time in UTC as ISO 8601 writes it, empty where it is not known.
    """

    folder: Path
    run_id: str
    spec: Spec
    seed: int
    status: Status
    events: list[Event]
    outcome: Outcome
    started: str

    @property
    def summary(self) -> dict[str, Any]:
        """What came of it, as in `summary.json`."""
        head = {"run_id": self.run_id, "name": self.spec.name, "seed": self.seed}
        return {**head, "started": self.started, **self.outcome.as_json()}


def checkpoint(folder: Path) -> Path:
    """Where the run in `folder` has its checkpoints."""
    return folder / "checkpoint"


def read(folder: Path) -> StoredRun:
    """Read a run, whatever became of it. Raises NotARunError."""
    try:
        spec = preset.load(folder / SPEC)
        events = read_events(folder)
    except preset.PresetError as error:
        raise NotARunError(f"{folder} is not a run: {error}") from None
    except OSError as error:
        raise NotARunError(f"{folder} cannot be read: {error}") from None
    outcome = Outcome()
    for event in events:
        outcome.take(event)
    ended = bool(events) and isinstance(events[-1], LAST)
    if not ended and is_recording(folder):
        outcome.status = "running"
    return StoredRun(
        folder=folder,
        run_id=folder.name,
        spec=spec,
        seed=spec.seeds[0],
        status=outcome.status,
        events=events,
        outcome=outcome,
        started=started(folder),
    )


def read_events(folder: Path) -> list[Event]:
    """Every event of a run that counts, in order. Raises OSError."""
    series = read_series(folder)
    events: list[Event] = []
    done = 0
    for event, after in read_journal(folder):
        block = series.block(done, after) if series is not None else None
        if block is not None:
            events.append(block)
        done = max(done, after)
        events.append(event)
    last = events[-1] if events else None
    if series is not None and not isinstance(last, LAST):
        block = series.block(done, int(series.steps[-1]) + 1) if len(series.steps) else None
        if block is not None:
            events.append(block)
    return events


def started(folder: Path) -> str:
    """When the run was begun; empty where that cannot be read."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        return str(json.loads((folder / ENVIRONMENT).read_bytes())["started"])
    return ""
