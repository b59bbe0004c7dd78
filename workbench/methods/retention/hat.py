"""hat: each task opens the units it needs, and those of the past stay as they were."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from workbench.engine.blocks.retention.heads import require_own_heads
from workbench.engine.blocks.retention.update_mask import Named, UpdateMask
from workbench.engine.blocks.sharing.stage_shapes import channels_of, shapes
from workbench.engine.layers.batch_norm import BatchNorm
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.planned_run import PlannedRun, n_bytes
from workbench.engine.roles.retention import Retention
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Part, Task
from workbench.engine.update.stage_data import StageData
from workbench.engine.update.step import Step
from workbench.spec.cost import Holding
from workbench.spec.event import Table
from workbench.spec.settings import Settings, setting

#: Embeddings stay within ±this, where a gate can still be moved (the authors' code).
_LIMIT = 6.0

#: Layers through which units reach each other, or one task's rows another's.
_NORMS = {nn.LayerNorm: "layer norm", nn.GroupNorm: "group norm", BatchNorm: "batch norm"}


class HAT(Retention):
    """Learns a nearly binary gate on every unit for each task, and holds what past gates opened.

    After each layer l its output is multiplied by aₗ = σ(s·eₗ), e an embedding of the stage. A
    weight from unit j to unit i moves by 1 − min(a_i, a_j), a the largest of all past gates. s
    rises from 1/s_max to s_max in every epoch, and the embedding's gradient is corrected for it to
    s_max·σ′(e). The penalty c·Σ a(1 − a_past)/Σ(1 − a_past) asks for few new units (Serrà et al.,
    ICML 2018). Tasks of one stage have one gate; a task that was not learned yet is answered
    without. The paper's c = 0.75 is for thousands of units: of a few hundred it shuts all before
    they have learned anything. Movement is scaled, not the gradient, which is the same for plain
    gradient descent.
    """

    key = "hat"
    title = "Hard attention to the task"
    formula = "hₗ ← σ(s·eₗ) ⊙ hₗ, Δwᵢⱼ ← (1 − min(aᵢ, aⱼ)) Δwᵢⱼ"
    paper = "Serrà et al., Overcoming catastrophic forgetting with hard attention, ICML 2018"
    link = "https://arxiv.org/abs/1801.01423"
    helps = "Known tasks and next to no forgetting, with plain gradient descent."
    needs = ("stages", "boundaries", "trunk", "single-update")
    is_judged_built = True

    class Settings(Settings):
        """How hard the gates are, and how dear."""

        hardness: float = setting(400.0, "s_max: how near to 0 or 1 gates come.", gt=1, le=1e5)
        strength: float = setting(0.1, "c: how dear it is to open new units.", ge=0, le=1e3)

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.widths: list[int] = []
        #: The embeddings [C] of each layer, by the tasks they were learned for.
        self.embeddings: dict[tuple[str, ...], list[nn.Parameter]] = {}
        #: The largest past gate [C] of each layer.
        self.past: list[Tensor] = []
        self.held = UpdateMask()
        self._learned: list[tuple[str, ...]] = []
        self._now: tuple[str, ...] = ()
        self._answering: tuple[str, ...] | None = None
        self._n_done, self._steps_per_epoch = 0, 1

    def prepare(self, model: Sharing, tasks: Mapping[str, Task]) -> None:
        require_own_heads(tasks)
        stages = model.common_stages()
        if not stages:
            message = "needs tasks whose inputs are of one kind, for one trunk"
            raise BadSpecError("retention.kind", message)
        for stage in stages:
            _weight_of(stage)
        kind = next(iter(tasks.values())).input
        self.widths = [channels_of(shape) for shape in shapes(stages, kind)]
        for i, stage in enumerate(stages):
            stage.register_forward_hook(self._gate(i))

    def _gate(self, layer: int) -> Any:
        def gate(stage: nn.Module, inputs: Any, output: Tensor) -> Tensor:
            del inputs
            key = self._now if self._answering is None else self._answering
            embeddings = self.embeddings.get(key)
            if embeddings is None:
                return output
            opened = self._opened(embeddings[layer], is_learning=stage.training)
            return output * opened.view(-1, *[1] * (output.dim() - 2))

        return gate

    def _opened(self, embedding: Tensor, *, is_learning: bool) -> Tensor:
        highest = self.settings.hardness
        if not is_learning:
            return torch.sigmoid(highest * embedding)
        share = (self._n_done % self._steps_per_epoch) / max(1, self._steps_per_epoch - 1)
        share = share if self._steps_per_epoch > 1 else 1.0
        hardness = 1 / highest + (highest - 1 / highest) * share
        opened: Any = Attention.apply(embedding, hardness, highest)
        return opened

    def grow(self, model: Sharing, stage: int, tasks: Sequence[str]) -> None:
        key = tuple(tasks)
        if key in self.embeddings:
            return
        drawn = [torch.randn(n, generator=self.generator) for n in self.widths]
        device = next(model.parameters()).device
        gates = nn.ParameterList([nn.Parameter(values.to(device)) for values in drawn])
        # Of every task: what is drawn of others at a soft boundary passes through them too.
        model.attach(f"gates of stage {stage + 1}", gates, tuple(model.owners.own))
        self.embeddings[key] = list(gates)

    def on_stage_start(self, stage: StageData) -> None:
        self._now = stage.names
        self._n_done, self._steps_per_epoch = 0, max(1, stage.steps_per_epoch)
        self._find_past()
        self.held.put(self._freedom(stage.model) if self.past else {})

    def _find_past(self) -> None:
        """What other stages opened: a stage that comes again may move what is its own."""
        others = [self.embeddings[key] for key in self._learned if key != self._now]
        gates = [[self._opened(e.detach(), is_learning=False) for e in one] for one in others]
        self.past = [torch.stack(layer).amax(0) for layer in zip(*gates, strict=True)]

    def _freedom(self, model: Sharing) -> Named:
        names = {id(p): name for name, p in model.named_parameters()}
        freedom: Named = {}
        before: Tensor | None = None
        for stage, opened in zip(model.common_stages(), self.past, strict=True):
            layer = _weight_of(stage)
            weight, bias = layer.weight, layer.bias
            used = opened.unsqueeze(1).expand(weight.shape[:2])
            if before is not None:
                # A picture that was made flat has several places for each channel.
                entering = before.repeat_interleave(weight.shape[1] // len(before))
                used = torch.minimum(used, entering.unsqueeze(0))
            shaped = used.view(*used.shape, *[1] * (weight.dim() - 2)).expand_as(weight)
            if id(weight) in names:  # else it is frozen, and nobody moves it
                freedom[names[id(weight)]] = (1 - shaped).contiguous()
                if bias is not None:
                    freedom[names[id(bias)]] = 1 - opened
            before = opened
        return freedom

    def penalty(self, step: Step) -> Tensor | None:
        self.held.before_step(step.model)
        embeddings = self.embeddings.get(self._now)
        if embeddings is None or self.settings.strength == 0:
            return None
        opened = [self._opened(e, is_learning=True) for e in embeddings]
        room = [1 - past for past in self.past] or [torch.ones_like(gate) for gate in opened]
        used = torch.stack([(a * r).sum() for a, r in zip(opened, room, strict=True)]).sum()
        total = torch.stack([r.sum() for r in room]).sum().clamp_min(torch.finfo(used.dtype).tiny)
        return self.settings.strength * used / total

    def after_step(self, step: Step) -> None:
        self.held.after_step()
        self._n_done += 1
        with torch.no_grad():
            for embedding in self.embeddings.get(self._now, ()):
                embedding.clamp_(-_LIMIT, _LIMIT)

    def on_stage_end(self, stage: StageData) -> None:
        if stage.names not in self._learned:
            self._learned.append(stage.names)

    def _key_of(self, task: str) -> tuple[str, ...]:
        """The tasks with which this one was learned last; none if it has not been yet."""
        if task in self._now:
            return self._now
        return next((key for key in reversed(self._learned) if task in key), ())

    def answer(self, model: Sharing, batch: Batch) -> dict[str, Tensor]:
        groups: dict[tuple[str, ...], dict[str, Part]] = {}
        for task, part in batch.items():
            groups.setdefault(self._key_of(task), {})[task] = part
        outputs: dict[str, Tensor] = {}
        try:
            for key, group in groups.items():
                self._answering = key
                outputs.update(model(group))
        finally:
            self._answering = None
        return {task: outputs[task] for task in batch}

    def capacity(self, planned: PlannedRun) -> Holding:
        layers = [_weight_of(stage) for stage in planned.model.common_stages()]
        weights = n_bytes(p for layer in layers for p in layer.parameters())
        return Holding(0, weights + sum(4 * width for width in self.widths))

    def report(self, batch: Mapping[str, Part]) -> Sequence[Table]:
        keys = list(dict.fromkeys([*self._learned, self._now]))
        gates = [
            [self._opened(e, is_learning=False).mean().item() for e in self.embeddings[key]]
            for key in keys
            if key in self.embeddings
        ]
        if not gates:
            return ()
        layers = tuple(f"layer {i + 1}" for i in range(len(self.widths)))
        columns = tuple(" + ".join(key) for key in keys if key in self.embeddings)
        table = Table(
            "units open",
            layers,
            columns,
            np.asarray(gates, np.float32).T.copy(),
            title="Units open to each task",
            meaning="The share of each layer's units that the mask of a task leaves open.",
        )
        return [table]

    def state_dict(self) -> dict[str, Any]:
        return {
            "learned": [list(key) for key in self._learned],
            "now": list(self._now),
            "past": list(self.past),
            "freedom": dict(self.held.freedom),
            "counts": [self._n_done, self._steps_per_epoch],
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._learned = [tuple(key) for key in state["learned"]]
        self._now = tuple(state["now"])
        self.past = list(state["past"])
        self.held.put(state["freedom"])
        self._n_done, self._steps_per_epoch = state["counts"]


class Attention(torch.autograd.Function):
    """σ(s·e), with the gradient s_max·σ′(e): equation 5 of the paper, whose s cancels out."""

    @staticmethod
    def forward(ctx: Any, embedding: Tensor, hardness: float, highest: float) -> Tensor:
        ctx.save_for_backward(embedding)
        ctx.highest = highest
        return torch.sigmoid(hardness * embedding)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        (embedding,) = ctx.saved_tensors
        soft = torch.sigmoid(embedding)
        return gradients[0] * ctx.highest * soft * (1 - soft), None, None


def _weight_of(stage: nn.Module) -> Any:
    """The one layer of a stage that has a weight. Raises BadSpecError if it is not one."""
    parts = list(stage.modules())
    weighted = [layer for layer in parts if isinstance(layer, (nn.Linear, nn.Conv2d))]
    norms = [name for kind, name in _NORMS.items() if any(isinstance(x, kind) for x in parts)]
    if norms:
        message = (
            f"needs units that later tasks cannot reach through others; {norms[0]} makes each unit"
            " depend on others of its layer, or on other rows (encoder.norm)"
        )
        raise BadSpecError("retention.kind", message)
    if len(weighted) != 1:
        message = f"needs stages of one layer each, to gate its units; found one of {len(weighted)}"
        raise BadSpecError("retention.kind", message)
    return weighted[0]
