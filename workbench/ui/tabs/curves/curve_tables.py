"""Curve tables: the numbers of the curves, for CSV."""

from collections.abc import Sequence
from typing import Any

from workbench.ui.model.run_model import RunModel
from workbench.ui.plots.exports import Table


def loss_table(models: Sequence[RunModel]) -> Table:
    """A row of raw losses for each step, of several runs with the seed of each."""
    rows = [
        (model, [model.steps.first + i, *row])
        for model in models
        for i, row in enumerate(model.steps.losses.tolist())
    ]
    return _with_seeds(models, rows)


def score_table(models: Sequence[RunModel], metric: str = "") -> Table:
    """A row of validation scores for each evaluation, by each task's own metric or another."""
    rows: list[tuple[RunModel, list[Any]]] = []
    for model in models:
        steps, scores = model.scores_by(metric)
        pairs = zip(steps, scores.tolist(), strict=True)
        rows += [(model, [int(step), *row]) for step, row in pairs]
    return _with_seeds(models, rows)


def _with_seeds(models: Sequence[RunModel], rows: list[tuple[RunModel, list[Any]]]) -> Table:
    head = ["step", *(facts.name for facts in models[0].tasks)] if models else ["step"]
    if len(models) < 2:
        return head, [row for _, row in rows]
    return ["seed", *head], [[model.seed, *row] for model, row in rows]
