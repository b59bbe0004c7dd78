"""sluice: towers whose subspaces and layers are shared by learned weights."""

from collections.abc import Sequence
from typing import Any, cast

import torch
from torch import Tensor, nn

from workbench.engine.blocks.sharing.stage_shapes import channels_of
from workbench.engine.blocks.sharing.towers import Columns
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.report_tables import by_stage, figures
from workbench.engine.roles.sharing import Heads, Sharing, inputs_of
from workbench.engine.roles.structure_builder import StructureBuilder, join
from workbench.engine.roles.task import Task
from workbench.spec.event import Table
from workbench.spec.settings import Settings, setting
from workbench.spec.structure import Structure


class Sluice(Sharing):
    """Towers that exchange subspaces of their features, and heads that mix the stages.

    After each stage the channels of every tower are cut in `subspaces`, which are mixed among all
    towers by a learned matrix α; a penalty keeps the weights into a tower's subspaces orthogonal;
    each head reads a learned mixture β of the stages (Ruder et al. 2019). β spans the stages whose
    features have the shape of the last one's. α starts with `own` on the diagonal and the rest
    spread evenly, β even.
    """

    key = "sluice"
    title = "Sluice"
    formula = "h̃ = α h over all towers' subspaces,  ŷₜ = headₜ(Σₗ βₜₗ h̃ₜˡ),  + λ Σ ‖G₁G₂ᵀ‖²"
    paper = "Ruder et al., Latent multi-task architecture learning, AAAI 2019"
    link = "https://arxiv.org/abs/1705.08142"
    helps = "When it is not known what to share: a part of the features, or only some layers."
    gives = ("shared-parameters", "towers")
    is_judged_built = True

    class Settings(Settings):
        """What is exchanged, and how it starts."""

        subspaces: int = setting(
            2, "Parts that each stage's channels are cut into; it divides them.", ge=1, le=64
        )
        own: float = setting(0.9, "Weight of a subspace's own features at the start.", ge=0, le=1)
        orthogonality: float = setting(
            0.001, "λ: how hard the subspaces of a tower are kept apart.", ge=0, le=1e6
        )

    @classmethod
    def width_step(cls, settings: Any) -> int:
        return settings.subspaces

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__(settings, tasks, encoder)
        n, parts = len(tasks), settings.subspaces
        self.columns = Columns(tasks, encoder, n, tasks)
        self.heads = Heads(tasks, encoder.width)
        shapes = self.columns.shapes(tasks[0].input)
        for shape in shapes:
            if channels_of(shape) % parts:
                message = f"must divide every stage's {channels_of(shape)} channels; found {parts}"
                raise BadSpecError("sharing.subspaces", message)
        n_rows = n * parts
        start = torch.full((n_rows, n_rows), (1 - settings.own) / max(n_rows - 1, 1))
        start.fill_diagonal_(settings.own)
        self.exchange = nn.ParameterList(nn.Parameter(start.clone()) for _ in shapes)
        # Features of other shapes cannot be added to the last stage's.
        self._read = [i for i, shape in enumerate(shapes) if shape == shapes[-1]]
        even = torch.full((len(self._read),), 1 / len(self._read))
        self.depth = nn.ParameterList(nn.Parameter(even.clone()) for _ in tasks)
        self._place = {task.name: i for i, task in enumerate(tasks)}
        self._is_map = [len(shape) == 3 for shape in shapes]
        banks = [*self.columns.stems, *self.columns.stages]
        self._weights = [[_last_weight(copy) for copy in cast("Any", b).copies] for b in banks]
        self.columns.tell(self.owners)
        self.owners.share(self.exchange)
        for task, depth in zip(tasks, self.depth, strict=True):
            self.owners.give(task.name, depth)
        self.heads.tell(self.owners)

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        inputs = inputs_of(batch)
        x, rows = self.columns.first(inputs)
        features: list[Tensor] = []
        for i, matrix in enumerate(self.exchange):
            if i > 0:
                x = cast("Tensor", self.columns.later[i - 1](x))
            x = exchanged(matrix, x, self.settings.subspaces, is_map=self._is_map[i])
            if i in self._read:
                features.append(x)
        places = {task: self._place[task] for task in inputs}
        stages = torch.stack(features)
        mixed = {
            task: torch.einsum(
                "l,lb...->b...", self.depth[place], rows.of(stages[:, place], task, 1)
            )
            for task, place in places.items()
        }
        return self.heads(mixed)

    def report(self, batch: Batch) -> list[Table]:
        del batch
        names, parts = list(self._place), self.settings.subspaces
        pieces = [f"{name} {i + 1}" for name in names for i in range(parts)]
        tables: list[Table] = []
        for number, matrix in enumerate(self.exchange, 1):
            blocks = matrix.abs().unflatten(0, (-1, parts)).unflatten(2, (-1, parts))
            towers = blocks.sum((1, 3)) / parts
            tables.append(figures(by_stage("towers", number), names, names, towers))
            tables.append(figures(by_stage("subspaces", number), pieces, pieces, matrix))
        stages = [f"stage {i + 1}" for i in self._read]
        return [*tables, figures("depth", names, stages, torch.stack(list(self.depth)))]

    def structure(self) -> Structure:
        builder = StructureBuilder(self.owners)
        names, parts = list(self._place), self.settings.subspaces
        towers = self.columns.builder(builder, "tower", names, names, step=2)
        mixed: list[list[str]] = []
        for number, stage in enumerate(towers, 1):
            table = by_stage("towers", number)
            more = parts * parts * len(names)
            mixed.append(
                [
                    builder.node(
                        f"exchange {name} {number}", "gate", 2 * number, name, (), names, name, more
                    )
                    for name in names
                ]
            )
            for key, row in zip(mixed[-1], names, strict=True):
                for below, column in zip(stage, names, strict=True):
                    for part in below:
                        builder.edge(part, key, table, row, column)
            if number < len(towers):
                join(builder, [[key] for key in mixed[-1]], towers[number])
        top = 2 * len(towers) + 1
        heads = builder.heads(self.heads, top + 1)
        for i, (name, depth) in enumerate(zip(names, self.depth, strict=True)):
            key = builder.node(f"depth {name}", "fusion", top, name, [depth])
            for stage in self._read:
                builder.edge(mixed[stage][i], key, "depth", name, f"stage {stage + 1}")
            builder.edge(key, heads[name])
        return builder.done()

    def regulariser(self) -> Tensor | None:
        if self.settings.orthogonality == 0 or self.settings.subspaces == 1:
            return None
        terms: list[Tensor] = []
        for layers in self._weights:
            used = [_by_channel(layer) for layer in layers if layer]
            if used:
                terms.append(overlap(torch.stack(used), self.settings.subspaces))
        return self.settings.orthogonality * torch.stack(terms).sum() if terms else None


