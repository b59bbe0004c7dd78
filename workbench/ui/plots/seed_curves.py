"""Seed curves: the curves of several seeds as one, with what lies around it."""

from collections.abc import Sequence

import numpy as np

from workbench.study.spread import Bounds, Spread, spread_of
from workbench.ui.model.decimation import Values, bucket_for
from workbench.ui.model.run_model import RunModel


def loss_spread(
    models: Sequence[RunModel], window: int, view: tuple[float, float], pixels: int, kind: Spread
) -> tuple[Values, Bounds]:
    """Smoothed losses of the seeds: x [M] and mean and spread [M, T], at most a point a pixel.

    A seed counts as far as it has come.
    """
    bucket = _bucket(models, view, pixels)
    parts = [model.steps.loss_middles(window, *view, bucket) for model in models]
    return joined(parts, kind)


def weight_spread(
    models: Sequence[RunModel], window: int, view: tuple[float, float], pixels: int, kind: Spread
) -> tuple[Values, Bounds]:
    """The same of the tasks' weights."""
    bucket = _bucket(models, view, pixels)
    parts = [model.steps.weight_middles(window, *view, bucket) for model in models]
    return joined(parts, kind)


def _bucket(models: Sequence[RunModel], view: tuple[float, float], pixels: int) -> int:
    """Steps of one point, the same for every seed."""
    low, high = view
    longest = max(len(model.steps) for model in models)
    return bucket_for(min(int(max(high, 0)) + 2, longest) - int(max(low, 0)), pixels)


def score_spread(models: Sequence[RunModel], metric: str, kind: Spread) -> tuple[Values, Bounds]:
    """Validation scores of the seeds: steps [M], and mean and spread [M, T]."""
    return joined([model.scores_by(metric) for model in models], kind)


def joined(parts: Sequence[tuple[Values, Values]], kind: Spread) -> tuple[Values, Bounds]:
    """Curves x [Mᵢ] and y [Mᵢ, T] on all the x that any has, and the spread over them."""
    x = np.unique(np.concatenate([part[0] for part in parts]))
    n_tasks = max(part[1].shape[1] for part in parts)
    stacked = np.full((len(parts), len(x), n_tasks), np.nan)
    for i, (mine, y) in enumerate(parts):
        if len(mine):
            stacked[i, np.searchsorted(x, mine)] = y
    return x, spread_of(stacked, kind)


def matrix_spread(models: Sequence[RunModel], kind: Spread) -> Bounds:
    """Test scores [S, T] after each stage: mean and spread over the seeds that have ended it."""
    matrices = [model.matrix for model in models]
    n_stages = max(len(matrix) for matrix in matrices)
    stacked = np.full((len(models), n_stages, matrices[0].shape[1]), np.nan)
    for i, matrix in enumerate(matrices):
        stacked[i, : len(matrix)] = matrix
    return spread_of(stacked, kind)
