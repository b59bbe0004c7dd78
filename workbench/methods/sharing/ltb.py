"""ltb: a tree of stages, whose branches are learned."""

from collections.abc import Sequence
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from workbench.engine.blocks.sharing.towers import Columns
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.report_tables import by_stage, figures, numbered
from workbench.engine.roles.sharing import Heads, Sharing, inputs_of
from workbench.engine.roles.structure_builder import StructureBuilder
from workbench.engine.roles.task import Task
from workbench.spec.event import Table
from workbench.spec.settings import Settings, setting
from workbench.spec.structure import Structure


class LTB(Sharing):
    """Learns to branch: each copy of a stage, and each head, chooses one parent below it.

    The choice is drawn anew in every training step, d = softmax((θ + g)/τ) with Gumbel noise g,
    and a child reads Σ dᵢ hᵢ (Guo et al. 2020). The temperature τ falls as training goes on, so
    that the choice turns from a mixture into one parent; evaluation takes the parent with the
    largest θ. Sharing is what tasks have in common on their way down.
    """

    key = "ltb"
    title = "Learning to branch"
    formula = "xⱼ = Σᵢ dᵢⱼ hᵢ,  dⱼ = softmax((θⱼ + g)/τ),  g ~ Gumbel"
    paper = "Guo, Lee & Ulbricht, Learning to branch for multi-task learning, ICML 2020"
    link = "https://arxiv.org/abs/2006.01895"
    helps = "Several tasks in groups that are not known: the tree shows them."
    gives = ("shared-parameters", "points")

    class Settings(Settings):
        """Width of the tree, and how the choice sharpens."""

        branches: int = setting(3, "Copies of each stage to choose from.", ge=1, le=64)
        temperature: float = setting(5.0, "τ at the start.", gt=0, le=1000)
        final_temperature: float = setting(0.2, "τ never falls below this.", gt=0, le=1000)
        half_life: float = setting(
            200.0, "Training steps in which τ halves.", gt=0, le=1e9, unit="steps"
        )

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__(settings, tasks, encoder)
        n = settings.branches
        self.columns = Columns(tasks, encoder, n)
        self.heads = Heads(tasks, encoder.width)
        self.parents = nn.ParameterList(nn.Parameter(torch.zeros(n, n)) for _ in self.columns.later)
        self.branch = nn.ParameterList(nn.Parameter(torch.zeros(n)) for _ in tasks)
        self.register_buffer("n_steps", torch.zeros(()))
        self._place = {task.name: i for i, task in enumerate(tasks)}
        self.columns.tell(self.owners)
        self.owners.share(self.parents)
        for task, branch in zip(tasks, self.branch, strict=True):
            self.owners.give(task.name, branch)
        self.heads.tell(self.owners)

    @property
    def temperature(self) -> Tensor:
        """τ after the training steps so far, a scalar."""
        settings = self.settings
        fallen = settings.temperature * 0.5 ** (self.get_buffer("n_steps") / settings.half_life)
        return fallen.clamp_min(settings.final_temperature)

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        inputs = inputs_of(batch)
        temperature = self.temperature
        x, rows = self.columns.first(inputs)
        for logits, stage in zip(self.parents, self.columns.later, strict=True):
            x = cast("Tensor", stage(_mixed(self._choice(logits, temperature), x)))
        chosen = torch.stack([self.branch[self._place[task]] for task in inputs])
        weights = self._choice(chosen, temperature)
        if rows.is_one:
            return self.heads(dict(zip(inputs, _mixed(weights, x).unbind(), strict=True)))
        return self.heads(
            {
                task: _mixed(weight.unsqueeze(0), rows.of(x, task, 1))[0]
                for task, weight in zip(inputs, weights, strict=True)
            }
        )

    def after_step(self) -> None:
        self.get_buffer("n_steps").add_(1)

    def report(self, batch: Batch) -> list[Table]:
        del batch
        n = self.settings.branches
        tables: list[Table] = []
        for stage, parents in enumerate(self.parents, 2):
            above, below = _branches(stage, n), _branches(stage - 1, n)
            tables.append(figures(by_stage("parents", stage), above, below, parents.softmax(-1)))
        last = _branches(self.columns.n_stages, n)
        chances = torch.stack([branch.softmax(-1) for branch in self.branch])
        return [*tables, figures("branches", self._place, last, chances)]

    def structure(self) -> Structure:
        builder = StructureBuilder(self.owners)
        n, n_stages = self.settings.branches, self.columns.n_stages
        stages = self.columns.builder(builder, "tower", numbered("branch", n))
        for number in range(2, n_stages + 1):
            below, above = _branches(number - 1, n), _branches(number, n)
            for row, parts in zip(above, stages[number - 1], strict=True):
                for column, sources in zip(below, stages[number - 2], strict=True):
                    for source in sources:
                        builder.edge(source, parts[0], by_stage("parents", number), row, column)
        heads = builder.heads(self.heads, n_stages + 2)
        for task, branch in zip(self._place, self.branch, strict=True):
            key = builder.node(f"choice {task}", "gate", n_stages + 1, task, [branch], (task,))
            for column, sources in zip(_branches(n_stages, n), stages[-1], strict=True):
                for source in sources:
                    builder.edge(source, key, "branches", task, column)
            builder.edge(key, heads[task])
        return builder.done()

    def _choice(self, logits: Tensor, temperature: Tensor) -> Tensor:
        """Weights [children, parents]: drawn in training, the likeliest parent otherwise."""
        if not self.training:
            return functional.one_hot(logits.argmax(-1), logits.shape[-1]).to(logits.dtype)
        noise = -torch.empty_like(logits).exponential_().log()
        return ((logits + noise) / temperature).softmax(-1)


def _branches(stage: int, n: int) -> list[str]:
    """Names of a stage's copies."""
    return [f"{stage}.{i + 1}" for i in range(n)]


def _mixed(weights: Tensor, x: Tensor) -> Tensor:
    """Σᵢ weights[j, i] x[i] for features [n, …]."""
    return (weights @ x.flatten(1)).view(len(weights), *x.shape[1:])
