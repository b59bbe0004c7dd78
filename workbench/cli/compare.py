"""Compare: experiments side by side, and each against one of them, seed by seed."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench.cli import DONE, output
from workbench.cli.compare_text import show
from workbench.cli.services import Services
from workbench.cli.tables import numbers
from workbench.spec import preset as presets
from workbench.spec.entry import Catalogue
from workbench.spec.experiment import Spec
from workbench.spec.experiments.assignments import distinct_names
from workbench.spec.run_row import RunRow
from workbench.store.index import Index
from workbench.store.stored_run import SPEC
from workbench.study.compare import Group, experiment_of, grouped
from workbench.study.comparison.experiments import Comparison, Difference, Figure
from workbench.study.comparison.likeness import facts_of
from workbench.study.comparison.method_ranks import MethodRanks, method_ranks
from workbench.study.comparison.sentences import headline, notes, sentence
from workbench.study.interval import Estimate


def compare(services: Services, runs: Sequence[str], *, as_json: bool) -> int:
    """Compare runs; those of one experiment are taken together. Returns the exit code.

    The baseline is the experiment of a pinned run, else the first. Raises UnknownRunError and
    OSError.
    """
    rows = _find(runs)
    for run_row in rows:
        if run_row.problem:
            output.remark(f"{run_row.run_id} is damaged: {run_row.problem}")
    groups, specs = _named_apart(grouped(rows))
    comparison = _comparison(groups, specs, services.catalogue())
    ranks = method_ranks(comparison.experiments)
    if as_json:
        output.emit_json(_document(groups, comparison, ranks))
    else:
        show(groups, comparison, ranks)
    return DONE


def _find(runs: Sequence[str]) -> list[RunRow]:
    """The runs meant; the history is read once for all that are named whole."""
    index = Index.open()
    by_id = {row.run_id: row for row in reversed(index.rows())} if len(runs) > 1 else {}
    return [by_id[run] if run in by_id else index.find(run) for run in runs]


def _named_apart(groups: Sequence[Group]) -> tuple[list[Group], list[Spec | None]]:
    """The groups, none with a name that another has, and their setups."""
    specs = [_spec_of(group.rows[0]) for group in groups]
    names = distinct_names(specs, [group.name for group in groups])
    named = [replace(group, name=name) for group, name in zip(groups, names, strict=True)]
    return named, specs


def _spec_of(run_row: RunRow) -> Spec | None:
    """The setup of a run; None where it cannot be read."""
    try:
        return presets.load(Path(run_row.path) / SPEC)
    except (OSError, presets.PresetError):
        return None


def _comparison(
    groups: Sequence[Group], specs: Sequence[Spec | None], catalogue: Catalogue
) -> Comparison:
    experiments = [
        experiment_of(group, None if spec is None else facts_of(spec, catalogue))
        for group, spec in zip(groups, specs, strict=True)
    ]
    pinned = [i for i, group in enumerate(groups) if any(row.pinned for row in group.rows)]
    return Comparison(experiments, pinned[0] if pinned else 0)


def _document(
    groups: Sequence[Group], comparison: Comparison, ranks: MethodRanks | None
) -> dict[str, Any]:
    """All that is known, as JSON data. In `differences` more is better, whatever the metric."""
    experiments = comparison.experiments
    differing = comparison.settings
    base = experiments[comparison.base]
    others = [i for i in range(len(experiments)) if i != comparison.base]
    return {
        "answer": _answer(comparison),
        "baseline": base.name,
        "experiments": [_group_json(group) for group in groups],
        "differences": [_difference_json(comparison, i) for i in others],
        "settings": [{"key": one.key, "values": list(one.values)} for one in differing],
        "ranks": None if ranks is None else _ranks_json(ranks),
    }


def _answer(comparison: Comparison) -> dict[str, Any] | None:
    if not comparison.figures:
        return None
    figure = comparison.figures[0]
    return {
        "measure": figure.key,
        "metric": figure.metric or None,
        "sentence": headline(comparison, figure, str),
        "notes": notes(comparison, figure, str),
    }


def _group_json(group: Group) -> dict[str, Any]:
    tasks: dict[str, dict[str, Any]] = {}
    for (task, metric), value in group.scores().items():
        tasks.setdefault(task, {})[metric] = numbers(value)
    return {
        "name": group.name,
        "runs": [row.run_id for row in group.rows],
        "seeds": list(group.seeds),
        "ended": [
            {"run": row.run_id, "seed": row.seed, "status": row.status, "steps": row.steps}
            for row in group.rows
        ],
        "tasks": tasks,
    }


def _difference_json(comparison: Comparison, i: int) -> dict[str, Any]:
    base, other = comparison.experiments[comparison.base], comparison.experiments[i]
    both = {one.seed for one in other.done}
    unlike = comparison.unlike[i]
    tasks: dict[str, Any] = {}
    measures: dict[str, Any] = {}
    said = ""
    for figure in comparison.figures:
        difference = comparison.differences(figure)[i]
        if difference is None:
            continue
        said = said or sentence(other, base, figure, difference, str)
        if figure.task:
            tasks[figure.task] = {figure.metric: _gain(difference, figure)}
        else:
            measures[figure.key] = _gain(difference, figure)
    return {
        "from": base.name,
        "to": other.name,
        "seeds": [one.seed for one in base.done if one.seed in both],
        "unlike": None if unlike is None else {"why": unlike.why.value, "what": list(unlike.what)},
        "sentence": said,
        "measures": {} if unlike is not None else measures,
        "tasks": {} if unlike is not None else tasks,
    }


def _gain(difference: Difference, figure: Figure) -> dict[str, Any] | None:
    """How much better it is, in the metric's unit, with its p values corrected by Holm."""
    known = difference.estimate
    if known is None:
        return None
    gain = known if figure.higher_is_better else _turned(known)
    return {
        **(numbers(gain) or {}),
        "finding": difference.finding.value,
        "p_t": difference.p_t,
        "p_wilcoxon": difference.p_wilcoxon,
        "corrected_for": difference.n_compared,
    }


def _turned(value: Estimate) -> Estimate:
    low = None if value.high is None else -value.high
    high = None if value.low is None else -value.low
    return Estimate(-value.mean, value.sd, low, high, value.n)


def _ranks_json(ranks: MethodRanks) -> dict[str, Any]:
    ranking = ranks.ranking
    names = [ranks.methods[i] for i in ranking.order]
    return {
        "methods": dict(zip(names, ranking.ranks, strict=True)),
        "tasks": list(ranks.tasks),
        "p_friedman": ranking.p_friedman,
        "p_iman_davenport": ranking.p_iman_davenport,
        "critical_difference": ranking.critical_difference,
        "cliques": [names[first : last + 1] for first, last in ranking.cliques],
    }
