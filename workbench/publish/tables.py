"""Tables: what runs recorded, tidy: a row an observation, a column a variable.

A table comes in pieces, so that a run of a million steps never has to be in memory as text. Every
row says of which run, experiment and seed it is.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.publish.places import without_places
from workbench.publish.record import Record
from workbench.spec.event import Evaluated, Finished, Probed
from workbench.spec.preset import data_of

#: Steps of one piece of the table of steps.
_STEPS = 20_000


@dataclass(frozen=True, slots=True)
class TidyTable:
    """A table: what a row of it is, its columns with their kinds, and its pieces of one run.

    Kinds are "text", "name" (a text of which there are few), "whole", "single" and "number"; a
    piece holds the columns by name, None (or NaN, in an array) where a value does not apply.
    """

    meaning: str
    columns: Mapping[str, str]
    pieces: Callable[[Record], Iterator[dict[str, Any]]]


#: The columns with which every row begins.
_HEAD = {"run": "name", "experiment": "name", "seed": "whole"}


def _rows(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Rows of a small table as its one piece; none where there is no row."""
    listed = list(rows)
    if listed:
        yield dict(zip(columns, map(list, zip(*listed, strict=True)), strict=True))


def _table(
    meaning: str, columns: Mapping[str, str], rows: Callable[[Record], Iterable[Sequence[Any]]]
) -> TidyTable:
    return TidyTable(meaning, columns, lambda record: _rows(tuple(columns), rows(record)))


def _runs(record: Record) -> Iterator[Sequence[Any]]:
    outcome, began = record.stored.outcome, record.began
    yield (
        record.stored.status,
        record.stored.started,
        outcome.step,
        outcome.seconds,
        outcome.steps_per_second,
        began.parameters if began is not None else None,
        began.device if began is not None else None,
        began.threads if began is not None else None,
        without_places(outcome.message, record.stored.folder),
        without_places(record.stored.problem, record.stored.folder),
    )


def _settings(record: Record) -> Iterator[Sequence[Any]]:
    def flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
        if isinstance(value, dict) and value:
            for key, inner in value.items():
                yield from flat(inner, f"{path}.{key}" if path else str(key))
        elif isinstance(value, list) and any(isinstance(each, dict) for each in value):
            for i, inner in enumerate(value):
                yield from flat(inner, f"{path}.{i}")
        else:
            is_text = isinstance(value, str)
            yield path, value if is_text else json.dumps(value, ensure_ascii=False)

    yield from flat(data_of(record.stored.spec), "")


def _steps(record: Record) -> Iterator[dict[str, Any]]:
    series, n_tasks = record.series, len(record.tasks)
    names = np.asarray([task.name for task in record.tasks], dtype=object)
    for a in range(0, len(series.steps) if n_tasks else 0, _STEPS):
        b = min(a + _STEPS, len(series.steps))
        yield {
            "step": np.repeat(series.steps[a:b], n_tasks),
            "task": np.tile(names, b - a),
            "loss": series.losses[a:b].ravel(),
            "weight": series.weights[a:b].ravel(),
            "rate": np.repeat(series.rates[a:b], n_tasks),
        }


def _evaluations(record: Record) -> Iterator[Sequence[Any]]:
    for event in record.events(Evaluated):
        where = (event.step, event.stage, event.ends_stage, event.split)
        for j, task in enumerate(record.tasks):
            yield (*where, task.name, task.metric, float(event.scores[j]), float(event.losses[j]))
            for metric, scores in event.more.items():
                if not np.isnan(scores[j]):
                    yield (*where, task.name, metric, float(scores[j]), None)


def _matrix(record: Record) -> Iterator[Sequence[Any]]:
    names = [stage.name for stage in record.stages]
    named = [(-1, "(before training)", record.baseline)]
    named += [(i, names[i] if i < len(names) else "", row) for i, row in enumerate(record.matrix)]
    for stage, name, row in named:
        for task, score in zip(record.tasks, row, strict=True):
            yield stage, name, task.name, task.metric, float(score)


def _scores(record: Record) -> Iterator[Sequence[Any]]:
    up = {(task.name, task.metric): task.higher_is_better for task in record.tasks}
    for task, scores in record.stored.outcome.tasks.items():
        for metric, value in scores.items():
            yield task, metric, value, up.get((task, metric))


