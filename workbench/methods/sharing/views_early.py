"""views-early: all views side by side, one trunk."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from workbench.engine.blocks.sharing.views import common_views, refuse_missing, same_inputs
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.sharing import Heads, Sharing, encode_once, make_body, make_stem
from workbench.engine.roles.structure_builder import StructureBuilder
from workbench.engine.roles.task import Image, InputKind, Task, Vector
from workbench.spec.structure import Structure


class ViewsEarly(Sharing):
    """Puts the views of an example side by side as one input of one trunk.

    Pictures of one size are put together by channels; anything else is flattened. Every view of
    every example must be there.
    """

    key = "views-early"
    title = "Views: early fusion"
    formula = "ŷₜ = headₜ(trunk([x₁; …; x_V]))"
    helps = "A few clean views that must be seen together to make sense."
    needs = ("views",)
    gives = ("several-views", "shared-parameters", "representation")

    def __init__(self, settings: Any, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__(settings, tasks, encoder)
        kinds = common_views(tasks)
        refuse_missing(tasks)
        self.names = list(kinds)
        joined = _joined(kinds)
        self.by_channel = isinstance(joined, Image)
        self.trunk = nn.Sequential(make_stem(joined, encoder), *make_body(encoder))
        self.heads = Heads(tasks, encoder.width)
        self.owners.share(self.trunk)
        self.heads.tell(self.owners)

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        return self.answers(self.features(batch))

    def features(self, batch: Batch) -> dict[str, Tensor]:
        inputs: dict[str, Tensor] = {}
        for group in same_inputs(batch):
            views = [batch[group[0]].inputs[name] for name in self.names]
            pieces = views if self.by_channel else [values.flatten(1) for values in views]
            inputs.update(dict.fromkeys(group, torch.cat(pieces, dim=1)))
        return encode_once(self.trunk, {task: inputs[task] for task in batch})

    def answers(self, features: Mapping[str, Tensor]) -> dict[str, Tensor]:
        return self.heads(features)

    def structure(self) -> Structure:
        builder = StructureBuilder(self.owners)
        together = builder.node("together", "fusion", 1, "side by side", (), builder.tasks)
        builder.feed(together)
        before = together
        for level, stage in enumerate(self.trunk, 2):
            key = f"trunk stage {level - 1}"
            builder.node(key, "trunk", level, f"stage {level - 1}", [stage])
            builder.edge(before, key)
            before = key
        for head in builder.heads(self.heads, len(self.trunk) + 2).values():
            builder.edge(before, head)
        return builder.done()


def _joined(kinds: dict[str, InputKind]) -> InputKind:
    """The kind of all views side by side."""
    views = list(kinds.values())
    pictures = [kind for kind in views if isinstance(kind, Image)]
    if len(pictures) == len(views) and len({(kind.height, kind.width) for kind in pictures}) == 1:
        n_channels = sum(kind.channels for kind in pictures)
        return Image(n_channels, pictures[0].height, pictures[0].width)
    return Vector(sum(_size(name, kind) for name, kind in kinds.items()))


def _size(name: str, kind: InputKind) -> int:
    match kind:
        case Vector(n):
            return n
        case Image():
            return math.prod((kind.channels, kind.height, kind.width))
        case _:
            kind_name = type(kind).__name__.lower()
            message = f"views-early takes vectors and pictures; {name} is of kind {kind_name}"
            raise BadSpecError("sharing.kind", message)
