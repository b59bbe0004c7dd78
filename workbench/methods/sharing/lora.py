"""lora: one trunk, with low-rank corrections for each task."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import torch
from torch import Tensor, nn

from workbench.engine.blocks.sharing.towers import Bank, Parallel, leaves, pile
from workbench.engine.blocks.sharing.trunk import Trunk, through
from workbench.engine.layers.blocks import Block
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.report_tables import figures
from workbench.engine.roles.sharing import Heads, Sharing, inputs_of
from workbench.engine.roles.structure_builder import StructureBuilder, join
from workbench.engine.roles.task import Task
from workbench.spec.event import Table
from workbench.spec.settings import Settings, setting
from workbench.spec.structure import Structure

#: A layer, and the corrections of all tasks to each layer that it is made of.
Adapted = tuple[nn.Module, Mapping[nn.Module, Bank]]


class LoRA(Sharing):
    """One trunk, to whose layers each task adds a product of two thin matrices.

    Wₜ = W + (α/r) BₜAₜ (Hu et al. 2022), in linear and convolution layers; a convolution's A has
    its kernel and r channels, its B is 1 × 1. A block of a transformer or a residual network has
    them in each of its layers. A starts as the layer would, B at 0, where this is hard sharing.
    Unlike in the paper the trunk is learned along with the corrections.
    """

    key = "lora"
    title = "LoRA"
    formula = "Wₜ = W + (α/r) Bₜ Aₜ"
    paper = "Hu et al., LoRA: low-rank adaptation of large language models, ICLR 2022"
    link = "https://arxiv.org/abs/2106.09685"
    helps = "Tasks that need a little of their own at every depth, at few parameters a task."
    gives = ("shared-parameters",)

    class Settings(Settings):
        """Size and weight of the corrections."""

        rank: int = setting(4, "r: rank of a correction.", ge=1, le=1024)
        scale: float = setting(4.0, "α: weight of the corrections, divided by r.", gt=0, le=1e4)

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__(settings, tasks, encoder)
        self.trunk = Trunk(tasks, encoder)
        self.heads = Heads(tasks, encoder.width)
        self.adapters = nn.ModuleList()
        self._place = {task.name: i for i, task in enumerate(tasks)}
        self._scale = settings.scale / settings.rank
        self._stems = [self._adapted(list(leaves(stem)), tasks) for stem in self.trunk.stems]
        body = [layer for stage in self.trunk.later for layer in leaves(stage)]
        self._body = self._adapted(body, tasks)
        if not len(self.adapters):
            message = "lora needs an encoder with linear or convolution layers; found none"
            raise BadSpecError("sharing.kind", message)
        self.trunk.tell(self.owners)
        self.heads.tell(self.owners)

    def _adapted(self, layers: list[nn.Module], tasks: Sequence[Task]) -> list[Adapted]:
        """The layers, each with banks of the tasks' corrections where it can have them."""
        return [
            (layer, {inner: self._bank(inner, tasks) for inner in _correctable(layer)})
            for layer in layers
        ]

    def _bank(self, layer: nn.Linear | nn.Conv2d, tasks: Sequence[Task]) -> Bank:
        bank = Bank(correction(layer, self.settings.rank) for _ in tasks)
        self.adapters.append(bank)
        for task, own in zip(tasks, bank.copies, strict=True):
            self.owners.give(task.name, own)
        return bank

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        inputs = inputs_of(batch)
        if len(self._stems) == 1:
            layers = [*self._stems[0], *self._body]
            outputs = self._run(layers, list(inputs), pile(list(inputs.values())))
            return self.heads(dict(zip(inputs, outputs, strict=True)))
        features: dict[str, Tensor] = {}
        for kind, layers in enumerate(self._stems):
            mine = {task: x for task, x in inputs.items() if self.trunk.kind_of[task] == kind}
            if mine:
                outputs = self._run(layers, list(mine), pile(list(mine.values())))
                features.update(zip(mine, outputs, strict=True))
        outputs = self._run(self._body, list(inputs), pile([features[task] for task in inputs]))
        return self.heads(dict(zip(inputs, outputs, strict=True)))

    def report(self, batch: Batch) -> list[Table]:
        del batch
        columns: list[str] = []
        sizes: list[Tensor] = []
        for number, layers in self._by_stage():
            pairs = [pair for _, banks in layers for pair in banks.items()]
            if pairs:
                columns.append(f"stage {number}")
                sizes.append(torch.stack([self._size(pairs, i) for i in range(len(self._place))]))
        return [figures("corrections", self._place, columns, torch.stack(sizes, 1))]

    def _by_stage(self) -> Iterator[tuple[int, list[Adapted]]]:
        """The number of each stage, the stem's 1, with its layers and their corrections."""
        yield 1, [pair for stem in self._stems for pair in stem]
        start = 0
        for number, stage in enumerate(self.trunk.later, 2):
            n_layers = len(list(leaves(stage)))
            yield number, self._body[start : start + n_layers]
            start += n_layers

    def _size(self, pairs: Sequence[tuple[nn.Module, Bank]], place: int) -> Tensor:
        """‖(α/r) B A‖ / ‖W‖ of the task at that place, over all these layers: a scalar."""
        own = torch.stack([_product_norm(bank.copies[place]) for _, bank in pairs]).norm()
        shared = torch.stack([cast("Tensor", layer.weight).norm() for layer, _ in pairs]).norm()
        return self._scale * own / shared

    def structure(self) -> Structure:
        builder = StructureBuilder(self.owners)
        trunk = self.trunk.builder(builder, step=2)
        for (number, layers), stage in zip(self._by_stage(), trunk, strict=True):
            keys: list[str] = []
            banks = [bank for _, by_layer in layers for bank in by_layer.values()]
            table = "corrections" if banks else ""
            for place, name in enumerate(self._place):
                parts = [bank.copies[place] for bank in banks]
                key = f"correction {name} {number}"
                builder.node(key, "adapter", 2 * number, name, parts, (name,))
                for part in self.trunk.seen(stage, name):
                    builder.edge(part, key, table, name, f"stage {number}")
                keys.append(key)
            if number < len(trunk):
                join(builder, [keys], [trunk[number]])
                continue
            heads = builder.heads(self.heads, 2 * number + 1)
            for key, name in zip(keys, self._place, strict=True):
                builder.edge(key, heads[name])
        return builder.done()

    def _run(self, layers: list[Adapted], tasks: list[str], x: Parallel) -> Parallel:
        """Streams [A, B, …] of these tasks passed through layers and corrections."""
        chosen = [self._place[task] for task in tasks]
        for layer, banks in layers:
            if isinstance(layer, Block):
                x = self._through_block(layer, banks, chosen, x)
                continue
            shared = _once(layer, x)
            x = self._corrected(shared, banks[layer](x, chosen)) if banks else shared
        return x

    def _through_block(
        self, block: Block, banks: Mapping[nn.Module, Bank], chosen: list[int], x: Parallel
    ) -> Parallel:
        """Streams through a block, each of whose weighted layers is corrected."""
        sizes = [len(stream) for stream in x]

        def apply(layer: nn.Module, rows: Tensor) -> Tensor:
            own = banks[layer](_apart(rows, sizes), chosen)
            return torch.add(layer(rows), _one_after_the_other(own), alpha=self._scale)

        return _apart(block.run(_one_after_the_other(x), apply), sizes)

    def _corrected(self, shared: Parallel, own: Parallel) -> Parallel:
        if isinstance(shared, Tensor):
            return torch.add(shared, cast("Tensor", own), alpha=self._scale)
        return [torch.add(a, b, alpha=self._scale) for a, b in zip(shared, own, strict=True)]


