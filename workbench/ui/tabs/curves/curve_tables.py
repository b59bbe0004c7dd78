"""Curve tables: the numbers of the curves, for CSV."""

from collections.abc import Sequence
from typing import Any

from workbench.ui.model.run_model import RunModel
from workbench.ui.plots.exports import Table
from workbench.ui.plots.x_scale import XUnit, scale_of


def loss_table(models: Sequence[RunModel], unit: XUnit = XUnit.STEP) -> Table:
    """A row of raw losses for each step, of several runs with the seed of each."""
    rows = [
        (model, [model.steps.first + i, *row])
        for model in models
        for i, row in enumerate(model.steps.losses.tolist())
    ]
    return _with_seeds(models, rows, unit)


def score_table(models: Sequence[RunModel], metric: str = "", unit: XUnit = XUnit.STEP) -> Table:
    """A row of validation scores for each evaluation, by each task's own metric or another."""
    rows: list[tuple[RunModel, list[Any]]] = []
    for model in models:
        steps, scores = model.scores_by(metric)
        pairs = zip(steps, scores.tolist(), strict=True)
        rows += [(model, [int(step), *row]) for step, row in pairs]
    return _with_seeds(models, rows, unit)


def _with_seeds(
    models: Sequence[RunModel], rows: list[tuple[RunModel, list[Any]]], unit: XUnit
) -> Table:
    head = ["step", *(facts.name for facts in models[0].tasks)] if models else ["step"]
    if unit is not XUnit.STEP:  # as the axis counts, beside the steps
        head.insert(1, "epoch" if unit is XUnit.EPOCH else "seconds")
        scales = {id(model): scale_of(model, unit) for model in models}
        rows = [(model, [row[0], scales[id(model)].place(row[0]), *row[1:]]) for model, row in rows]
    if len(models) < 2:
        return head, [row for _, row in rows]
    return ["seed", *head], [[model.seed, *row] for model, row in rows]
