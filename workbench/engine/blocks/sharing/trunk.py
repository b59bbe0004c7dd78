"""Trunk: one network for all tasks, for methods that do something to it for each task."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from workbench.engine.blocks.sharing.stage_shapes import shapes
from workbench.engine.blocks.sharing.towers import Parallel
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.owners import Owners
from workbench.engine.roles.sharing import encode_once, make_body, make_stem
from workbench.engine.roles.structure_builder import StructureBuilder, sketch_trunk
from workbench.engine.roles.task import Task


class Trunk(nn.Module):
    """A stem for each kind of input and the stages after it, made in the order of hard sharing."""

    def __init__(self, tasks: Sequence[Task], encoder: Encoder) -> None:
        super().__init__()
        self.kinds = list(dict.fromkeys(task.input for task in tasks))
        self.stems = nn.ModuleList(make_stem(kind, encoder) for kind in self.kinds)
        self.body = nn.ModuleList(make_body(encoder))
        self.kind_of = {task.name: self.kinds.index(task.input) for task in tasks}
        # Looked up once a step: plain lists are several times faster than ModuleList.
        self._stem_list = list(self.stems)
        self.later = list(self.body)

    def shapes(self) -> list[torch.Size]:
        """Shapes of one example's features after each stage."""
        return shapes([self._stem_list[0], *self.later], self.kinds[0])

    def tell(self, owners: Owners) -> None:
        """Enter every parameter: a stem is its users', the rest is every task's."""
        for stem, readers in zip(self.stems, self.readers, strict=True):
            owners.divide(stem, readers)
        owners.share(self.body)

    def builder(self, builder: StructureBuilder, step: int = 1, of: str = "") -> list[list[str]]:
        """Add the trunk; the keys of each stage's parts.

        Its stages are `step` levels apart; `of` tells it from other trunks.
        """
        return sketch_trunk(builder, self._stem_list, self.readers, self.later, step, of)

    def seen(self, stage: list[str], task: str) -> list[str]:
        """Of a stage's parts in a sketch, those that a task's input passes through."""
        return stage if len(stage) == 1 else [stage[self.kind_of[task]]]

    @property
    def readers(self) -> list[list[str]]:
        """The tasks that use each stem."""
        kinds = range(len(self.kinds))
        return [[task for task, kind in self.kind_of.items() if kind == k] for k in kinds]

    def first(self, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Features after the stem by task; one object for tasks that hold the same input."""
        if len(self._stem_list) == 1:
            return encode_once(self._stem_list[0], inputs)
        features: dict[str, Tensor] = {}
        for k, stem in enumerate(self._stem_list):
            mine = {task: values for task, values in inputs.items() if self.kind_of[task] == k}
            if mine:
                features.update(encode_once(stem, mine))
        return {task: features[task] for task in inputs}


def through(stage: nn.Module, x: Parallel) -> Parallel:
    """Streams [A, B, …] passed through one stage together."""
    if isinstance(x, Tensor):
        return stage(x.flatten(0, 1)).unflatten(0, x.shape[:2])
    return list(stage(torch.cat(x)).split([len(values) for values in x]))
