"""packnet: each task keeps the weights it needs most, and gives the rest back."""

import contextlib
from collections.abc import Generator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from workbench.engine.blocks.retention.heads import require_own_heads
from workbench.engine.blocks.retention.update_mask import Named, UpdateMask
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.planned_run import PlannedRun
from workbench.engine.roles.retention import Retention
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Part, Task
from workbench.engine.update.stage_data import StageData
from workbench.engine.update.step import Step
from workbench.spec.cost import Holding
from workbench.spec.event import Table
from workbench.spec.settings import Settings, setting

#: Owner of a weight that no stage has kept.
FREE = -1


class PackNet(Retention):
    """Packs the tasks into one network: after each, its smallest weights are pruned and reused.

    A stage trains the weights that are free, with those of the past in use but frozen. Then, in
    each layer, the share `prune` of them with the smallest size is set to zero, and the rest is
    trained on without them, for the share `retrain` of the stage (Mallya & Lazebnik, CVPR 2018).
    When a task is asked, only its own weights and older ones are in use, so what it answers never
    changes again. Biases, and scales and statistics of batch norm, are learned in the first stage
    alone, as in the paper. Weights of the
    head and others that only one task uses are frozen after its stage. Frozen means that a step's
    movement is taken back: no optimizer moves them.
    """

    key = "packnet"
    title = "PackNet"
    formula = "f(x; θ ⊙ [owner ≤ t]), keep the largest |θ| of the free ones"
    paper = "Mallya & Lazebnik, PackNet: adding multiple tasks to a single network, CVPR 2018"
    link = "https://arxiv.org/abs/1711.05769"
    helps = "Known tasks and no forgetting at all; a network has room for only so many."
    needs = ("stages", "boundaries", "shared-parameters", "single-update")
    is_judged_built = True

    class Settings(Settings):
        """How much each task gives back."""

        prune: float = setting(
            0.75, "Share of the free weights that a stage gives back.", gt=0, lt=1
        )
        retrain: float = setting(0.3, "Share of a stage that is trained after pruning.", ge=0, lt=1)

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        #: The stage that keeps each shared weight, by parameter name.
        self.owner: Named = {}
        #: The last stage in which each past task was learned.
        self.level: dict[str, int] = {}
        self.held = UpdateMask()
        self._stage, self._first, self._n_done, self._prune_at = 0, -1, 0, 0

    def prepare(self, model: Sharing, tasks: Mapping[str, Task]) -> None:
        require_own_heads(tasks)
        self.held.hold_in(model)

    def on_stage_start(self, stage: StageData) -> None:
        self._stage, self._n_done = stage.index, 0
        self._first = stage.index if self._first < 0 else self._first
        # A stage of unknown length is pruned at its end, which leaves nothing to train on.
        before = round(stage.steps * (1 - self.settings.retrain))
        self._prune_at = max(1, before) if stage.steps else 0
        shared = _names(stage.model, stage.model.shared_parameters())
        for name, parameter in shared.items():
            if parameter.dim() >= 2 and name not in self.owner:
                self.owner[name] = torch.full_like(parameter, FREE, dtype=torch.int16)
        for task in stage.names:
            self.level.pop(task, None)
        freedom: Named = {
            name: parameter.detach().new_tensor(float(stage.index == self._first))
            for name, parameter in shared.items()
        }
        for task in self.level:
            for name, parameter in _names(stage.model, stage.model.task_parameters(task)).items():
                freedom[name] = parameter.detach().new_zeros(())
        self.held.put({**freedom, **self._trainable(FREE)})

    def _trainable(self, owner: int) -> Named:
        return {name: (known == owner).float() for name, known in self.owner.items()}

    def penalty(self, step: Step) -> None:
        # Nothing to add: this is the last moment before the parameters move.
        self.held.before_step(step.model)

    def after_step(self, step: Step) -> None:
        self.held.after_step()
        self._n_done += 1
        if self._n_done == self._prune_at:
            self._prune(step.model)

    def _prune(self, model: nn.Module) -> None:
        """Keep the largest of each layer's free weights; the others are zero and stay so."""
        parameters = dict(model.named_parameters())
        for name, owner in self.owner.items():
            weight = parameters[name].detach()
            free = owner == FREE
            n_kept = round(int(free.sum()) * (1 - self.settings.prune))
            sizes = torch.where(free, weight.abs(), -1.0).flatten()
            mask = torch.zeros_like(sizes, dtype=torch.bool)
            mask[sizes.topk(n_kept).indices] = True
            owner[mask.view_as(owner)] = self._stage
            weight[owner == FREE] = 0
            if n_kept == 0:
                self.notice(f"{name} has no weights left for this stage: its old ones are used")
        self.held.put({**self.held.freedom, **self._trainable(self._stage)})

    def on_stage_end(self, stage: StageData) -> None:
        if self._n_done < self._prune_at or not self._prune_at:
            self._prune(stage.model)
        self.level.update(dict.fromkeys(stage.names, stage.index))

    def answer(self, model: Sharing, batch: Batch) -> dict[str, Tensor]:
        groups: dict[int | None, dict[str, Part]] = {}
        for task, part in batch.items():
            groups.setdefault(self.level.get(task), {})[task] = part
        outputs: dict[str, Tensor] = {}
        for level, group in groups.items():
            with self._up_to(model, level):
                outputs.update(model(group))
        return {task: outputs[task] for task in batch}

    @contextlib.contextmanager
    def _up_to(self, model: nn.Module, level: int | None) -> Generator[None]:
        """The model with the weights of the stages up to one alone; None: with all."""
        saved: list[tuple[Tensor, Tensor]] = []
        if level is not None:
            parameters = dict(model.named_parameters())
            with torch.no_grad():
                for name, owner in self.owner.items():
                    unused = (owner == FREE) | (owner > level)
                    saved.append((parameters[name], parameters[name].detach().clone()))
                    parameters[name].masked_fill_(unused, 0)
        try:
            yield
        finally:
            with torch.no_grad():
                for parameter, values in saved:
                    parameter.copy_(values)

    def capacity(self, planned: PlannedRun) -> Holding:
        """Of a shared weight its owner and whether it may move; of another parameter one number."""
        weights = [p for p in planned.model.shared_parameters() if p.dim() >= 2]
        owned = sum(p.numel() * (2 + p.element_size()) for p in weights)
        return Holding(0, owned + 4 * (len(list(planned.model.parameters())) - len(weights)))

    def report(self, batch: Mapping[str, Part]) -> Sequence[Table]:
        if not self.owner:
            return ()
        owners = [*range(self._stage + 1), FREE]
        shares = [
            [(known == k).float().mean().item() for k in owners] for known in self.owner.values()
        ]
        columns = (*(f"stage {k + 1}" for k in owners[:-1]), "free")
        table = Table(
            "weights used",
            tuple(self.owner),
            columns,
            np.asarray(shares, np.float32),
            title="Weights owned by each stage",
            meaning="The share of each layer's weights that each stage owns and freezes.",
        )
        return [table]

    def state_dict(self) -> dict[str, Any]:
        return {
            "owner": dict(self.owner),
            "level": dict(self.level),
            "freedom": dict(self.held.freedom),
            "counts": [self._stage, self._first, self._n_done, self._prune_at],
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.owner = dict(state["owner"])
        self.level = dict(state["level"])
        self.held.put(state["freedom"])
        self._stage, self._first, self._n_done, self._prune_at = state["counts"]


def _names(model: nn.Module, parameters: Sequence[nn.Parameter]) -> dict[str, nn.Parameter]:
    wanted = {id(parameter) for parameter in parameters}
    return {name: p for name, p in model.named_parameters() if id(p) in wanted}
