"""Tracking: runs as MLflow keeps them, in a folder of their own that `mlflow ui` opens.

MLflow is imported here alone, and told to send nothing to anyone.
"""

import os
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from workbench.publish.places import without_places
from workbench.publish.record import Record
from workbench.publish.tables import TABLES
from workbench.spec.event import Evaluated
from workbench.spec.preset import text_of

#: MLflow keeps every point as a line of text: of longer curves so many steps are kept.
MOST_STEPS = 2_000
#: What one call may bring, and how long a setting may be.
_BATCH, _LONGEST = 1_000, 6_000

_STATES = {"done": "FINISHED", "diverged": "FAILED", "failed": "FAILED"}

_QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_ALLOW_FILE_STORE": "true",
}


class MissingProgramError(Exception):
    """A form needs a package that is not installed; the message says how to have it."""


def write_mlflow(chosen: Sequence[Record], folder: Path) -> Iterator[str]:
    """A store of these runs; yields a run's name often.

    Raises MissingProgramError and OSError.
    """
    os.environ.update(_QUIET)
    try:
        from mlflow import MlflowClient  # pyright: ignore
    except ImportError:
        message = "the form mlflow needs it: `pip install 'mtl-workbench[mlflow]'`"
        raise MissingProgramError(message) from None
    folder.mkdir(parents=True, exist_ok=True)
    client: Any = MlflowClient(tracking_uri=folder.absolute().as_uri())
    for record in chosen:
        name = record.experiment
        known = client.get_experiment_by_name(name)
        experiment = known.experiment_id if known is not None else client.create_experiment(name)
        yield from _run(client, experiment, record)


def _run(client: Any, experiment: str, record: Record) -> Iterator[str]:
    from mlflow.entities import Metric, Param, RunTag  # pyright: ignore

    began = _milliseconds(record.stored.started)
    tags = {"workbench.run": record.run_id, "workbench.status": record.stored.status}
    run = client.create_run(experiment, start_time=began, tags=tags, run_name=record.run_id)
    run_id = run.info.run_id
    settings = {"seed": str(record.seed)}
    for piece in TABLES["settings"].pieces(record):
        settings |= dict(zip(piece["setting"], piece["value"], strict=True))
    params = [Param(_key(key), value[:_LONGEST]) for key, value in settings.items()]
    for a in range(0, len(params), 100):
        client.log_batch(run_id, params=params[a : a + 100])
    batch: list[Any] = []
    for key, value, step, seconds in _points(record):
        batch.append(Metric(key, value, began + int(1000 * seconds), step))
        if len(batch) == _BATCH:
            client.log_batch(run_id, metrics=batch)
            batch = []
            yield record.run_id
    client.log_batch(run_id, metrics=batch)
    client.log_text(run_id, text_of(record.stored.spec), "preset.yaml")
    if message := record.stored.outcome.message:
        said = without_places(message, record.stored.folder)
        client.log_batch(run_id, tags=[RunTag("workbench.message", said[:_LONGEST])])
    ended = began + int(1000 * (record.stored.outcome.seconds or 0))
    client.set_terminated(run_id, _STATES.get(record.stored.status, "KILLED"), ended)
    yield record.run_id


def _points(record: Record) -> Iterator[tuple[str, float, int, float]]:
    """Name, value, step and seconds since the beginning of every number that is kept."""
    series = record.series
    seconds = np.cumsum(series.seconds, dtype=np.float64)
    every = max(1, -(-len(series.steps) // MOST_STEPS))
    for j, task in enumerate(record.tasks):
        for i in range(0, len(series.steps), every):
            value = float(series.losses[i, j])
            if np.isfinite(value):
                yield _key(f"loss/{task.name}"), value, int(series.steps[i]), float(seconds[i])
    for event in record.events(Evaluated):
        at = int(np.searchsorted(series.steps, event.step).clip(0, max(len(seconds) - 1, 0)))
        when = float(seconds[at]) if len(seconds) else 0.0
        for j, task in enumerate(record.tasks):
            if np.isfinite(event.scores[j]):
                name = _key(f"{event.split} {task.metric}/{task.name}")
                yield name, float(event.scores[j]), event.step, when
    last = record.stored.outcome.step
    for name, value in record.stored.outcome.summary.items():
        if value is not None:
            yield _key(name), value, last, float(seconds[-1]) if len(seconds) else 0.0


def _milliseconds(started: str) -> int:
    try:
        return int(datetime.fromisoformat(started).timestamp() * 1000)
    except ValueError:
        return 0


def _key(name: str) -> str:
    """A name of letters that MLflow takes, which is also a file's and never leads elsewhere."""
    parts = (re.sub(r"[^\w\-. :]", "_", part).strip(". ") for part in name.split("/"))
    return "/".join(part or "_" for part in parts)[:250]
