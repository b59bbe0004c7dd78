"""PlannedRun: a run to come, as far as what will be kept of it depends on that."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Part, Task

Stages = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """The model when every stage has begun, perhaps without numbers, all tasks, and the stages.

    `stages` are the tasks of each; an open curriculum may come to have others.
    """

    model: Sharing
    tasks: Mapping[str, Task]
    stages: Stages

    @property
    def parameters(self) -> int:
        """Bytes of one number of each parameter, in the parameter's type."""
        return n_bytes(self.model.parameters())

    @property
    def values(self) -> int:
        """Bytes of all that the model is: its parameters and buffers."""
        return self.parameters + n_bytes(self.model.buffers())


def planned(model: Sharing, tasks: Mapping[str, Task], stages: Stages) -> PlannedRun:
    """What is ahead of a model that has begun no stage, which is left as it is.

    Its copy lies on torch's meta device: it has shapes and no numbers.
    """
    light: dict[int, Any] = {}
    for parameter in model.parameters():
        light[id(parameter)] = nn.Parameter(parameter.detach().to("meta"), parameter.requires_grad)
    for buffer in model.buffers():
        light[id(buffer)] = buffer.to("meta")
    with torch.device("meta"):
        grown = copy.deepcopy(model, light)
        for number, names in enumerate(stages):
            grown.begin(number, names)
    return PlannedRun(grown, tasks, stages)


def n_bytes(tensors: Iterable[Tensor]) -> int:
    """Bytes of tensors."""
    return sum(x.numel() * x.element_size() for x in tensors)


def example_bytes(part: Part) -> int:
    """Bytes of one example's inputs, its target and its row's weight."""
    weights = () if part.row_weights is None else (part.row_weights,)
    return n_bytes(x[:1] for x in (*part.inputs.values(), part.target, *weights))
