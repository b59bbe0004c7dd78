"""Score figures: the last, the best and the mean of each task's validation scores (Qt-free)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.study.spread import Spread
from workbench.ui.model.run_model import RunModel
from workbench.ui.plots.seed_curves import score_spread


@dataclass(frozen=True, slots=True)
class ScoreSummary:
    """What a task's validation scores come down to; NaN and step −1 while there are none."""

    last: float
    best: float
    best_step: int
    mean: float


NO_FIGURES = ScoreSummary(np.nan, np.nan, -1, np.nan)


def score_figures(models: Sequence[RunModel]) -> list[ScoreSummary]:
    """The figures of each task, in the order of the models' tasks; of several seeds of their mean.

    They are for reading only: nothing is chosen by them.
    """
    model = models[0]
    steps, scores = model.scores
    if len(models) > 1:
        steps, around = score_spread(models, "", Spread.RANGE)
        scores = around.mean
    summaries: list[ScoreSummary] = []
    for j, facts in enumerate(model.tasks):
        known = np.flatnonzero(np.isfinite(scores[:, j]))
        if not len(known):
            summaries.append(NO_FIGURES)
            continue
        values = scores[known, j]
        best = int(values.argmax() if facts.higher_is_better else values.argmin())
        summaries.append(
            ScoreSummary(
                float(values[-1]), float(values[best]), int(steps[known[best]]), values.mean()
            )
        )
    return summaries
