"""Tables of the probes, for CSV."""

import numpy as np

from workbench.ui.model.decimation import Values
from workbench.ui.model.run_model import RunModel
from workbench.ui.plots.exports import Table


def conflict_table(model: RunModel, layer: int) -> Table:
    """A line a probe: the share of pairs in conflict, and the cosine of every pair."""
    names, probes = _names(model), model.probes
    n = len(names)
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    columns = [probes.pair_cosines(layer, i, j) for i, j in pairs]
    titles = [f"{names[i]} x {names[j]}" for i, j in pairs]
    head = ["step", "share of pairs in conflict", *titles]
    return head, _rows(probes.steps, probes.conflicts(layer), *columns)


def norm_table(model: RunModel, layer: int) -> Table:
    """A line a probe: the gradient norm of every task."""
    probes = model.probes
    return ["step", *_names(model)], _rows(probes.steps, *probes.norms(layer).T)


def weight_table(model: RunModel) -> Table:
    """A line a step: the weight of every task."""
    rows = [[model.steps.first + k, *line] for k, line in enumerate(model.steps.weights.tolist())]
    return ["step", *_names(model)], rows


def _names(model: RunModel) -> list[str]:
    return [facts.name for facts in model.tasks]


def _rows(steps: Values, *columns: Values) -> list[list[object]]:
    lines = np.column_stack(columns).tolist() if len(steps) else []
    return [[int(step), *line] for step, line in zip(steps, lines, strict=True)]
