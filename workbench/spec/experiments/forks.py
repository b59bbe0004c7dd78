"""Forks: the setups of runs that go on from others."""

from workbench.spec.experiment import Spec, Start


def forked(spec: Spec, run: str, step: int) -> Spec:
    """The setup of a run that begins where `run`, of this setup, was saved at `step`.

    What was changed live before is in the checkpoint; what was changed later is not made again.
    """
    return spec.model_copy(update={"start": Start(run=run, step=step), "interventions": ()})


def lengthened(spec: Spec, more: int) -> Spec:
    """A setup whose stages take so many epochs more; steps, where those are what it counts."""
    training = spec.training
    counted = "steps" if training.steps else "epochs"
    longer = training.model_copy(update={counted: getattr(training, counted) + more})
    return spec.model_copy(update={"training": longer})
