"""Sweep tables: what sweeps found, for reading and as JSON."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli import output
from workbench.cli.study_tables import print_sweep, sweep_json
from workbench.cli.tables import column, number, row, score, text_table
from workbench.spec.fingerprint import fingerprint
from workbench.spec.score import Score
from workbench.spec.text import visible
from workbench.store.index_row import row_at
from workbench.study.interval import estimate
from workbench.study.search.best import best_of
from workbench.study.search.definition import Definition, short
from workbench.study.search.folder import SweepFolder
from workbench.study.search.space import shown
from workbench.study.search.trial import State, Trial
from workbench.study.search.weights import KEY
from workbench.study.sweep import Sweep, SweepPlan, sweep_of

if TYPE_CHECKING:
    from rich.table import Table


def trials_table(definition: Definition, trials: Sequence[Trial], state: State) -> "Table":
    """Trials as a table: settings, objectives, seeds, and which is best."""
    best = best_of(state.trials, definition.objectives)
    table = text_table()
    column(table, "trial", is_whole=True, justify="right")
    for axis in definition.axes:
        column(table, short(axis.key), justify="right")
    for objective in definition.objectives:
        column(table, f"{objective.name} ({objective.direction})", justify="right")
    for name in ("seeds", "", ""):
        column(table, name, is_whole=True)
    for trial in trials:
        settings = [axis.text(trial.params[axis.key]) for axis in definition.axes]
        n_done = sum(run.status == "done" for run in trial.runs)
        name = "best" if len(definition.objectives) == 1 else "on the front"
        mark = name if trial.number in best else ""
        seeds = f"{n_done}/{len(trial.runs)}"
        row(table, str(trial.number), *settings, *_values(trial), seeds, trial.status, mark)
    return table


def words_of(definition: Definition, trial: Trial) -> str:
    """One trial in a line."""
    values = ", ".join(
        f"{objective.name} {number(value)}"
        for objective, value in zip(definition.objectives, trial.results, strict=False)
        if value is not None
    )
    ended = trial.status if trial.status != "done" else ""
    why = trial.message.splitlines()[0] if trial.message and trial.status != "done" else ""
    return f"{trial.label}: " + ", ".join(part for part in (values, ended, why) if part)


def _values(trial: Trial) -> list[str]:
    """Each objective, with its deviation where there are several seeds."""
    n = len(trial.runs)
    cells: list[str] = []
    for i in range(len(trial.results)):
        values = [run.values[i] for run in trial.runs if run.status == "done"]
        is_whole = len(values) == n
        cells.append(score(estimate(values), n) if is_whole and trial.status == "done" else "–")
    return cells


def print_trials(definition: Definition, state: State) -> None:
    """Print the trials of a sweep, best first, and what is best in words to go on with."""
    objectives = definition.objectives
    order = sorted(state.trials, key=lambda trial: _rank(trial, is_up=objectives[0].is_up))
    output.emit_tables(trials_table(definition, order, state))
    statuses = [trial.status for trial in state.trials]
    names = ("done", "pruned", "diverged", "failed", "stopped")
    parts = [f"{statuses.count(name)} {name}" for name in names if name in statuses]
    output.emit(f"{len(state.trials)} of {state.n_wanted} trials: {', '.join(parts) or 'none'}")
    if state.importance:
        shares = ", ".join(f"{short(k)} {v:.0%}" for k, v in state.importance.items())
        output.emit(f"importance (fANOVA, share of the variance of the objective): {shares}")
    for best in best_of(state.trials, objectives)[:1] if len(objectives) == 1 else ():
        trial = next(t for t in state.trials if t.number == best)
        settings = " ".join(
            shlex.quote(visible(f"{key}={shown(value)}")) for key, value in trial.values.items()
        )
        output.emit(f"best by validation: trial {best}; --set " + settings.replace(" ", " --set "))


def _rank(trial: Trial, *, is_up: bool) -> tuple[bool, float, int]:
    value = trial.results[0] if trial.status == "done" and trial.results else None
    return value is None, 0.0 if value is None else (-value if is_up else value), trial.number


def sweep_document(folder: SweepFolder, definition: Definition, state: State) -> dict[str, Any]:
    """A sweep as `--json` prints it."""
    best = best_of(state.trials, definition.objectives)
    return {
        "sweep": {
            "name": folder.name,
            "path": str(folder.path),
            "sampler": definition.sampler,
            "objectives": [
                {"name": objective.name, "direction": objective.direction}
                for objective in definition.objectives
            ],
            "is_over": state.is_over,
            "n_wanted": state.n_wanted,
            "best": best[0] if len(definition.objectives) == 1 and best else None,
            "front": best if len(definition.objectives) > 1 else None,
            "importance": {"method": "fANOVA", "shares": dict(state.importance)},
            "message": state.message,
            "trials": [
                {
                    "number": trial.number,
                    "status": trial.status,
                    "settings": dict(trial.values),
                    "results": list(trial.results),
                    "message": trial.message,
                }
                for trial in state.trials
            ],
        },
        "runs": listed(state),
    }


def listed(state: State) -> list[dict[str, Any]]:
    """The runs of a sweep as `--json` lists them."""
    return [
        {
            "run_id": run.run_id or None,
            "path": run.path or None,
            "label": trial.label,
            "trial": trial.number,
            "seed": run.seed,
            "status": run.status,
            "found": run.was_there,
        }
        for trial in state.trials
        for run in trial.runs
        if run.run_id
    ]


def _swept(plan: SweepPlan, state: State) -> Sweep:
    """What the runs of a sweep of weights say."""
    results: dict[tuple[str, int], Sequence[Score]] = {}
    failed: set[tuple[str, int]] = set()
    specs = {label: spec for spec, label in plan.parts}
    for trial in state.trials:
        for run in trial.runs:
            key = (fingerprint(specs[trial.params[KEY]]), run.seed)
            row = row_at(Path(run.path)) if run.path else None
            if row is not None and row.status == "done":
                results[key] = row.scores
            elif run.status in ("diverged", "failed"):
                failed.add(key)
    return sweep_of(plan, results, failed)


def weights_document(plan: SweepPlan, state: State) -> dict[str, Any]:
    """A sweep of weights as `--json` prints it."""
    return {"sweep": sweep_json(_swept(plan, state)), "runs": listed(state)}


def print_weights(plan: SweepPlan, state: State) -> None:
    """Print a sweep of weights."""
    print_sweep(_swept(plan, state), len(plan.spec.seeds))
