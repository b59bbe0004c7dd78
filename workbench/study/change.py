"""Change: how much better one run's scores are than another's, in a unit that has a meaning."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.spec.entry import Catalogue
from workbench.spec.score import Score

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measure:
    """What a task's change is told in: its metric, as a share of the baseline or as it is.

    A share is told of metrics of which 0 means none. R², say, is 0 where nothing is gained over a
    constant: from .01 to .03 is no gain of 200 %, but of .02.
    """

    metric: str
    higher_is_better: bool = True
    is_relative: bool = True


def measure_of(score: Score, metric: str, catalogue: Catalogue) -> Measure:
    """The measure of a task's changes in one of its metrics, from what it reached in a run."""
    entry = catalogue.get(("metric", metric))
    gives = entry.gives if entry is not None else ("score-zero",)
    is_up = "lower-is-better" not in gives
    return Measure(
        metric,
        score.higher_is_better if metric == score.metric else is_up,
        "score-zero" in gives,
    )


def chosen_metric(score: Score, wanted: Iterable[str], catalogue: Catalogue) -> str:
    """The first of the wanted metrics that the task has; its primary one if it has none."""
    known = metrics_of(score, catalogue)
    return next((metric for metric in wanted if metric in known), score.metric)


def metrics_of(score: Score, catalogue: Catalogue) -> list[str]:
    """The metrics in which it is known what a task reached, its primary one first."""
    more = (metric for metric, value in score.more.items() if value is not None)
    return [score.metric, *(metric for metric in more if ("metric", metric) in catalogue)]


def value_of(score: Score, metric: str) -> float:
    """What was reached in a metric; NaN where that is not known."""
    value = score.value if metric == score.metric else score.more.get(metric)
    return np.nan if value is None else value


def are_alike(measures: Sequence[Measure]) -> bool:
    """Whether changes in these measures have a mean: all are shares, or all in one metric."""
    if all(measure.is_relative for measure in measures):
        return True
    return len({(measure.metric, measure.is_relative) for measure in measures}) == 1


@np.errstate(invalid="ignore", over="ignore")  # between infinite scores: NaN
def changes(scores: Numbers, baseline: Numbers, measures: Sequence[Measure]) -> Numbers:
    """How much better scores [..., T] are than baselines [..., T], each in its measure.

    Above 0 is better, whatever the metric. NaN where a share of 0 would be told.
    """
    higher = [measure.higher_is_better for measure in measures]
    shares = relative_change(scores, baseline, higher)
    plain = np.where(higher, 1.0, -1.0) * (scores - baseline)
    return np.where([measure.is_relative for measure in measures], shares, plain)


@np.errstate(invalid="ignore", over="ignore")  # between infinite scores: NaN
def relative_change(
    scores: Numbers, baseline: Numbers, higher_is_better: Sequence[bool]
) -> Numbers:
    """(−1)^l (M − B)/|B| for scores and baselines [..., T]; above 0 is better, whatever the metric.

    l is 1 where lower is better. The absolute value matters only for measures that may be below
    0, where the published form (Maninis, CVPR 2019) would call a gain a loss. NaN where B is 0.
    """
    sign = np.where(np.asarray(higher_is_better, dtype=bool), 1.0, -1.0)
    base = np.where(baseline == 0, np.nan, np.abs(baseline))
    return sign * (scores - baseline) / base


@np.errstate(invalid="ignore", over="ignore")  # between infinite scores: NaN
def delta_m(scores: Numbers, baseline: Numbers, measures: Sequence[Measure]) -> float | None:
    """Δm: the mean over tasks of their changes, by Maninis all of them shares.

    None unless every task has one, and where they have no mean.
    """
    if not are_alike(measures):
        return None
    mean = float(changes(scores, baseline, measures).mean())
    return mean if np.isfinite(mean) else None
