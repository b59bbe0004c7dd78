"""Outcome: what came of a run, gathered from its events; the form of `summary.json`."""

import math
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

import numpy as np

from workbench.spec.event import (
    Began,
    Diverged,
    Evaluated,
    Event,
    Failed,
    Finished,
    Replanned,
    StepsDone,
)
from workbench.spec.measures import MEASURES
from workbench.spec.score import Score
from workbench.spec.shown.adaptation import AdaptationFacts
from workbench.spec.shown.written import AnswerShares

Status = Literal["running", "done", "stopped", "diverged", "failed", "interrupted"]


@dataclass(slots=True)
class Outcome:
    """Takes every event of a run in turn; what is unknown is None.

    `course` holds the mean validation score of all tasks at each evaluation that gave one.
    """

    status: Status = "interrupted"
    step: int = 0
    message: str = ""
    seconds: float | None = None
    train_seconds: float = 0.0
    steps_timed: int = 0
    tasks: dict[str, dict[str, float | None]] = field(
        default_factory=dict[str, dict[str, float | None]]
    )
    matrix: list[list[float | None]] = field(default_factory=list[list[float | None]])
    baseline: list[float | None] = field(default_factory=list[float | None])
    summary: dict[str, float | None] = field(default_factory=dict[str, float | None])
    validation: list[float | None] = field(default_factory=list[float | None])
    course: list[float] = field(default_factory=list[float])
    adaptation: dict[str, AdaptationFacts] = field(default_factory=dict[str, AdaptationFacts])
    shares: tuple[AnswerShares, ...] = ()
    copied: dict[str, dict[str, float | None]] = field(
        default_factory=dict[str, dict[str, float | None]]
    )
    began: Began | None = None

    def take(self, event: Event) -> None:
        """Take the next event."""
        self.step = max(self.step, event.step)
        if isinstance(event, Evaluated) and event.split == "val":
            is_known = bool(np.isfinite(event.scores).all())
            self.course += [float(event.scores.mean(dtype=np.float64))] if is_known else []
        match event:
            case Began():
                self.began = event
                self.tasks = {task.name: {task.metric: None} for task in event.tasks}
            case Replanned(stages=stages) if self.began is not None:
                self.began = replace(self.began, stages=stages)
            case StepsDone():
                self.train_seconds += event.train_seconds
                self.steps_timed += len(event.losses)
            case Evaluated(split="test", stage=-1):
                self.baseline = numbers(event.scores.tolist())
            case Evaluated(split="val", ends_stage=True):
                self.validation = numbers(event.scores.tolist())
            case Evaluated(split="test", ends_stage=True):
                self.matrix.append(numbers(event.scores.tolist()))
            case Diverged() | Failed():
                self.status = "diverged" if isinstance(event, Diverged) else "failed"
                self.message = event.message
            case Finished():
                self._finish(event)
            case _:
                pass

    def _finish(self, event: Finished) -> None:
        self.status = event.status
        self.seconds, self.train_seconds = number(event.seconds), number(event.train_seconds) or 0.0
        self.steps_timed = event.step
        self.matrix = [numbers(row) for row in event.matrix.tolist()]
        self.baseline = numbers(event.baseline.tolist())
        self.summary = {key: number(value) for key, value in event.summary.items()}
        self.adaptation = event.adaptation
        self.shares = event.shares
        self.copied = event.copied
        self.tasks = {
            task: {metric: number(score) for metric, score in scores.items()}
            for task, scores in event.scores.items()
        }

    @property
    def scores(self) -> tuple[Score, ...]:
        """What was reached on each task, in their order; empty before the run began."""
        tasks = self.began.tasks if self.began is not None else ()
        last = self.validation if len(self.validation) == len(tasks) else [None] * len(tasks)
        scores: list[Score] = []
        for task, validation in zip(tasks, last, strict=True):
            reached = self.tasks.get(task.name, {})
            more = {metric: value for metric, value in reached.items() if metric != task.metric}
            value, is_up = reached.get(task.metric), task.higher_is_better
            scores.append(Score(task.name, task.metric, value, is_up, validation, more))
        return tuple(scores)

    @property
    def steps_per_second(self) -> float | None:
        """Steps in a second of training time alone."""
        return self.steps_timed / self.train_seconds if self.train_seconds > 0 else None

    def as_json(self) -> dict[str, Any]:
        """The outcome as JSON data."""
        return {
            "status": self.status,
            "steps": self.step,
            "seconds": self.seconds,
            "steps_per_second": self.steps_per_second,
            "tasks": {
                task: {**scores, **self._adaptation_of(task), **self._copied_of(task)}
                for task, scores in self.tasks.items()
            },
            "matrix": self.matrix,
            "baseline": self.baseline,
            "summary": {**dict.fromkeys((*MEASURES, "delta_m")), **self.summary},
            "message": self.message,
            **self._zero_shot(),
        }

    def _copied_of(self, task: str) -> dict[str, Any]:
        """The scores of saying the source again; nothing where answers are no texts."""
        return {"copied": self.copied[task]} if task in self.copied else {}

    def _zero_shot(self) -> dict[str, Any]:
        """How the answers of tasks that were asked and never taught are; nothing without such."""
        rows = [asdict(each) for each in self.shares if not each.is_taught]
        columns = ("source", "target", "right", "other_language", "wrong")
        shares = [{name: row[name] for name in columns} for row in rows]
        return {"zero_shot": shares} if shares else {}

    def _adaptation_of(self, task: str) -> dict[str, Any]:
        """What there is to say of how a learner adapts to a task; nothing where none does."""
        facts = self.adaptation.get(task)
        return {"adaptation": asdict(facts)} if facts is not None else {}


def number(value: float | None) -> float | None:
    """The value if it is a number at all; JSON knows neither NaN nor infinity."""
    return value if value is not None and math.isfinite(value) else None


def numbers(values: list[float]) -> list[float | None]:
    """A row of values, None where one is not finite."""
    return [number(value) for value in values]
