"""Task measures: what the [stage, task] matrix says of each task by itself, and of each step.

The measures of `workbench.spec.measures` are means of these.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.spec.measures import Matrix, learned_in

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TaskMeasures:
    """The terms of one task; None where one does not apply.

    `learned` and `final` are scores as they are; in the others more is better, but in
    `forgetting`.
    """

    learned: float | None
    final: float | None
    forgetting: float | None
    backward: float | None
    forward: float | None
    worst: float | None


@np.errstate(invalid="ignore", over="ignore")  # between infinite scores: NaN
def by_task(
    matrix: Matrix,
    baseline: Matrix,
    stages: Sequence[Sequence[str]],
    tasks: Sequence[str],
    higher_is_better: Sequence[bool],
) -> list[TaskMeasures]:
    """The terms of each task, of a matrix [S, T] with baseline [T].

    - learned: R[j's stage, j]; final: R[last, j]
    - forgetting: max over l < last of R[l, j], minus R[last, j], of an earlier task
    - backward: R[last, j] − R[j's stage, j], of an earlier task
    - forward: R[stage before j's, j] − b[j], of a later task
    - worst: min over l > j's stage of R[l, j], of an earlier task
    """
    last = len(matrix) - 1
    spans = learned_in(stages[: last + 1], tasks)
    measures: list[TaskMeasures] = []
    for j, (first, end) in enumerate(spans):
        if last < 0:
            measures.append(TaskMeasures(None, None, None, None, None, None))
            continue
        sign = 1.0 if higher_is_better[j] else -1.0
        column = np.asarray(matrix, dtype=np.float64)[:, j]
        signed = sign * column
        is_past = 0 <= end < last
        measures.append(
            TaskMeasures(
                learned=_known(column[end]) if end >= 0 else None,
                final=_known(column[last]),
                forgetting=_known(signed[:last].max() - signed[last]) if is_past else None,
                backward=_known(signed[last] - signed[end]) if is_past else None,
                forward=_known(signed[first - 1] - sign * baseline[j]) if first >= 1 else None,
                worst=_known(sign * signed[end + 1 :].min()) if is_past else None,
            )
        )
    return measures


@np.errstate(invalid="ignore", over="ignore")  # between infinite scores: NaN
def forgetting_at_steps(
    steps: Numbers,
    scores: Numbers,
    stages: Sequence[tuple[float, float, Sequence[str]]],
    tasks: Sequence[str],
    higher_is_better: Sequence[bool],
) -> Numbers:
    """How far each task [M, T] lies below its best so far, at each validation.

    `scores` [M, T] were taken at `steps` [M]; a stage is its first step, the step after its last,
    and its tasks. As in Chaudhry's measure the present score is not in the maximum, so it may be
    below 0. NaN before a task was learned and while it is being learned.
    """
    sign = np.where(np.asarray(higher_is_better, dtype=bool), 1.0, -1.0)
    signed = np.asarray(scores, dtype=np.float64) * sign
    result = np.full(signed.shape, np.nan)
    for j, task in enumerate(tasks):
        begun = [start for start, _, active in stages if task in active]
        if not begun:
            continue
        known = steps > begun[0]
        best = _best_before(np.where(known, signed[:, j], np.nan))
        rests = np.zeros(len(steps), dtype=bool)
        for start, end, active in stages:
            if task not in active and start > begun[0]:
                rests |= (steps > start) & (steps <= end)
        result[:, j] = np.where(rests, best - signed[:, j], np.nan)
    return result


def _best_before(values: Numbers) -> Numbers:
    """The largest of the values before each one; NaN where there is none."""
    best = np.fmax.accumulate(values) if len(values) else values
    return np.concatenate([[np.nan], best[:-1]]) if len(values) else best


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