def _correctable(layer: nn.Module) -> Sequence[nn.Linear | nn.Conv2d]:
    """The linear and convolution layers of which it is made, in their order."""
    if isinstance(layer, Block):
        return layer.weighted
    return [layer] if isinstance(layer, nn.Linear | nn.Conv2d) else []


def _one_after_the_other(x: Parallel) -> Tensor:
    return x.flatten(0, 1) if isinstance(x, Tensor) else torch.cat(x)


def _apart(rows: Tensor, sizes: list[int]) -> Parallel:
    """Rows as streams of these sizes: one tensor where all are of one size."""
    if len(set(sizes)) == 1:
        return rows.unflatten(0, (len(sizes), -1))
    return list(rows.split(sizes))


def _product_norm(correction: nn.Module) -> Tensor:
    """‖B A‖ of a correction, by way of the small matrix: √ tr(BᵀB AAᵀ)."""
    down, up = (cast("Tensor", part.weight).flatten(1) for part in correction.children())
    return ((up.T @ up) * (down @ down.T)).sum().clamp_min(0).sqrt()


def _once(layer: nn.Module, x: Parallel) -> Parallel:
    """Streams through one layer; streams that are one tensor, not copied, pass through once."""
    if isinstance(x, Tensor) and len(x) > 1 and x.stride(0) == 0:
        shared: Tensor = layer(x[0])
        return shared.expand(len(x), *shared.shape)
    return through(layer, x)


def correction(layer: nn.Linear | nn.Conv2d, rank: int) -> nn.Sequential:
    """A layer of rank `rank` from the same inputs to the same outputs, which starts at 0."""
    if isinstance(layer, nn.Linear):
        down: nn.Module = nn.Linear(layer.in_features, rank, bias=False)
        up: nn.Linear | nn.Conv2d = nn.Linear(rank, layer.out_features, bias=False)
    else:
        # Groups are not kept: a correction may look at all channels.
        down = nn.Conv2d(
            layer.in_channels,
            rank,
            cast("Any", layer.kernel_size),
            cast("Any", layer.stride),
            cast("Any", layer.padding),
            cast("Any", layer.dilation),
            bias=False,
        )
        up = nn.Conv2d(rank, layer.out_channels, 1, bias=False)
    nn.init.zeros_(up.weight)
    return nn.Sequential(down, up)
