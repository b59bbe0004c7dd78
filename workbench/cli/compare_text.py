"""Compare text: a comparison for a reader: the answer, then the tables that it rests on."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from workbench.cli import output
from workbench.cli.tables import interval, number, rests_on, row, score, table, text_table
from workbench.spec.text import visible
from workbench.study.compare import Group
from workbench.study.comparison.experiments import Comparison, Difference, Figure
from workbench.study.comparison.method_ranks import MethodRanks
from workbench.study.comparison.sentences import headline, notes, probability, reason

if TYPE_CHECKING:
    from rich.table import Table

#: Measures over all tasks, as the other commands print them.
_SHORT = {"acc": "ACC", "forgetting": "forgetting", "bwt": "BWT", "learning_accuracy": "learning"}


def show(groups: Sequence[Group], comparison: Comparison, ranks: MethodRanks | None) -> None:
    """Print a comparison."""
    if comparison.figures:
        figure = comparison.figures[0]
        output.emit(visible(headline(comparison, figure, str)))
        for note in notes(comparison, figure, str):
            output.emit(visible(f"  {note}"))
        output.emit("")
    for at, group in enumerate(groups, 1):
        output.emit(f"{at}: {visible(group.name)}, {_endings(group)}")
    output.emit_tables(_scores(groups, comparison))
    for i in range(len(comparison.experiments)):
        if i != comparison.base:
            _show_difference(comparison, i)
    _show_settings(comparison)
    if ranks is not None:
        _show_ranks(ranks)


def _scores(groups: Sequence[Group], comparison: Comparison) -> "Table":
    """What each experiment reached: a row a figure."""
    columns = [f"{at}" for at in range(1, len(groups) + 1)]
    scores = table("task", ["metric", *columns])
    for figure in comparison.figures:
        name, metric = _names(figure)
        pairs = zip(comparison.experiments, groups, strict=True)
        cells = [score(figure.estimate(one), len(group.done)) for one, group in pairs]
        row(scores, name, metric, *cells)
    return scores


def _names(figure: Figure) -> tuple[str, str]:
    """A figure's task and metric; for a measure over all tasks their mean."""
    if figure.task:
        return figure.task, figure.metric
    return "all", _SHORT.get(figure.key, figure.key)


def _endings(group: Group) -> str:
    """How each run ended and at which step; those that ended alike are told together."""
    alike: dict[tuple[str, int], list[int]] = {}
    for run in group.rows:
        alike.setdefault((run.status, run.steps), []).append(run.seed)
    texts: list[str] = []
    for (status, steps), seeds in alike.items():
        aside = "" if status == "done" else ", without a say below"
        names = ", ".join(map(str, seeds))
        texts.append(f"seed{'s' * (len(seeds) > 1)} {names} {status} at step {steps:,}{aside}")
    return "; ".join(texts)


def _show_difference(comparison: Comparison, i: int) -> None:
    base, other = comparison.experiments[comparison.base], comparison.experiments[i]
    names = visible(other.name), visible(base.name)
    unlike = comparison.unlike[i]
    if unlike is not None:
        output.emit(visible(f"{other.name} against {base.name}: {reason(unlike, str)}"))
        return
    both = {one.seed for one in base.done} & {one.seed for one in other.done}
    if not both:
        output.emit(f"{names[0]} and {names[1]} share no finished seed: no paired difference")
        return
    output.emit(f"{names[0]} against {names[1]}, on {len(both)} shared seed(s)")
    heads = ["metric", "difference", "95 % interval", "p (t)", "p (Wilcoxon)", "so it is"]
    changes = table("task", heads)
    for figure in comparison.figures:
        difference = comparison.differences(figure)[i]
        if difference is not None:
            row(changes, *_names(figure), *_cells(difference, len(both)))
    output.emit_tables(changes)


def _cells(difference: Difference, n_shared: int) -> tuple[str, ...]:
    known = difference.estimate
    if known is None:
        return "–", "–", "–", "–", difference.finding.value
    return (
        number(known.mean, "+") + rests_on(known, n_shared),
        interval(known),
        _p(difference.p_t),
        _p(difference.p_wilcoxon),
        difference.finding.value,
    )


def _p(p: float | None) -> str:
    return "–" if p is None else probability(p).removeprefix("p ").removeprefix("= ")


def _show_settings(comparison: Comparison) -> None:
    """The settings that differ, side by side."""
    differing = comparison.settings
    if not differing:
        return
    names = [str(at) for at in range(1, len(comparison.experiments) + 1)]
    settings = text_table("setting", *names, whole=("setting",))
    for one in differing:
        row(settings, one.key, *(_value(value) for value in one.values))
    output.emit("settings that differ")
    output.emit_tables(settings)


def _value(value: Any) -> str:
    return "–" if value is None else str(value)


def _show_ranks(ranks: MethodRanks) -> None:
    """Mean ranks over the tasks, best first."""
    ranking = ranks.ranking
    friedman = probability(ranking.p_friedman)
    output.emit(
        f"ranks over {ranking.n_tasks} tasks (1 is best): Friedman {friedman},"
        f" critical difference {ranking.critical_difference:.2f} (Nemenyi, 0.05)"
    )
    result = table("method", ["mean rank", "not told apart from"])
    names = [ranks.methods[i] for i in ranking.order]
    for place, name in enumerate(names):
        alike = {
            other
            for first, last in ranking.cliques
            if first <= place <= last
            for other in range(first, last + 1)
        }
        others = ", ".join(names[other] for other in sorted(alike - {place}))
        row(result, name, f"{ranking.ranks[place]:.2f}", others or "–")
    output.emit_tables(result)
