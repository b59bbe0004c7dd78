"""Weights: the sweep of fixed task weights as a case of a sweep: a grid over a list of changes."""

from typing import Any

from workbench.spec.experiment import Spec
from workbench.spec.fingerprint import fingerprint
from workbench.spec.preset import data_of
from workbench.study.search.definition import Definition
from workbench.study.search.objective import Objective
from workbench.study.search.space import Axis
from workbench.study.sweep import SweepPlan

KEY = "weights"


def weights_definition(plan: SweepPlan, objectives: tuple[Objective, ...]) -> Definition:
    """A sweep over the plan's points: the setup as it is, and under each weighting."""
    parts = {fingerprint(spec): (spec, label) for spec, label in reversed(plan.parts)}
    distinct = list(reversed(parts.values()))  # the setup as it is may be one of the weightings
    changes = tuple(_changes(plan.spec, spec) for spec, _ in distinct)
    axis = Axis(KEY, "choice", choices=tuple(label for _, label in distinct), changes=changes)
    return Definition(plan.spec, (axis,), "grid", objectives)


def _changes(base: Spec, spec: Spec) -> dict[str, Any]:
    """What the point's setup says otherwise, its name aside."""
    before, after = data_of(base), data_of(spec)
    return {
        key: value for key, value in after.items() if key != "name" and before.get(key) != value
    }
