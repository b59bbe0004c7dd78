"""DrawnCurve: loss and score against inner steps, of one run or as the mean of its seeds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.study.spread import Spread, spread_of
from workbench.ui.model.adaptation_record import StepCurve
from workbench.ui.model.decimation import Values


@dataclass(frozen=True, slots=True, eq=False)
class DrawnCurve:
    """After each of K numbers of steps the mean loss and score [K], and what lies around them.

    Of one run the band of the loss is the interval over its held-out tasks, of which `n_finite` [K]
    of `n_tasks` count, and a score has none; of `n_seeds` runs both are over the seeds.
    """

    steps: tuple[int, ...]
    mean: Values
    low: Values
    high: Values
    scores: Values
    score_low: Values
    score_high: Values
    n_finite: Values
    n_tasks: int
    n_seeds: int = 1

    @classmethod
    def of_one(cls, curve: StepCurve) -> "DrawnCurve":
        """The curve of one run."""
        none = np.full(len(curve.steps), np.nan)
        losses, scores = (curve.mean, *curve.band), (curve.scores, none, none)
        return cls(curve.steps, *losses, *scores, curve.n_finite, curve.n_tasks)

    @classmethod
    def of_seeds(cls, curves: Sequence[StepCurve], kind: Spread) -> "DrawnCurve":
        """The mean of the seeds' curves, as far as they took the same numbers of steps."""
        first = curves[0]
        alike = [curve for curve in curves if curve.steps == first.steps]
        if len(alike) == 1:
            return cls.of_one(first)
        loss = spread_of(np.stack([curve.mean for curve in alike]), kind)
        score = spread_of(np.stack([curve.scores for curve in alike]), kind)
        n_finite = np.sum([curve.n_finite for curve in alike], axis=0)
        return cls(
            *(first.steps, loss.mean, loss.low, loss.high, score.mean, score.low, score.high),
            *(n_finite, sum(curve.n_tasks for curve in alike), len(alike)),
        )
