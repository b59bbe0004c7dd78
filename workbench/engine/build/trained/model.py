"""TrainedModel: what a run learned, put together from its record alone, to be asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from workbench.engine.build.catalogue import Catalogue
from workbench.engine.build.compiler_stub import leave_out_compiler
from workbench.engine.build.parts import (
    encoder_of,
    method_of,
    model_of,
    retention_of,
    with_earlier_defaults,
)
from workbench.engine.build.trained.description import tasks_of
from workbench.engine.roles.batch import Batch, Part
from workbench.engine.roles.curriculum import Curriculum
from workbench.engine.roles.learner import Learner
from workbench.engine.roles.retention import Retention
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Task, taught
from workbench.engine.training import checkpoint
from workbench.spec.experiment import Spec
from workbench.spec.question import RefusedError
from workbench.spec.trained.description import ModelDescription


@dataclass(frozen=True, slots=True, eq=False)
class TrainedModel:
    """A model at one of its checkpoints, on the CPU and in evaluation mode; its tasks have no data.

    `threads` is the number that the run was computed with: another would round differently.
    """

    description: ModelDescription
    tasks: Mapping[str, Task]
    model: Sharing
    retention: Retention
    learner: Learner
    step: int
    threads: int

    def outputs(self, batch: Batch, supports: Batch | None = None) -> dict[str, Tensor]:
        """Outputs by task of a batch of rows [B, …].

        A learner that adapts learns from `supports` first, rows of each task. Raises RefusedError.
        """
        ask = partial(self.retention.answer, self.model)
        with torch.no_grad():
            if not self.learner.adapts:
                return self.learner.answer(ask, self.model, batch)
            outputs: dict[str, Tensor] = {}
            for name, query in batch.items():
                if not supports or name not in supports:
                    raise RefusedError(f"{self.learner.title} adapts: it needs rows with answers")
                support, lifted = _lifted(supports[name]), _lifted(query)
                steps = (self.learner.judged_after,)
                outputs[name] = self.learner.answers(self.model, name, support, lifted, steps)[0, 0]
            return outputs


def _lifted(part: Part) -> Part:
    """Rows as those of one small task."""
    inputs = {view: values.unsqueeze(0) for view, values in part.inputs.items()}
    return Part(inputs, part.target.unsqueeze(0))


def trained_model(
    spec: Spec,
    seed: int,
    catalogue: Catalogue,
    description: ModelDescription,
    saved: checkpoint.Saved,
) -> TrainedModel:
    """The model of a run as a checkpoint has it. Raises RefusedError and BadSpecError.

    The data of the run are not looked at: they may be gone.
    """
    leave_out_compiler()
    if description.reason:
        raise RefusedError(description.reason)
    try:
        tasks = tasks_of(description)
    except ValueError as error:
        raise RefusedError(str(error)) from None
    curriculum: Curriculum = method_of(catalogue, spec, "curriculum")
    learner: Learner = method_of(catalogue, spec, "learner")
    model = _as_before(spec, seed, catalogue, tasks, curriculum, learner, saved)
    retention: Retention = retention_of(spec, seed, catalogue)
    retention.knows_boundaries = curriculum.tells_boundaries
    retention.prepare(model, tasks)
    for stage, names in enumerate(_begun(saved, curriculum, tasks)):
        model.begin(stage, names)
        retention.grow(model, stage, names)
    checkpoint.restore_values(saved, model)
    roles: Mapping[str, Any] = saved.state["roles"]
    retention.load_state_dict(roles["retention"])
    learner.load_state_dict(roles["learner"])
    model.eval()
    step: int = saved.state["step"]
    return TrainedModel(description, tasks, model, retention, learner, step, saved.threads)


def _as_before(
    spec: Spec,
    seed: int,
    catalogue: Catalogue,
    tasks: dict[str, Task],
    curriculum: Curriculum,
    learner: Learner,
    saved: checkpoint.Saved,
) -> Sharing:
    """The model before its first stage, in the shapes of the checkpoint."""
    stages = curriculum.stages(taught(tasks), spec.training.epochs)
    stages = stages[:1] if curriculum.detector is not None else stages
    encoder = encoder_of(spec, catalogue, tasks, stages)
    model = model_of(spec, seed, catalogue, tasks, encoder, learner)
    if checkpoint.fits(saved, model):
        return model
    spec = with_earlier_defaults(spec, catalogue)
    encoder = encoder_of(spec, catalogue, tasks, stages)
    return model_of(spec, seed, catalogue, tasks, encoder, learner)


def _begun(
    saved: checkpoint.Saved, curriculum: Curriculum, tasks: Mapping[str, Task]
) -> list[tuple[str, ...]]:
    """The tasks of each stage that had begun, as the learner was told."""
    n_begun = saved.n_begun
    if not curriculum.tells_boundaries:
        return [tuple(tasks)] if n_begun else []
    groups = saved.plan.get("groups")
    if groups is None:  # an earlier version saved no plan
        groups = [stage.tasks for stage in curriculum.stages(taught(tasks), 1)]
    return [tuple(group) for group in groups[:n_begun]]


def newest_or_at(folder: Path, step: int | None) -> checkpoint.Saved:
    """A run's checkpoint of a step, kept ones of stage ends too; None: its newest.

    Raises RefusedError where there is none such, or it is damaged.
    """
    places = [folder / "checkpoint", folder / "kept"]
    try:
        if step is None:
            saved, _ = checkpoint.load_newest(places[0], sets_aside=False)
            if saved is None:
                raise RefusedError("this run has no checkpoint: it was cut short before the first")
            return saved
        for place in places:
            at = checkpoint.saved_at(place, step)
            if at is not None:
                return checkpoint.load(at)
    except checkpoint.DamagedError as error:
        raise RefusedError(str(error)) from None
    known = ", ".join(f"{each:,}" for each in saved_steps(folder)) or "none"
    raise RefusedError(f"this run was not saved at step {step:,}; it was at {known}")


def saved_steps(folder: Path) -> tuple[int, ...]:
    """The steps at which a run's model can be asked, the first one first."""
    steps = {
        step for name in ("checkpoint", "kept") for step in checkpoint.saved_steps(folder / name)
    }
    return tuple(sorted(steps))
