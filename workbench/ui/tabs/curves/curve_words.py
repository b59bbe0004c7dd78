"""Curve words: what the plots show, for those who do not see them."""

import numpy as np

from workbench.ui.model.run_model import RunModel
from workbench.ui.plots.line_plot import Plot
from workbench.ui.tabs.curves.curve_tools import CurveTools
from workbench.ui.words.language import translator

tr = translator("Curves")


def words_of_losses(model: RunModel, window: int) -> str:
    """The newest losses, each the mean over a window of steps."""
    losses = model.latest_losses(window)
    words = [
        f"{facts.name} {loss:.3g}"
        for facts, loss in zip(model.tasks, losses, strict=True)
        if np.isfinite(loss)
    ]
    return tr("Loss at step {}: {}").format(model.step, ", ".join(words))


def words_of_scores(model: RunModel, metric: str) -> str:
    """The newest scores by a metric, the tasks' own where none is named; empty before any."""
    _, scores = model.scores_by(metric)
    if not len(scores):
        return ""
    pairs = zip(model.tasks, scores[-1], strict=True)
    words = [f"{facts.name} {score:.3f}" for facts, score in pairs if np.isfinite(score)]
    return tr("Newest validation scores: {}").format(", ".join(words))


def describe(loss: Plot, score: Plot, model: RunModel, tools: CurveTools) -> None:
    """Say in words what the plots of a run show, for those who do not see them."""
    if model.began is not None:
        loss.set_summary(words_of_losses(model, tools.window_steps))
    if words := words_of_scores(model, tools.chosen_metric):
        score.set_summary(words)
