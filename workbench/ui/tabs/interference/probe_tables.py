"""Tables of the probes, for CSV, and what the plots show in words."""

from collections.abc import Sequence

import numpy as np

from workbench.ui.model.decimation import Values
from workbench.ui.model.probe_record import mean_of
from workbench.ui.model.run_model import RunModel
from workbench.ui.plots.exports import Table
from workbench.ui.tabs.interference.conflict_curves import PROBES_WINDOW
from workbench.ui.tabs.interference.seed_probes import SeedProbes
from workbench.ui.words.language import translator

Rows = list[list[object]]

tr = translator("ProbePlots")


def conflict_table(models: Sequence[RunModel], layer: int) -> Table:
    """A line a probe: the share of pairs in conflict, and the cosine of every pair."""
    names = _names(models)
    n = len(names)
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    titles = [f"{names[i]} x {names[j]}" for i, j in pairs]
    parts: list[Rows] = []
    for model in models:
        probes = model.probes
        columns = [probes.pair_cosines(layer, i, j) for i, j in pairs]
        parts.append(_rows(probes.steps, probes.conflicts(layer), *columns))
    return _joined(models, ["step", "share of pairs in conflict", *titles], parts)


def norm_table(models: Sequence[RunModel], layer: int) -> Table:
    """A line a probe: the gradient norm of every task."""
    parts = [_rows(each.probes.steps, *each.probes.norms(layer).T) for each in models]
    return _joined(models, ["step", *_names(models)], parts)


def weight_table(models: Sequence[RunModel]) -> Table:
    """A line a step: the weight of every task."""
    parts: list[Rows] = [
        [[each.steps.first + k, *line] for k, line in enumerate(each.steps.weights.tolist())]
        for each in models
    ]
    return _joined(models, ["step", *_names(models)], parts)


def _joined(models: Sequence[RunModel], head: list[str], parts: Sequence[Rows]) -> Table:
    """The rows of all runs; of several with the seed of each."""
    if len(models) == 1:
        return head, parts[0]
    pairs = zip(models, parts, strict=True)
    return ["seed", *head], [[model.seed, *line] for model, rows in pairs for line in rows]


def in_words(
    models: Sequence[RunModel],
    probes: SeedProbes,
    names: Sequence[str],
    layer: int,
    pair: tuple[int, int] | None,
) -> tuple[str, str, str]:
    """What the plots of conflict, norms and weights show; empty where there is nothing yet."""
    conflict = norms = weights = ""
    if len(probes) and pair is not None:
        i, j = pair
        share = mean_of(probes.conflicts(layer).mean[-PROBES_WINDOW:])
        cosine = float(probes.pair_cosines(layer, i, j).mean[-1])
        text = tr("{} probes. Newest cosine of {} and {}: {}. Pairs in conflict: {}")
        conflict = text.format(len(probes), names[i], names[j], f"{cosine:.3f}", f"{share:.0%}")
        norms = tr("Newest gradient norms: {}").format(_each(names, probes.norms(layer).mean[-1]))
    newest = [w for model in models if (w := model.steps.newest_weights) is not None]
    if newest:
        weights = tr("Weights at the newest step: {}").format(_each(names, np.mean(newest, axis=0)))
    return conflict, norms, weights


def _each(names: Sequence[str], values: Values) -> str:
    return ", ".join(f"{name} {value:.3g}" for name, value in zip(names, values, strict=True))


def _names(models: Sequence[RunModel]) -> list[str]:
    return [facts.name for facts in models[0].tasks] if models else []


def _rows(steps: Values, *columns: Values) -> Rows:
    lines = np.column_stack(columns).tolist() if len(steps) else []
    return [[int(step), *line] for step, line in zip(steps, lines, strict=True)]
