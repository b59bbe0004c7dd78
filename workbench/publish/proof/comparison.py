"""Comparison: a run as it was recorded, and the same run made again."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.publish.proof.conditions import Condition, changed
from workbench.publish.proof.model import compared_models
from workbench.publish.proof.parts import Part, compared, compared_numbers, compared_things
from workbench.publish.record import Record
from workbench.spec.checks.joined_events import joined
from workbench.spec.event import Began, Evaluated, Event, Finished, Noticed, StepsDone
from workbench.store.json_file import JsonError, read_object
from workbench.store.outcome import Outcome
from workbench.store.stored_run import ENVIRONMENT


@dataclass(frozen=True, slots=True)
class Proof:
    """What comparing a run with the same run made again gave.

    `parts` are what was compared; `conditions` those under which it was made that are others now;
    `left_out` says what could not be compared, and why. `figures` are the measures of both, by
    name. `problem` says what else speaks against it; empty where nothing does.
    """

    parts: list[Part]
    conditions: list[Condition]
    left_out: list[str] = field(default_factory=list[str])
    figures: dict[str, tuple[float | None, float | None]] = field(
        default_factory=dict[str, tuple[float | None, float | None]]
    )
    problem: str = ""

    @property
    def is_equal(self) -> bool:
        """Whether all that was compared is the same, bit for bit."""
        return not self.problem and bool(self.parts) and all(p.is_equal for p in self.parts)

    def as_json(self) -> dict[str, Any]:
        """All of it as JSON data."""
        return {
            "equal": self.is_equal,
            "problem": self.problem,
            "compared": [{**asdict(part), "equal": part.is_equal} for part in self.parts],
            "conditions": [asdict(condition) for condition in self.conditions],
            "figures": {
                name: {"recorded": one, "again": other}
                for name, (one, other) in self.figures.items()
            },
            "left_out": self.left_out,
        }


def compare(recorded: Record, again: Record) -> Proof:
    """Compare a run with the same run made again. Raises OSError.

    A run that did not come to its end is compared as far as it came: what was said at its end
    belongs to the step at which it was cut short.
    """
    is_whole = recorded.stored.status in ("done", "diverged")
    left_out: list[str] = []
    parts = [_data(recorded, again), *_series(recorded, again)]
    parts += _evaluations(recorded, again)
    if is_whole:
        parts += _ends(recorded, again)
        model = compared_models(recorded.stored.folder, again.stored.folder)
        if isinstance(model, Part):
            parts.append(model)
        else:
            left_out.append(f"the model: {model}")
    else:
        left_out.append(
            f"what was said at its end, and the model: it is {recorded.stored.status} at step"
            f" {recorded.stored.outcome.step:,}, and is compared up to there"
        )
    one, other = recorded.stored.outcome, again.stored.outcome
    problem = ""
    if is_whole and one.status != other.status:
        problem = f"it is {one.status} as recorded, and {other.status} made again"
    if recorded.stored.problem:
        problem = f"the record is damaged ({recorded.stored.problem}); what is left was compared"
    figures = {
        name: (value, other.summary.get(name))
        for name, value in one.summary.items()
        if is_whole and value != other.summary.get(name) and name != "delta_m"
    }
    return Proof(
        [part for part in parts if part.n or part.lacking],
        changed(_environment(recorded), _environment(again)),
        left_out,
        figures,
        problem,
    )


def failed(recorded: Record, again: Record | None, reason: str) -> Proof:
    """The proof of a run that could not be made again."""
    conditions = changed(_environment(recorded), _environment(again)) if again is not None else []
    return Proof([], conditions, problem=f"it could not be made again: {reason}")


def _environment(record: Record) -> dict[str, Any]:
    try:
        return read_object(record.stored.folder / ENVIRONMENT)
    except (OSError, JsonError):
        return {}


def _data(recorded: Record, again: Record) -> Part:
    """The tasks' data by their sums, where both have them."""
    sums = [
        {task.name: task.data for task in record.tasks if task.data} for record in (recorded, again)
    ]
    names = [name for name in sums[0] if name in sums[1]]
    other = [name for name in names if sums[0][name] != sums[1][name]]
    return Part("data of the tasks", len(names), len(other), None, ", ".join(other))


