"""What findings look at, from a run as the window keeps it."""

import numpy as np

from workbench.spec.event import Diverged
from workbench.study.findings.run_facts import RunFacts, ends_of_losses
from workbench.ui.model.run_model import RunModel


def facts_of(model: RunModel) -> RunFacts:
    """The facts of a run, as far as it went."""
    if model.began is None:
        return RunFacts(seed=model.seed, ending=model.ending, step=model.step)
    first, last = ends_of_losses(model.steps.losses)
    n_probes, n_conflicts = model.probes.conflict_counts(0)
    return RunFacts(
        seed=model.seed,
        ending=model.ending,
        step=model.step,
        diverged_on=model.last.task if isinstance(model.last, Diverged) else "",
        tasks=model.tasks,
        stages=tuple(stage.tasks for stage in model.began.stages),
        matrix=np.asarray(model.matrix, dtype=np.float64),
        baseline=np.asarray(model.baseline, dtype=np.float64),
        first_losses=first,
        last_losses=last,
        n_probes=n_probes,
        n_conflicts=n_conflicts,
    )
