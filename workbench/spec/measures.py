"""Measures of lifelong learning over the [stage, task] matrix of scores.

R[i, j] is the score on task j after stage i; b[j] the score before any training. For a
curriculum that learns one task a stage these are the published definitions; where a task is
learned in several stages, the last of them counts as the one it was learned in.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.spec.event import TaskFacts

Matrix = NDArray[np.floating]

#: The measures that `summarise` gives.
MEASURES = (
    "acc",
    "acc_examples",
    "bwt",
    "fwt",
    "forgetting",
    "average_incremental",
    "learning_accuracy",
    "min_acc",
    "wc_acc",
)


def _mean(values: list[float]) -> float | None:
    return float(np.mean(values)) if values else None


def learned_in(stages: Sequence[Sequence[str]], tasks: Sequence[str]) -> list[tuple[int, int]]:
    """First and last stage in which each task is learned; (−1, −1) if in none."""
    result: list[tuple[int, int]] = []
    for task in tasks:
        active_stages = [i for i, active in enumerate(stages) if task in active]
        result.append((active_stages[0], active_stages[-1]) if active_stages else (-1, -1))
    return result


def examples_of_one_head(tasks: Sequence[TaskFacts]) -> list[int] | None:
    """Test examples [T] of tasks that answer with one head, scored by accuracy; else None.

    Only there is the share of right answers among all tasks' examples a figure of one model's
    answers, as tables of class-incremental learning give it.
    """
    if len(tasks) < 2 or len({task.head for task in tasks}) > 1:
        return None
    if any(task.metric != "accuracy" for task in tasks):
        return None
    return [task.n_test for task in tasks]


@np.errstate(invalid="ignore", over="ignore")  # between infinite scores: NaN
def summarise(
    matrix: Matrix,
    baseline: Matrix,
    stages: Sequence[Sequence[str]],
    tasks: Sequence[str],
    higher_is_better: Sequence[bool],
    n_examples: Sequence[int] | None = None,
) -> dict[str, float | None]:
    """All measures of a matrix [S, T] with baseline [T]; None where one does not apply.

    Scores of which less is better change sign first, so more is better in every measure but
    forgetting. Means are over scores as they are: between tasks of different metrics (accuracy and
    R², say) they have no scale of their own and only compare runs on the same tasks; what sharing
    does to such tasks is said by Δm, which is relative task by task. Rows are the stages that
    ended; tasks not learned by then do not count in bwt and forgetting.

    - acc: mean of the last row (Lopez-Paz & Ranzato 2017)
    - acc_examples: the same over all test examples, where `n_examples` [T] says how many each task
      has (see `examples_of_one_head`): acc weighs every task alike, however few examples it has
    - bwt: mean over earlier tasks of R[last, j] − R[j's stage, j]
    - fwt: mean over later tasks of R[stage before j's, j] − b[j]
    - forgetting: mean over earlier tasks of max over l < last of R[l, j], minus R[last, j]
      (Chaudhry 2018; the last row is not in the maximum, so it may be negative)
    - average_incremental: mean over stages of the mean score of the tasks seen so far
    - learning_accuracy: mean of R[j's stage, j]
    - min_acc: mean over earlier tasks of min over l > j's stage of R[l, j] (De Lange 2023, who
      look at every step; here at the ends of stages)
    - wc_acc: R[last, j]/k + (1 − 1/k) min_acc, of k tasks learned and the last of them j
    """
    n_stages = len(matrix)
    if n_stages == 0:
        return dict.fromkeys(MEASURES)
    sign = np.where(np.asarray(higher_is_better, dtype=bool), 1.0, -1.0)
    scores = np.asarray(matrix, dtype=np.float64) * sign
    start = np.asarray(baseline, dtype=np.float64) * sign
    last = n_stages - 1
    spans = learned_in(stages[:n_stages], tasks)
    past = [(j, end) for j, (_, end) in enumerate(spans) if 0 <= end < last]
    later = [(j, first) for j, (first, _) in enumerate(spans) if first >= 1]
    seen_means = [
        _mean([float(scores[i, j]) for j, (first, _) in enumerate(spans) if 0 <= first <= i])
        for i in range(n_stages)
    ]
    min_acc = _mean([float(scores[end + 1 :, j].min()) for j, end in past])
    return {
        "acc": float(scores[last].mean()),
        "acc_examples": _over_examples(scores[last], n_examples),
        "bwt": _mean([float(scores[last, j] - scores[end, j]) for j, end in past]),
        "fwt": _mean([float(scores[first - 1, j] - start[j]) for j, first in later]),
        "forgetting": _mean([float(scores[:last, j].max() - scores[last, j]) for j, _ in past]),
        "average_incremental": _mean([m for m in seen_means if m is not None]),
        "learning_accuracy": _mean(
            [float(scores[end, j]) for j, (_, end) in enumerate(spans) if end >= 0]
        ),
        "min_acc": min_acc,
        "wc_acc": _worst_case(scores, spans, min_acc),
    }


def _over_examples(scores: Matrix, n_examples: Sequence[int] | None) -> float | None:
    if n_examples is None or not sum(n_examples):
        return None
    return float(np.average(scores, weights=n_examples))


def _worst_case(
    scores: Matrix, spans: Sequence[tuple[int, int]], min_acc: float | None
) -> float | None:
    """What is certain of the last task, and at worst of those before it."""
    last = len(scores) - 1
    newest = [float(scores[last, j]) for j, (_, end) in enumerate(spans) if end == last]
    if not newest or min_acc is None:
        return _mean(newest)
    share = len(newest) / sum(end >= 0 for _, end in spans)
    return share * float(np.mean(newest)) + (1 - share) * min_acc


@np.errstate(invalid="ignore", over="ignore")  # between infinite scores: NaN
def intransigence(
    matrix: Matrix,
    joint: Matrix,
    stages: Sequence[Sequence[str]],
    tasks: Sequence[str],
    higher_is_better: Sequence[bool],
) -> float | None:
    """Mean over tasks of how much worse each was when just learned than with joint training.

    `matrix` [S, T] and the scores `joint` [T] of a run that learned all tasks together, with the
    same seed and length. Below 0 where learning alone was better (Chaudhry 2018, who train
    jointly on the tasks so far). None if no task was learned.
    """
    sign = np.where(np.asarray(higher_is_better, dtype=bool), 1.0, -1.0)
    scores = np.asarray(matrix, dtype=np.float64) * sign
    bound = np.asarray(joint, dtype=np.float64) * sign
    spans = learned_in(stages[: len(matrix)], tasks)
    return _mean([float(bound[j] - scores[end, j]) for j, (_, end) in enumerate(spans) if end >= 0])
