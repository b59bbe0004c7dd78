"""Forks: the setups of runs that go on from others, and what these left to go on from."""

from dataclasses import dataclass
from pathlib import Path

from workbench.spec.experiment import Spec, Start
from workbench.spec.trained.description import ModelDescription


@dataclass(frozen=True, slots=True)
class Origin:
    """What a run begins from: a checkpoint, and setup and description of the run that saved it.

    There is no description where an earlier version saved it.
    """

    checkpoint: Path
    spec: Spec
    description: ModelDescription | None = None


def forked(spec: Spec, run: str, step: int) -> Spec:
    """The setup of a run that begins where `run`, of this setup, was saved at `step`.

    What was changed live before is in the checkpoint; what was changed later is not made again.
    """
    start = Start(run=run, step=step, freeze=spec.freeze)
    return spec.model_copy(update={"start": start, "interventions": ()})


def lengthened(spec: Spec, more: int) -> Spec:
    """A setup whose stages take so many epochs more; steps, where those are what it counts."""
    training = spec.training
    counted = "steps" if training.steps else "epochs"
    longer = training.model_copy(update={counted: getattr(training, counted) + more})
    return spec.model_copy(update={"training": longer})
