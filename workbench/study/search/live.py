"""Live: a trial while its runs go on, one a seed, and what they say together."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from workbench.spec.event import Began, Diverged, Event, Failed, Finished
from workbench.spec.experiment import Spec
from workbench.study.search.objective import Course, Objective
from workbench.study.search.trial import SeedRun, Status, Trial

#: How a run may have ended so that no more will come of it.
_ENDED = ("done", "diverged", "failed")


@dataclass(slots=True)
class LiveRun:
    """The run of one seed, from its events or as the history has it."""

    seed: int
    status: str = "waiting"
    run_id: str = ""
    path: str = ""
    message: str = ""
    was_there: bool = False
    course: Course = field(default_factory=Course)

    def take(self, event: Event) -> bool:
        """Take the next event; whether it says something new of the validation."""
        match event:
            case Began():
                self.status, self.run_id = "running", event.run_id or self.run_id
            case Diverged() | Failed():
                self.status = "diverged" if isinstance(event, Diverged) else "failed"
                self.message = event.message
            case Finished():
                self.status = event.status
            case _:
                pass
        return self.course.take(event)

    @property
    def has_ended(self) -> bool:
        """Whether it came to an end that stands."""
        return self.status in _ENDED

    def shown(self, objectives: Sequence[Objective]) -> SeedRun:
        """The run as those see it who only look."""
        values = tuple(self.course.value(objective) for objective in objectives)
        return SeedRun(
            self.seed, self.status, self.run_id, self.path, values, was_there=self.was_there
        )


@dataclass(slots=True)
class LiveTrial:
    """A trial that is being made; `n_running` of its runs are at work."""

    number: int
    params: dict[str, Any]
    values: dict[str, Any]
    label: str
    spec: Spec | None
    runs: dict[int, LiveRun]
    status: Status = "running"
    message: str = ""
    n_running: int = 0
    reported: dict[int, float] = field(default_factory=dict[int, float])

    @property
    def goes_on(self) -> bool:
        """Whether more of its runs are to be begun."""
        ended_badly = any(run.status in ("diverged", "failed") for run in self.runs.values())
        return self.status == "running" and not ended_badly

    @property
    def is_done(self) -> bool:
        """Whether every seed was learned to its end."""
        return all(run.status == "done" for run in self.runs.values())

    def new_reports(self, objective: Objective) -> list[tuple[int, float]]:
        """What all seeds have reached since last asked: where, and their mean.

        The seeds are in lockstep: a mean over some of them would be of the quick ones.
        """
        by_seed = [dict(run.course.reports(objective)) for run in self.runs.values()]
        common = set.intersection(*(set(values) for values in by_seed)) if by_seed else set[int]()
        new = sorted(at for at in common if at not in self.reported)
        means = [(at, float(np.mean([values[at] for values in by_seed]))) for at in new]
        self.reported.update(means)
        return means

    def results(self, objectives: Sequence[Objective]) -> tuple[float | None, ...]:
        """Each objective's mean over the seeds; None where one of them has none."""
        means: list[float | None] = []
        for objective in objectives:
            values = [run.course.value(objective) for run in self.runs.values()]
            known = [value for value in values if value is not None]
            is_whole = len(known) == len(values) and self.is_done
            means.append(float(np.mean(known)) if known and is_whole else None)
        return tuple(means)

    def verdict(self, objectives: Sequence[Objective]) -> Status:
        """What becomes of it now that no run of it is at work any more."""
        if self.status != "running":
            return self.status
        statuses = [run.status for run in self.runs.values()]
        if "failed" in statuses:
            return "failed"
        if "diverged" in statuses:
            return "diverged"
        if any(status != "done" for status in statuses):
            return "stopped"
        # scores that are no numbers, though the losses were
        return "diverged" if None in self.results(objectives) else "done"

    def shown(self, objectives: Sequence[Objective]) -> Trial:
        """The trial as those see it who only look."""
        messages = [run.message for run in self.runs.values() if run.message]
        if self.status == "diverged" and not messages:
            messages = ["its validation scores are no finite numbers"]
        return Trial(
            self.number,
            self.status,
            self.params,
            self.values,
            self.results(objectives),
            tuple(run.shown(objectives) for run in self.runs.values()),
            tuple(sorted(self.reported.items())),
            self.message or (messages[0] if messages else ""),
            self.label,
        )
