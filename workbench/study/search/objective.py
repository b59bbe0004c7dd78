"""Objective: the validation measure that a sweep looks for, and what a run says of it.

Never a test score: what is chosen by the test split is no longer tested by it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from workbench.spec.event import Began, Evaluated, Event, Replanned, StageFacts, TaskFacts
from workbench.spec.measures import learned_in
from workbench.study.search.space import BadSpaceError

Direction = Literal["max", "min"]

MEAN, FORGETTING, INCREMENTAL = "validation", "forgetting", "average-incremental"

#: A task's own: `validation:TASK`.
_OF_TASK = MEAN + ":"

ALLOWED = f"{MEAN}, {_OF_TASK}TASK, {FORGETTING} or {INCREMENTAL}, all on the validation split"

#: Most that a front can be drawn and read of.
MOST = 3

#: What reports count in: hundredths of a run.
WHOLE = 100


@dataclass(frozen=True, slots=True)
class Objective:
    """A measure on the validation split, and whether more or less of it is wanted.

    `validation` is the mean over the tasks seen so far of each one's primary metric;
    `validation:TASK` one task's; `forgetting` the mean over earlier tasks of the best score after
    an earlier stage less the last (Chaudhry 2018); `average-incremental` the mean over the stages
    of `validation` as it was at each one's end. `requested` is the direction as it was asked for.
    """

    name: str
    direction: Direction
    requested: str = "auto"

    @property
    def is_up(self) -> bool:
        """Whether more is better."""
        return self.direction == "max"

    @property
    def task(self) -> str:
        """The one task that it is of; empty where it is of all."""
        return self.name.removeprefix(_OF_TASK) if self.name.startswith(_OF_TASK) else ""


def objective_of(
    name: str, direction: str, tasks: Sequence[TaskFacts], n_stages: int | None = None
) -> Objective:
    """An objective by its name, in the direction of its metric where that is "auto".

    `n_stages` are those of the setup, None where nobody knows yet. Raises BadSpaceError.
    """
    known = {task.name: task for task in tasks}
    if name.startswith(_OF_TASK) and name.removeprefix(_OF_TASK) in known:
        meant = [known[name.removeprefix(_OF_TASK)]]
    elif name in (MEAN, INCREMENTAL, FORGETTING):
        meant = list(tasks)
    else:
        tests = " (test scores choose nothing)" if name.startswith(("acc", "test")) else ""
        names = ", ".join(known)
        message = f"found '{name}'{tests}; allowed: {ALLOWED}. The tasks: {names}"
        raise BadSpaceError(f"--objective: {message}")
    if name in (FORGETTING, INCREMENTAL) and n_stages is not None and n_stages < 2:
        message = f"{name} is about several stages, and this curriculum has one"
        raise BadSpaceError(f"--objective: {message}; allowed: {MEAN} or {_OF_TASK}TASK")
    ways = {task.higher_is_better for task in meant}
    if len(ways) > 1:
        message = (
            f"{name} would mix metrics of which more is better with others of which less is; "
            f"name tasks one by one ({_OF_TASK}TASK), several for a Pareto front"
        )
        raise BadSpaceError(f"--objective: {message}")
    if direction not in ("auto", "max", "min"):
        raise BadSpaceError(f"--direction: found '{direction}'; allowed: auto, max or min")
    is_up = direction == "max"
    if direction == "auto":
        is_up = name != FORGETTING and ways.pop()
    return Objective(name, "max" if is_up else "min", direction)


@dataclass(slots=True)
class Course:
    """What one run told of its validation, as its events come.

    `rows` are its evaluations: step, stage, whether it ends the stage, scores [T].
    """

    tasks: tuple[TaskFacts, ...] = ()
    stages: tuple[StageFacts, ...] = ()
    rows: list[tuple[int, int, bool, list[float]]] = field(
        default_factory=list[tuple[int, int, bool, list[float]]]
    )

    def take_all(self, events: Iterable[Event]) -> "Course":
        """Take what a run told before."""
        for event in events:
            self.take(event)
        return self

    def take(self, event: Event) -> bool:
        """Take the next event; whether it says something new of the validation."""
        if isinstance(event, Began):
            self.tasks, self.stages = event.tasks, event.stages
            self.rows = [row for row in self.rows if row[0] <= event.step and event.step > 0]
        elif isinstance(event, Replanned):
            self.stages = event.stages
        elif isinstance(event, Evaluated) and event.split == "val" and event.stage >= 0:
            row = (event.step, event.stage, event.ends_stage, event.scores.tolist())
            if row[:3] in [known[:3] for known in self.rows]:
                return False
            self.rows.append(row)
            return True
        return False

    def value(self, objective: Objective, n_rows: int | None = None) -> float | None:
        """The objective after so many of the rows (all); None where it is not known."""
        rows = self.rows[:n_rows]
        ends = {stage: scores for _, stage, is_end, scores in rows if is_end}
        if not rows:
            return None
        _, stage, _, last = rows[-1]
        if objective.name == FORGETTING:
            return _finite(self._forgetting(ends))
        if objective.name == INCREMENTAL:
            return _finite(_mean([self._mean_seen(s, scores) for s, scores in ends.items()]))
        if objective.task:
            names = [task.name for task in self.tasks]
            at = names.index(objective.task) if objective.task in names else -1
            is_seen = at >= 0 and at in self._seen(stage)
            return _finite(last[at] if is_seen else None)
        return _finite(self._mean_seen(stage, last))

    def reports(self, objective: Objective) -> list[tuple[int, float]]:
        """What a pruner is told: hundredths of the run, and the objective there.

        Where there are several stages these are the finished ones; else the evaluations between.
        The end is none: then the run is there.
        """
        n_stages, total = len(self.stages), sum(stage.steps for stage in self.stages)
        values: dict[int, float] = {}
        for n, (step, stage, is_end, _) in enumerate(self.rows, 1):
            if n_stages > 1:
                at = round(WHOLE * (stage + 1) / n_stages) if is_end else WHOLE
            else:
                at = max(round(WHOLE * step / total), 1) if total else WHOLE
            value = self.value(objective, n) if at < WHOLE else None
            if value is not None:
                values[at] = value
        return sorted(values.items())

    def _seen(self, stage: int) -> list[int]:
        seen = {name for each in self.stages[: stage + 1] for name in each.tasks}
        return [t for t, task in enumerate(self.tasks) if task.name in seen]

    def _mean_seen(self, stage: int, scores: Sequence[float]) -> float | None:
        return _mean([scores[t] for t in self._seen(stage)])

    def _forgetting(self, ends: dict[int, list[float]]) -> float | None:
        """Mean over tasks that were learned before of the best earlier score less the last."""
        order = sorted(ends)
        spans = learned_in([s.tasks for s in self.stages], [t.name for t in self.tasks])
        drops: list[float | None] = []
        for t, (first, _) in enumerate(spans):
            earlier = [ends[stage][t] for stage in order[:-1] if 0 <= first <= stage]
            if earlier:
                last = ends[order[-1]][t]
                is_up = self.tasks[t].higher_is_better
                drops.append(max(earlier) - last if is_up else last - min(earlier))
        return _mean(drops)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known and len(known) == len(values) else None


def _finite(value: float | None) -> float | None:
    return value if value is not None and np.isfinite(value) else None
