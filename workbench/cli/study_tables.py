"""Study tables: what transfer and a sweep found, as tables and as JSON."""

from collections.abc import Sequence
from shlex import quote
from typing import Any

from workbench.cli import output
from workbench.cli.tables import grid, numbers, row, score, table
from workbench.spec.text import visible
from workbench.study.change import Measure
from workbench.study.interval import Estimate
from workbench.study.sweep import Sweep, SweepPoint
from workbench.study.transfer import Transfer


def transfer_json(transfer: Transfer) -> dict[str, Any]:
    """What transfer found, for `--json`."""
    groups, suggestion = transfer.groups, transfer.suggestion
    named = None if groups is None else [[transfer.tasks[t] for t in group] for group in groups]
    rows = zip(transfer.tasks, transfer.measures, transfer.changes, strict=True)
    return {
        "tasks": [
            {
                "task": task,
                "metric": measure.metric,
                "relative": measure.is_relative,
                "change": numbers(change),
            }
            for task, measure, change in rows
        ],
        "delta_m": numbers(transfer.delta_m),
        "pairwise": [[numbers(cell) for cell in row] for row in transfer.pairwise]
        if transfer.has_pairs
        else None,
        "groups": named,
        "gain": numbers(suggestion.gain) if suggestion is not None and named else None,
        "suggestion": None
        if suggestion is None
        else {
            "groups": [[transfer.tasks[t] for t in group] for group in suggestion.groups],
            "certain": suggestion.is_certain,
            "gain": numbers(suggestion.gain),
            "over_joint": numbers(suggestion.over_joint),
            "agreeing": suggestion.n_agree,
            "seeds": suggestion.n_seeds,
        },
        "seeds": list(transfer.seeds),
    }


def sweep_json(sweep: Sweep) -> dict[str, Any]:
    """What a sweep found, for `--json`."""
    return {
        "tasks": list(sweep.tasks),
        "metrics": list(sweep.metrics),
        "higher_is_better": list(sweep.higher_is_better),
        "points": [
            {
                "label": point.label,
                "weights": None if point.weights is None else list(point.weights),
                "scores": [numbers(cell) for cell in point.scores],
                "best_by_validation": point.is_best,
                "non_dominated": point.is_on_front,
                "seeds": point.n_done,
                "failed": point.n_failed,
            }
            for point in sweep.points
        ],
    }


def print_transfer(transfer: Transfer, n_seeds: int, metrics: Sequence[str]) -> None:
    """Print what transfer found, of the `n_seeds` that were asked for."""
    output.emit("change of each task against learning alone, as often and from the same start")
    changes = table("task", ["metric", "change", "95 % interval", "seeds"])
    for task, measure, change in zip(
        transfer.tasks, transfer.measures, transfer.changes, strict=True
    ):
        row(changes, task, _unit(measure), *_change(change, measure), _seeds(change, n_seeds))
    if transfer.has_mean:
        shared = transfer.measures[0]
        delta = transfer.delta_m
        row(changes, "Δm", "", *_change(delta, shared), _seeds(delta, n_seeds))
    output.emit_tables(changes)
    missing = [m for m in metrics if m not in {measure.metric for measure in transfer.measures}]
    if missing:
        output.remark(f"no task is measured in {', '.join(missing)}")
    if not transfer.has_mean:
        hint = f": --metric {transfer.alternative}, say" if transfer.alternative else ""
        output.emit(
            "no Δm: shares of a score and differences of one that has no zero have no mean; "
            f"choose metrics that are alike{hint}"
        )
    if transfer.has_pairs:
        output.emit("in pairs: what learning with the row does to the column")
        cells = [
            [
                _change(cell, measure)[0]
                for cell, measure in zip(line, transfer.measures, strict=True)
            ]
            for line in transfer.pairwise
        ]
        output.emit_tables(grid("with", transfer.tasks, cells))
        _print_suggestion(transfer)


def _print_suggestion(transfer: Transfer) -> None:
    suggestion, groups = transfer.suggestion, transfer.groups
    if suggestion is None:
        return
    if suggestion.n_seeds < 2:
        output.emit("no grouping is suggested: one seed cannot say how sure it is")
        return
    measure = transfer.measures[0]
    over_joint = _change(suggestion.over_joint, measure)
    agree = f"{suggestion.n_agree} of {suggestion.n_seeds} seeds left out agree"
    names = [visible(task) for task in transfer.tasks]
    text = " | ".join(", ".join(names[t] for t in group) for group in suggestion.groups)
    gain = _change(suggestion.gain, measure)
    figures = (
        f"expected on other seeds, a task: {gain[0]} ({gain[1]}) over each alone, "
        f"{over_joint[0]} ({over_joint[1]}) over one network; {agree}"
    )
    if groups is None:
        output.emit(f"no grouping is surely better than another way (best so far: {text})")
        output.emit(figures)
        return
    output.emit(f"suggested groups: {text}")
    output.emit(figures)
    if len(groups) > 1:
        setting = " | ".join(", ".join(transfer.tasks[t] for t in group) for group in groups)
        quoted = quote(visible(f"sharing.groups={setting}"))
        output.emit(f"--set sharing.kind=groups --set {quoted}")


def _unit(measure: Measure) -> str:
    return measure.metric if measure.is_relative else f"{measure.metric}, difference"


def _change(change: Estimate | None, measure: Measure) -> tuple[str, str]:
    """A change and its interval, as shares in per cent or as differences."""
    if change is None:
        return "–", "–"
    unit, sign, digits = (100.0, " %", 2) if measure.is_relative else (1.0, "", 4)
    mean = f"{unit * change.mean:+.{digits}f}{sign}"
    if change.low is None or change.high is None:
        return mean, "–"
    return mean, f"{unit * change.low:+.{digits}f} to {unit * change.high:+.{digits}f}{sign}"


def _seeds(estimate: Estimate | None, n_seeds: int) -> str:
    n = 0 if estimate is None else estimate.n
    return str(n) if n == n_seeds else f"{n} of {n_seeds}"


def print_sweep(sweep: Sweep, n_seeds: int) -> None:
    """Print what a sweep found, of the `n_seeds` that were asked for."""
    heads = [f"{t} ({m})" for t, m in zip(sweep.tasks, sweep.metrics, strict=False)]
    columns = [*(heads or sweep.tasks), "seeds", ""]
    points = table(f"weights {' : '.join(sweep.tasks)}", columns)
    for point in sweep.points:
        n = point.n_done
        seeds = str(n) if n == n_seeds else f"{n} of {n_seeds}"
        row(points, point.label, *(score(cell, n) for cell in point.scores), seeds, _marks(point))
    output.emit_tables(points)


def _marks(point: SweepPoint) -> str:
    marks = [f"failed on {point.n_failed}"] if point.n_failed else []
    marks += ["on the front"] if point.is_on_front else []
    marks += ["best by validation"] if point.is_best else []
    return ", ".join(marks)
