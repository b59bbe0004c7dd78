"""Curve tables: the numbers of the curves, for CSV."""

from workbench.ui.model.run_model import RunModel
from workbench.ui.plots.exports import Table


def loss_table(model: RunModel) -> Table:
    """A row of raw losses for each step."""
    names = [facts.name for facts in model.tasks]
    rows = [[model.steps.first + i, *row] for i, row in enumerate(model.steps.losses.tolist())]
    return ["step", *names], rows


def score_table(model: RunModel, metric: str = "") -> Table:
    """A row of validation scores for each evaluation, by each task's own metric or another."""
    names = [facts.name for facts in model.tasks]
    steps, scores = model.scores_by(metric)
    rows = [[int(s), *row] for s, row in zip(steps, scores.tolist(), strict=True)]
    return ["step", *names], rows
