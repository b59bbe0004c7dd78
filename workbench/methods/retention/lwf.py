"""lwf: keep answering new examples as the old network did."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.blocks.retention.snapshot import Snapshot
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.planned_run import PlannedRun
from workbench.engine.roles.retention import Retention
from workbench.engine.roles.task import NOT_ASKED, Classes, Labels, Part, Task, TokensOut
from workbench.engine.update.stage_data import StageData
from workbench.engine.update.step import Step
from workbench.spec.cost import Holding
from workbench.spec.settings import Settings, setting


class LwF(Retention):
    """Holds the old tasks' answers to new examples to those of the network before this stage.

    λ τ² KL(old ‖ new) of the softmax at temperature τ, for the head of each past task, on the
    inputs of the batch (Li & Hoiem, TPAMI 2017, with the τ² of Hinton's distillation). Of a head
    that tasks share, the outputs are those of the classes learned so far, where the tasks say
    which. Labels are choices between two, each. For values it is the mean squared difference. No
    data are kept, only a network.
    """

    key = "lwf"
    title = "Learning without forgetting"
    formula = "L = L(batch) + λ τ² KL(softmax(z_old/τ) ‖ softmax(z/τ))"
    paper = "Li & Hoiem, Learning without forgetting, TPAMI 2017"
    link = "https://arxiv.org/abs/1606.09282"
    helps = "Tasks whose identity is known and whose inputs look alike. Nothing may be kept."
    needs = ("stages", "boundaries", "single-update")

    class Settings(Settings):
        """How hard old answers are held."""

        strength: float = setting(1.0, "λ: how hard old answers are held.", ge=0, le=1e6)
        temperature: float = setting(
            2.0, "τ: the higher, the more small probabilities count.", gt=0, le=1e3
        )

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.old = Snapshot()
        self.past: list[str] = []

    def penalty(self, step: Step) -> Tensor | None:
        if not self.past or self.settings.strength == 0:
            return None
        terms: list[Tensor] = []
        for name, part in _with_distinct_inputs(step.batch).items():
            past_tasks = self._past_tasks(step.tasks, step.tasks[name], part)
            if past_tasks:
                old, new = self.old.outputs(step.model, past_tasks), step.on(past_tasks).outputs
                terms += [
                    self._distilled(step.tasks, task, old[task], new[task], part)
                    for task in past_tasks
                ]
        return torch.stack(terms).sum() * self.settings.strength if terms else None

    def _distilled(
        self, tasks: Mapping[str, Task], task: str, old: Tensor, new: Tensor, part: Part
    ) -> Tensor:
        kind = tasks[task].output
        if isinstance(kind, TokensOut):  # padding, and what is only read, is nobody's answer
            is_asked = part.target != NOT_ASKED
            return distillation(old[is_asked], new[is_asked], self.settings.temperature)
        old, new = _seen(tasks, self.past, task, old, new)
        if isinstance(kind, Labels):  # each of them is a choice between two
            old, new = _as_choices(old), _as_choices(new)
        has_classes = isinstance(kind, Classes | Labels)
        return distillation(old, new, self.settings.temperature, has_classes=has_classes)

    def _past_tasks(self, tasks: Mapping[str, Task], source: Task, part: Part) -> Batch:
        """The inputs of a part, for one past task of each head that takes such inputs."""
        by_head = {
            tasks[name].head: name
            for name in self.past
            if tasks[name].inputs == source.inputs and _is_alike(tasks[name], source)
        }
        return {name: Part(part.inputs, part.target) for name in by_head.values()}

    def on_stage_end(self, stage: StageData) -> None:
        self.old.take(stage.model)
        self.past += [name for name in stage.names if name not in self.past]

    def capacity(self, planned: PlannedRun) -> Holding:
        return Holding(0, planned.values)

    def state_dict(self) -> dict[str, Any]:
        return {"old": self.old.state_dict(), "past": list(self.past)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.old.load_state_dict(state["old"])
        self.past = list(state["past"])


def distillation(
    old: Tensor, new: Tensor, temperature: float, *, has_classes: bool = True
) -> Tensor:
    """Mean over examples of τ² KL(old ‖ new) of logits [B, n]; of values, squared."""
    if not has_classes:
        return functional.mse_loss(new, old)
    divergence = functional.kl_div(
        functional.log_softmax(new / temperature, -1),
        functional.log_softmax(old / temperature, -1),
        reduction="batchmean",
        log_target=True,
    )
    return temperature**2 * divergence


def _as_choices(logits: Tensor) -> Tensor:
    """Logits of labels [B, n] as those of n choices an example between there and not, [B·n, 2]."""
    return torch.stack([logits, torch.zeros_like(logits)], -1).flatten(0, 1)


def _is_alike(task: Task, other: Task) -> bool:
    """Whether both answer in texts, or neither does: else their answers stand at other places."""
    return isinstance(task.output, TokensOut) == isinstance(other.output, TokensOut)


def _with_distinct_inputs(batch: Batch) -> Batch:
    """The parts of a batch without those whose inputs another has."""
    by_inputs = {tuple(map(id, part.inputs.values())): name for name, part in batch.items()}
    return {name: batch[name] for name in by_inputs.values()}


def _seen(
    tasks: Mapping[str, Task], past: list[str], task: str, old: Tensor, new: Tensor
) -> tuple[Tensor, Tensor]:
    """Old and new outputs of a task's head, of the classes that its past tasks have."""
    users = [tasks[name] for name in past if tasks[name].head == tasks[task].head]
    classes = sorted({label for user in users for label in user.classes})
    if not classes or not all(user.classes for user in users):
        return old, new
    chosen = torch.tensor(classes, device=old.device)
    return old.index_select(-1, chosen), new.index_select(-1, chosen)
