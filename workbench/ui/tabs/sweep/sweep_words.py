"""Sweep words: how a sweep stands, in a line."""

from workbench.study.search.best import best_of
from workbench.study.search.definition import Definition, short
from workbench.study.search.trial import State, Trial
from workbench.ui.words.language import translator

tr = translator("Sweep")


def why_no_importance(definition: Definition) -> str:
    """Why there is no importance to show."""
    if len(definition.axes) < 2:
        return tr("One setting is all that differs: there is nothing to weigh.")
    return tr("Shown once six trials are done and differ.")


def standing(definition: Definition, state: State) -> list[str]:
    """How a sweep stands: how many of which, and the best."""
    best = best_of(state.trials, definition.objectives)
    statuses = [trial.status for trial in state.trials]
    shown = (
        ("done", tr("{} done")),
        ("running", tr("{} running")),
        ("stopped", tr("{} stopped")),
        ("pruned", tr("{} pruned")),
        ("diverged", tr("{} diverged")),
        ("failed", tr("{} failed")),
    )
    counts = [words.format(statuses.count(s)) for s, words in shown if s in statuses]
    n = tr("{} of {} trials").format(len(state.trials), state.n_wanted or definition.n_wanted)
    parts = [f"{n}: {', '.join(counts)}" if counts else n]
    trial = next((t for t in state.trials if t.number in best), None)
    if trial is not None and len(definition.objectives) == 1:
        value = trial.results[0] or 0.0
        words = tr("best: {} {:.4f} at {}")
        parts.append(words.format(definition.objectives[0].name, value, _label(definition, trial)))
    elif best:
        parts.append(tr("{} trials on the front").format(len(best)))
    why = state.message
    if not why and "failed" in statuses and "done" not in statuses:
        why = next(trial.message for trial in state.trials if trial.status == "failed")
    return [*parts, *([why] if why else [])]


def _label(definition: Definition, trial: Trial) -> str:
    return ", ".join(
        f"{short(axis.key)} = {axis.text(trial.params[axis.key])}" for axis in definition.axes
    )
