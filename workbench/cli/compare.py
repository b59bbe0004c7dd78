"""Compare: runs side by side, and the later ones against the first, seed by seed."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench.cli import DONE, output
from workbench.cli.tables import interval, number, numbers, rests_on, row, score, table
from workbench.spec import preset as presets
from workbench.spec.experiment import Spec
from workbench.spec.experiments.assignments import distinct_names
from workbench.spec.run_row import RunRow
from workbench.spec.text import visible
from workbench.store.index import Index
from workbench.store.stored_run import SPEC
from workbench.study.compare import Group, gains, grouped


def compare(runs: Sequence[str], *, as_json: bool) -> int:
    """Compare runs; those of one experiment are taken together. Returns the exit code.

    Raises UnknownRunError and OSError.
    """
    index = Index.open()
    rows = [index.find(run) for run in runs]
    for run_row in rows:
        if run_row.problem:
            output.remark(f"{run_row.run_id} is damaged: {run_row.problem}")
    groups = _named_apart(grouped(rows))
    if as_json:
        others = [_difference_json(groups[0], group) for group in groups[1:]]
        output.emit_json(
            {"experiments": [_group_json(group) for group in groups], "differences": others}
        )
        return DONE
    _print_scores(groups)
    for group in groups[1:]:
        _print_difference(groups[0], group)
    return DONE


def _named_apart(groups: Sequence[Group]) -> list[Group]:
    """The groups, none with a name that another has."""
    specs = [_spec_of(group.rows[0]) for group in groups]
    names = distinct_names(specs, [group.name for group in groups])
    return [replace(group, name=name) for group, name in zip(groups, names, strict=True)]


def _spec_of(run_row: RunRow) -> Spec | None:
    """The setup of a run; None where it cannot be read."""
    try:
        return presets.load(Path(run_row.path) / SPEC)
    except (OSError, presets.PresetError):
        return None


def _group_json(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "runs": [row.run_id for row in group.rows],
        "seeds": list(group.seeds),
        "ended": [
            {"run": row.run_id, "seed": row.seed, "status": row.status, "steps": row.steps}
            for row in group.rows
        ],
        "tasks": _by_task(group.scores()),
    }


def _difference_json(first: Group, second: Group) -> dict[str, Any]:
    shared = _shared(first, second)
    differences = gains(first, second)
    return {"from": first.name, "to": second.name, "seeds": shared, "tasks": _by_task(differences)}


def _by_task(values: dict[tuple[str, str], Any]) -> dict[str, dict[str, Any]]:
    result: dict[str, dict[str, Any]] = {}
    for (task, metric), value in values.items():
        result.setdefault(task, {})[metric] = numbers(value)
    return result


def _print_scores(groups: Sequence[Group]) -> None:
    by_group = [group.scores() for group in groups]
    columns = [f"{at}" for at in range(1, len(groups) + 1)]
    scores = table("task", ["metric", *columns])
    for key in dict.fromkeys(key for one in by_group for key in one):
        pairs = zip(by_group, groups, strict=True)
        row(scores, *key, *(score(one.get(key), len(group.done)) for one, group in pairs))
    for at, group in enumerate(groups, 1):
        output.emit(f"{at}: {visible(group.name)}, {_endings(group)}")
    output.emit_tables(scores)


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


def _shared(first: Group, second: Group) -> list[int]:
    """The seeds on which both came to their end."""
    both = {row.seed for row in second.done}
    return [row.seed for row in first.done if row.seed in both]


def _print_difference(first: Group, second: Group) -> None:
    shared = _shared(first, second)
    names = visible(second.name), visible(first.name)
    if not shared:
        output.emit(f"{names[0]} and {names[1]} share no finished seed: no paired difference")
        return
    output.emit(f"{names[0]} against {names[1]}, on {len(shared)} shared seed(s); + is better")
    changes = table("task", ["metric", "gain", "95 % interval"])
    for (task, metric), gain in gains(first, second).items():
        shown = "–"
        if gain is not None:
            shown = number(gain.mean, "+") + rests_on(gain, len(shared))
        row(changes, task, metric, shown, interval(gain))
    output.emit_tables(changes)
