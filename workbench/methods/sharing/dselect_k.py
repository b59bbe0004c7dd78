"""dselect-k: gates that choose k experts, smoothly."""

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from workbench.engine.blocks.sharing.towers import Columns
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.report_tables import figures, numbered
from workbench.engine.roles.sharing import Heads, Sharing, inputs_of, module_name
from workbench.engine.roles.structure_builder import StructureBuilder, sketch_mixture
from workbench.engine.roles.task import Task
from workbench.spec.event import Table
from workbench.spec.settings import Settings, setting
from workbench.spec.structure import Structure


class DSelectK(Sharing):
    """Experts that all tasks share, of which each task learns to use at most k.

    Each of a task's k selectors names an expert by bits, S(z): a smooth step that is exactly 0 or
    1 beyond ±γ/2, so that a selector ends at one expert (Hazimeh et al. 2021, the static gates:
    the choice depends on the task, not on the example). The entropy of the selectors is penalised
    to make them choose; where the experts are no power of two, also the weight on names that no
    expert has, as in the paper.
    """

    key = "dselect-k"
    title = "DSelect-k"
    formula = "ŷₜ = headₜ(Σₑ qₑ fₑ(x)),  q = Σₖ softmax(α)ₖ r(zₖ),  r(z)ₑ = Πⱼ S(zⱼ) or 1 − S(zⱼ)"
    paper = "Hazimeh et al., DSelect-k: differentiable selection in the mixture of experts, 2021"
    link = "https://arxiv.org/abs/2106.03760"
    helps = "Many experts of which a task needs few; shows which tasks belong together."
    gives = ("shared-parameters", "points")

    class Settings(Settings):
        """How many experts, and how they are chosen."""

        experts: int = setting(4, "Number of experts.", ge=2, le=256)
        k: int = setting(2, "Experts that a task may use in the end.", ge=1, le=256)
        width: float = setting(
            1.0, "γ: over what stretch of z the smooth step rises.", gt=0, le=100
        )
        entropy: float = setting(
            0.001, "λ: how hard selectors are pressed to choose one expert.", ge=0, le=1e6
        )

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__(settings, tasks, encoder)
        n, k = settings.experts, settings.k
        n_bits = math.ceil(math.log2(n))
        self.experts = Columns(tasks, encoder, n)
        self.heads = Heads(tasks, encoder.width)
        # Near the middle of the step, where its slope is largest; the paper's initial values.
        near = settings.width / 100
        self.names = nn.ParameterDict(
            {
                module_name(task.name): nn.Parameter(torch.empty(k, n_bits).uniform_(-near, near))
                for task in tasks
            }
        )
        self.parts = nn.ParameterDict(
            {module_name(task.name): nn.Parameter(torch.zeros(k)) for task in tasks}
        )
        places = torch.arange(n_bits)
        bits = (torch.arange(n).unsqueeze(1) >> places) & 1
        self.register_buffer("bits", bits.float(), persistent=False)
        self.experts.tell(self.owners)
        for task in tasks:
            for parameters in (self.names, self.parts):
                self.owners.give(task.name, parameters[module_name(task.name)])
        self.heads.tell(self.owners)

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        inputs = inputs_of(batch)
        features, rows = self.experts(inputs)
        weights = self.weights(list(inputs))
        if rows.is_one:
            mixed = (weights @ features.flatten(1)).view(len(inputs), *features.shape[1:])
            return self.heads(dict(zip(inputs, mixed.unbind(), strict=True)))
        return self.heads(
            {
                task: torch.einsum("e,eb...->b...", weight, rows.of(features, task, 1))
                for task, weight in zip(inputs, weights, strict=True)
            }
        )

    def weights(self, tasks: Sequence[str]) -> Tensor:
        """Weights [T, E] of the experts for these tasks."""
        parts = torch.stack([self.parts[module_name(task)] for task in tasks]).softmax(-1)
        return torch.einsum("tk,tke->te", parts, self._selectors(tasks))

    def _selectors(self, tasks: Sequence[str]) -> Tensor:
        """Weights [T, k, E] of the experts in each selector."""
        names = torch.stack([self.names[module_name(task)] for task in tasks])
        steps = smooth_step(names, self.settings.width).unsqueeze(-2)
        bits = self.get_buffer("bits")
        return (bits * steps + (1 - bits) * (1 - steps)).prod(-1)

    def report(self, batch: Batch) -> list[Table]:
        del batch
        tasks = list(self.owners.own)
        experts = numbered("expert", self.settings.experts)
        return [figures("gates", tasks, experts, self.weights(tasks))]

    def structure(self) -> Structure:
        builder = StructureBuilder(self.owners)
        names = numbered("expert", self.settings.experts)
        own = {task: module_name(task) for task in builder.tasks}
        gates = {task: [self.names[name], self.parts[name]] for task, name in own.items()}
        stages = self.experts.builder(builder, "expert", names)
        sketch_mixture(builder, stages, names, gates, self.heads, reads_input=False)
        return builder.done()

    def regulariser(self) -> Tensor | None:
        if self.settings.entropy == 0:
            return None
        tasks = list(self.owners.own)
        weights = self._selectors(tasks)
        penalty = -(weights * (weights + 1e-6).log()).sum()
        n_experts = weights.shape[-1]
        if n_experts & (n_experts - 1):
            penalty = penalty + (1 / weights.sum(-1).clamp_min(1e-6)).sum()
        return self.settings.entropy * penalty


def smooth_step(t: Tensor, width: float) -> Tensor:
    """0 below −γ/2, 1 above γ/2, and −2t³/γ³ + 3t/(2γ) + ½ between."""
    x = (t / width).clamp(-0.5, 0.5)
    return -2 * x**3 + 1.5 * x + 0.5
