"""er-ace: replay in which new classes do not push the old ones down."""

from collections.abc import Mapping
from typing import Any

import torch

from workbench.engine.blocks.retention.memory import mixed
from workbench.engine.blocks.retention.rehearsal import ReplaySettings
from workbench.engine.blocks.retention.reservoir import Reservoir
from workbench.engine.numerics.missing import answered_rows
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.planned_run import PlannedRun
from workbench.engine.roles.retention import Retention, StoredExamples
from workbench.engine.roles.task import Classes, Part, Task, answered_parts
from workbench.engine.update.stage_data import StageData
from workbench.engine.update.step import Step
from workbench.spec.cost import Holding


class ERACE(Retention):
    """Replay where the new examples choose among their own classes, the replayed among all.

    L(batch over its classes) + λ L(sample of memory over all classes) (Caccia et al., ICLR 2022):
    the new classes' gradient does not reach the outputs of the old, which only the memory sets
    against each other. So the memory, a uniform sample of all that came by, is filled at every
    step, and needs no stages. Where all classes are in a batch it is plain replay. As in the
    authors' code the first stage is learned among all classes: there is no past to be spared, and
    classes to come are pushed down as in any network. Nobody says where the first stage of a
    stream without boundaries ends, so there the batch's own classes are the rule throughout.
    """

    key = "er-ace"
    title = "ER-ACE"
    formula = "L = L(batch | its classes) + λ L(sample of memory)"
    paper = "Caccia et al., New insights on reducing abrupt representation change, ICLR 2022"
    link = "https://arxiv.org/abs/2203.03798"
    helps = "One head for all classes, with a small memory."
    needs = ("stages", "single-update")
    mixes_examples = True

    Settings = ReplaySettings

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.memory = Reservoir(settings.memory, generator)
        self.n_classes: dict[str, int] = {}
        #: Whether new examples choose among their own classes alone.
        self.is_asymmetric = False
        self._new: Batch = {}

    def on_stage_start(self, stage: StageData) -> None:
        self.is_asymmetric = stage.index > 0 or not self.knows_boundaries
        self.n_classes = {name: n for name, task in stage.tasks.items() if (n := _n_classes(task))}

    def augment_batch(self, batch: Batch) -> Batch:
        self._new = dict(batch)
        narrowed = dict(batch)
        if self.is_asymmetric:
            narrowed = {task: self._narrowed(task, part) for task, part in batch.items()}
        drawn = self.memory.draw(self.settings.batch_size)
        return mixed(narrowed, drawn.batch, self.settings.strength) if drawn else narrowed

    def _narrowed(self, task: str, part: Part) -> Part:
        n_classes = self.n_classes.get(task)
        if n_classes is None:
            return part
        class_mask = torch.zeros(n_classes, dtype=torch.bool, device=part.target.device)
        class_mask[part.target[answered_rows(part.target)]] = True
        return part.changed(class_mask=class_mask.expand(len(part), n_classes))

    def after_step(self, step: Step) -> None:
        self.memory.add(answered_parts(step.tasks, self._new), {}, self.stage)

    def capacity(self, planned: PlannedRun) -> Holding:
        return self.memory.capacity(planned.tasks, has_outputs=False)

    def stored_examples(self) -> Mapping[str, StoredExamples]:
        return self.memory.stored_examples()

    def state_dict(self) -> dict[str, Any]:
        return {
            "memory": self.memory.state_dict(),
            "n_classes": dict(self.n_classes),
            "is_asymmetric": self.is_asymmetric,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.memory.load_state_dict(state["memory"])
        self.n_classes = dict(state["n_classes"])
        self.is_asymmetric = state.get("is_asymmetric", True)  # an earlier version always was


def _n_classes(task: Task) -> int | None:
    return task.output.n if isinstance(task.output, Classes) else None