def _series(recorded: Record, again: Record) -> Iterator[Part]:
    one, other = recorded.series, again.series
    is_whole = recorded.stored.status in ("done", "diverged")
    last = one.steps[-1] if len(one.steps) else -1
    n = len(other.steps) if is_whole else int(np.searchsorted(other.steps, last, side="right"))
    yield compared("steps", one.steps, other.steps[:n])
    places = [f"step {step:,}" for step in one.steps]
    for name in ("losses", "weights", "rates"):
        yield compared(name, getattr(one, name), getattr(other, name)[:n], places)


def _evaluations(recorded: Record, again: Record) -> Iterator[Part]:
    first = recorded.events(Evaluated)
    second = again.events(Evaluated)
    if recorded.stored.status not in ("done", "diverged"):
        second = second[: len(first)]
    places = [f"step {event.step:,}, {event.split}" for event in first]
    for metric in dict.fromkeys(metric for event in first for metric in event.more):
        rows = [_of_metric(events, metric, len(recorded.tasks)) for events in (first, second)]
        yield compared(f"evaluations: {metric}", rows[0], rows[1], places)
    shape = (-1, len(recorded.tasks))
    for name in ("scores", "losses"):
        rows = [
            np.asarray([getattr(event, name) for event in events], dtype=np.float32).reshape(shape)
            for events in (first, second)
        ]
        yield compared(f"evaluations: {name}", rows[0], rows[1], places)


def _ends(recorded: Record, again: Record) -> Iterator[Part]:
    yield compared("matrix", recorded.matrix, again.matrix)
    yield compared("baseline", recorded.baseline, again.baseline)
    one, other = recorded.stored.outcome, again.stored.outcome
    yield compared_numbers("scores", dict(_scores(one)), dict(_scores(other)))
    measures = [{k: v for k, v in o.summary.items() if k != "delta_m"} for o in (one, other)]
    yield compared_numbers("measures", *measures)
    facts = [dict(_adaptation(record)) for record in (recorded, again)]
    if facts[0]:
        yield compared_numbers("adaptation", *facts)
    mine = _others(recorded)
    kinds = {type(event) for event in mine}  # an earlier version told less
    others = [event for event in _others(again) if type(event) in kinds]
    yield compared_things("other events", mine, others, "events")


def _of_metric(events: Sequence[Evaluated], metric: str, n_tasks: int) -> NDArray[np.float32]:
    """The scores [N, T] in one of the further metrics; NaN where it was not taken."""
    none = np.full(n_tasks, np.nan, dtype=np.float32)
    rows = [np.asarray(event.more.get(metric, none), dtype=np.float32) for event in events]
    return np.asarray(rows, dtype=np.float32).reshape(-1, n_tasks)


def _scores(outcome: Outcome) -> Iterator[tuple[str, float | None]]:
    """The final scores, by task and metric."""
    for task, scores in outcome.tasks.items():
        for metric, value in scores.items():
            yield f"{task}, {metric}", value


def _adaptation(record: Record) -> Iterator[tuple[str, float | None]]:
    """The losses on held-out small tasks, by task and inner steps."""
    for task, facts in record.stored.outcome.adaptation.items():
        for steps, loss in zip(facts.steps, facts.loss, strict=True):
            yield f"{task}, after {steps}", loss


def _others(record: Record) -> list[Event]:
    """What was told beside numbers of steps, scores and remarks: reports, probes, texts."""
    aside = (Began, StepsDone, Evaluated, Noticed, Finished)
    return [event for event in joined(record.stored.events) if not isinstance(event, aside)]
