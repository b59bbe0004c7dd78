"""Weights: the sweep of fixed task weights as a case of a sweep: a grid over a list of changes."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from workbench.spec.entry import Catalogue
from workbench.spec.event import TaskFacts
from workbench.spec.experiment import Spec
from workbench.spec.fingerprint import fingerprint
from workbench.spec.preset import data_of
from workbench.study.search.definition import Definition
from workbench.study.search.folder import NotASweepError, SweepFolder, all_sweeps, create, marked
from workbench.study.search.objective import objective_of
from workbench.study.search.space import Axis
from workbench.study.search.trial import State
from workbench.study.sweep import AS_IT_IS, SweepPlan, best_of, plan_sweep

KEY = "weights"


def weights_sweep(
    spec: Spec, catalogue: Catalogue, n_points: int, tasks: Sequence[TaskFacts]
) -> tuple[SweepPlan, SweepFolder]:
    """The sweep of so many weightings: the one that was asked for before, or a new one.

    Raises ValueError where the tasks cannot be weighted, and OSError.
    """
    plan = plan_sweep(spec, catalogue, n_points, tasks)
    objectives = [objective_of(f"validation:{task.name}", "auto", tasks) for task in tasks]
    definition = Definition(spec, (_axis(plan),), "grid", tuple(objectives))
    return plan, marked(definition.mark) or create(definition, f"{spec.name} weights")


def is_of_weights(definition: Definition) -> bool:
    """Whether it is a sweep of fixed weights."""
    return [axis.key for axis in definition.axes] == [KEY]


def newest_of(spec: Spec) -> SweepFolder | None:
    """The newest sweep of the weights of this very setup and its seeds; None: there is none."""
    mark = fingerprint(spec)
    for folder in all_sweeps():
        try:
            definition = folder.definition() if folder.has_axes([KEY]) else None
        except NotASweepError:
            continue
        if definition is None or definition.spec.seeds != spec.seeds:
            continue
        if fingerprint(definition.spec) == mark:
            return folder
    return None


def weightings(definition: Definition) -> dict[str, str]:
    """What each weighting is called, by the fingerprint of the setup with it."""
    (axis,) = definition.axes
    labels = [label for label in axis.choices if label != AS_IT_IS]
    return {fingerprint(definition.unchecked_at({KEY: label})): label for label in labels}


def best_weighting(definition: Definition, state: State) -> str:
    """What the weighting is called that is best by validation; empty while none is done."""
    done = [
        trial
        for trial in state.trials
        if trial.status == "done" and trial.label != AS_IT_IS and None not in trial.results
    ]
    table = np.asarray([trial.results for trial in done], dtype=np.float64)
    best = best_of(table, [each.is_up for each in definition.objectives]) if done else None
    return "" if best is None else done[best].label


def _axis(plan: SweepPlan) -> Axis:
    """The setup as it is, unless it is one of the weightings, and each of these in their order."""
    as_it_is, *weighted = plan.parts
    parts = {fingerprint(spec): (spec, label) for spec, label in weighted}
    points = [*([] if fingerprint(plan.spec) in parts else [as_it_is]), *parts.values()]
    changes = tuple(_changes(plan.spec, spec) for spec, _ in points)
    return Axis(KEY, "choice", choices=tuple(label for _, label in points), changes=changes)


def _changes(base: Spec, spec: Spec) -> dict[str, Any]:
    """What the point's setup says otherwise, its name aside."""
    before, after = data_of(base), data_of(spec)
    return {
        key: value for key, value in after.items() if key != "name" and before.get(key) != value
    }