def _measures(record: Record) -> Iterator[Sequence[Any]]:
    yield from record.stored.outcome.summary.items()


def _adaptation(record: Record) -> Iterator[Sequence[Any]]:
    for event in record.events(Finished):
        for task, facts in event.adaptation.items():
            columns = (facts.steps, facts.loss, facts.low, facts.high, facts.not_finite)
            for row in zip(*columns, strict=True):
                yield task, *row, facts.n_tasks


def _shares(record: Record) -> Iterator[Sequence[Any]]:
    for each in record.stored.outcome.shares:
        pair = (each.task, each.source, each.target, each.is_taught, each.n)
        yield (*pair, each.right, each.other_language, each.wrong)


def _cosines(record: Record) -> Iterator[Sequence[Any]]:
    names = [task.name for task in record.tasks]
    for event in record.events(Probed):
        for layer, cosines in zip(event.layers, event.cosines, strict=True):
            for i, first in enumerate(names):
                for j in range(i + 1, len(names)):
                    yield event.step, layer, first, names[j], float(cosines[i, j])


#: Every table, by name.
TABLES: Mapping[str, TidyTable] = {
    "runs": _table(
        "a run",
        {
            "status": "text",
            "started": "text",
            "steps": "whole",
            "seconds": "number",
            "steps_per_second": "number",
            "parameters": "whole",
            "device": "text",
            "threads": "whole",
            "message": "text",
            "problem": "text",
        },
        _runs,
    ),
    "settings": _table(
        "a setting of a run's preset", {"setting": "text", "value": "text"}, _settings
    ),
    "steps": TidyTable(
        "a task at a step: its loss, its weight in the update, and the learning rate",
        {"step": "whole", "task": "name", "loss": "single", "weight": "single", "rate": "single"},
        _steps,
    ),
    "evaluations": _table(
        "a score of a task on a split, when it was evaluated; stage −1 is before training",
        {
            "step": "whole",
            "stage": "whole",
            "ends_stage": "truth",
            "split": "name",
            "task": "name",
            "metric": "name",
            "score": "single",
            "loss": "single",
        },
        _evaluations,
    ),
    "matrix": _table(
        "a test score of a task after a stage; stage −1 is before training",
        {
            "stage": "whole",
            "stage_name": "text",
            "task": "name",
            "metric": "name",
            "score": "number",
        },
        _matrix,
    ),
    "scores": _table(
        "a final test score of a task",
        {"task": "name", "metric": "name", "score": "number", "higher_is_better": "truth"},
        _scores,
    ),
    "measures": _table("a measure of a run", {"measure": "name", "value": "number"}, _measures),
    "adaptation": _table(
        "the loss on held-out small tasks after inner steps, with the ends of its 95 % interval",
        {
            "task": "name",
            "inner_steps": "whole",
            "loss": "number",
            "low": "number",
            "high": "number",
            "not_finite": "whole",
            "n_tasks": "whole",
        },
        _adaptation,
    ),
    "answers": _table(
        "how the answers of a task that writes texts are, as shares of n",
        {
            "task": "name",
            "source": "text",
            "target": "text",
            "is_taught": "truth",
            "n": "whole",
            "right": "number",
            "other_language": "number",
            "wrong": "number",
        },
        _shares,
    ),
    "cosines": _table(
        "how the gradients of two tasks stand to each other in a layer, at a probe",
        {
            "step": "whole",
            "layer": "name",
            "task": "name",
            "other_task": "name",
            "cosine": "single",
        },
        _cosines,
    ),
}


def columns_of(name: str) -> dict[str, str]:
    """The columns of a table with their kinds, those of every table first."""
    return {**_HEAD, **TABLES[name].columns}


def pieces_of(name: str, chosen: Iterable[Record]) -> Iterator[dict[str, Any]]:
    """A table of these runs in pieces, every column a list or an array of one length."""
    for record in chosen:
        for piece in TABLES[name].pieces(record):
            n_rows = len(next(iter(piece.values())))
            head = {"run": record.run_id, "experiment": record.experiment, "seed": record.seed}
            yield {**{key: [value] * n_rows for key, value in head.items()}, **piece}
