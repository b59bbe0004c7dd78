"""Best: which trials of a sweep are best, by validation alone."""

from collections.abc import Sequence

import numpy as np

from workbench.study.pareto import non_dominated
from workbench.study.search.objective import Objective
from workbench.study.search.trial import Trial


def best_of(trials: Sequence[Trial], objectives: Sequence[Objective]) -> list[int]:
    """Numbers of the best trials: one for one objective, the Pareto front for several.

    Of equals the first counts for one objective. Only trials that are done on all seeds count.
    """
    done = [t for t in trials if t.status == "done" and None not in t.results]
    if not done or not objectives:
        return []
    table = np.asarray([trial.results for trial in done], dtype=np.float64)
    if len(objectives) == 1:
        column = table[:, 0] if objectives[0].is_up else -table[:, 0]
        return [done[int(np.argmax(column))].number]
    front = non_dominated(table, [objective.is_up for objective in objectives])
    return [trial.number for trial, is_on in zip(done, front, strict=True) if is_on]


def best_so_far(trials: Sequence[Trial], objective: Objective) -> list[tuple[int, float]]:
    """The first objective's best value after each done trial, in the order of their numbers."""
    course: list[tuple[int, float]] = []
    for trial in sorted(trials, key=lambda trial: trial.number):
        value = trial.results[0] if trial.status == "done" and trial.results else None
        if value is None:
            continue
        pick = max if objective.is_up else min
        course.append((trial.number, pick(course[-1][1], value) if course else value))
    return course
