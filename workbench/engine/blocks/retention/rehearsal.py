"""Rehearsal: what methods that keep examples of the past have in common around their memory."""

from collections.abc import Mapping
from typing import Any, Literal

import torch
from torch import Tensor

from workbench.engine.blocks.retention.memory import Memory, Rule
from workbench.engine.blocks.retention.reservoir import Reservoir
from workbench.engine.numerics.missing import answered_rows
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.planned_run import PlannedRun
from workbench.engine.roles.retention import Retention, StoredExamples
from workbench.engine.roles.task import answered_parts
from workbench.engine.update.stage_data import StageData
from workbench.engine.update.step import Step
from workbench.spec.cost import Holding
from workbench.spec.settings import Settings, setting


class MemorySettings(Settings):
    """The size of a memory of examples."""

    memory: int = setting(
        200, "Examples kept in all.", ge=1, le=10_000_000, unit="examples", title="Memory"
    )


class ReplaySettings(MemorySettings):
    """Size and use of a memory from which every batch is filled up."""

    batch_size: int = setting(
        32, "Examples replayed with each batch.", ge=1, le=1_000_000, unit="examples"
    )
    strength: float = setting(1.0, "λ: weight of the replayed examples' mean loss.", ge=0, le=1e6)


class Rehearsal(Retention):
    """A method with a sample of what was seen, by task, of `size` and `rule`.

    Examples enter when their stage ends, so that several passes do not count them twice; where
    nobody says when that is, at every step. What is learned from them is the method's own.
    """

    def __init__(
        self, settings: Any, generator: torch.Generator, size: int, rule: Rule = "uniform"
    ) -> None:
        super().__init__(settings, generator)
        self.memory = Memory(size, generator, rule)
        #: The examples of the step that is on which are not of the memory.
        self._new: Batch = {}

    def augment_batch(self, batch: Batch) -> Batch:
        self._new = batch
        return batch

    def after_step(self, step: Step) -> None:
        if not self.knows_boundaries:
            self.memory.add(answered_parts(step.tasks, self._new), self.stage)

    def on_stage_end(self, stage: StageData) -> None:
        self.memory.add(stage.train, stage.index)

    def capacity(self, planned: PlannedRun) -> Holding:
        return self.memory.capacity(planned.tasks)

    def stored_examples(self) -> Mapping[str, StoredExamples]:
        return self.memory.stored_examples()

    def state_dict(self) -> dict[str, Any]:
        return self.memory.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.memory.load_state_dict(state)


def answered_outputs(step: Step, new: Batch) -> Mapping[str, Tensor]:
    """The outputs of a step's new examples that have an answer: they come before those replayed."""
    if not any(step.tasks[name].lacks_answers for name in new):
        return step.outputs
    return {
        name: step.outputs[name][: len(part)][answered_rows(part.target)]
        for name, part in new.items()
    }


class DarkSettings(MemorySettings):
    """Size of a memory of examples and outputs, and when it is filled."""

    fill: Literal["stage", "step"] = setting(
        "step",
        "When examples enter: at every step, with the outputs on the way, or at the end of"
        " their stage, with those of the network that has learned them. In a stream without"
        " boundaries always at every step.",
    )


class DarkRehearsal(Retention):
    """A method with a reservoir of examples and of what the model said of them."""

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.memory = Reservoir(settings.memory, generator)
        self.fill: str = settings.fill
        #: The examples of the step that is on which are not of the memory.
        self._new: Batch = {}

    def augment_batch(self, batch: Batch) -> Batch:
        self._new = batch
        return batch

    @property
    def _fills_at_steps(self) -> bool:
        return self.fill == "step" or not self.knows_boundaries

    def after_step(self, step: Step) -> None:
        if self._fills_at_steps:
            new = answered_parts(step.tasks, self._new)
            outputs = answered_outputs(step, self._new)
            self.memory.add(new, outputs, self.stage)

    def on_stage_end(self, stage: StageData) -> None:
        if not self._fills_at_steps:
            self.memory.add(stage.train, stage.outputs(), self.stage)

    def capacity(self, planned: PlannedRun) -> Holding:
        return self.memory.capacity(planned.tasks, has_outputs=True)

    def stored_examples(self) -> Mapping[str, StoredExamples]:
        return self.memory.stored_examples()

    def state_dict(self) -> dict[str, Any]:
        return {**self.memory.state_dict(), "fill": self.fill}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.memory.load_state_dict(state)
        if "fill" not in state and "fill" not in self.settings.model_fields_set:
            self.fill = "stage"  # what was meant where an earlier version saved it