def _last_weight(stage: nn.Module) -> nn.Module | None:
    """The last layer with a matrix or kernel: its rows make the stage's channels."""
    last: nn.Module | None = None
    for layer in stage.modules():
        weight = getattr(layer, "weight", None)
        if isinstance(weight, Tensor) and weight.dim() > 1:
            last = layer
    return last


def _by_channel(layer: nn.Module) -> Tensor:
    """The weights [out, in] that make each channel of a stage; of an embedding they are columns."""
    weight = cast("Tensor", layer.weight)
    return weight.T if isinstance(layer, nn.Embedding) else weight.flatten(1)


def exchanged(matrix: Tensor, x: Tensor, parts: int, *, is_map: bool) -> Tensor:
    """Subspaces of features [T, B, …] mixed by a matrix [T·parts, T·parts]."""
    axis = 2 if is_map else x.dim() - 1
    cut = x.unflatten(axis, (parts, -1)).movedim(axis, 1)
    mixed = (matrix @ cut.flatten(2).flatten(0, 1)).view(cut.shape)
    return mixed.movedim(1, axis).flatten(axis, axis + 1)


def overlap(weights: Tensor, parts: int) -> Tensor:
    """Σ ‖G₁G₂ᵀ‖² over every two subspaces of towers' weights [T, out, in]."""
    products = weights @ weights.transpose(1, 2)
    blocks = products.unflatten(2, (parts, -1)).unflatten(1, (parts, -1))
    return blocks.square().sum((0, 2, 4)).triu(1).sum()
