"""Task: what is learned. A family makes the tasks of one source of data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.roles.method import Method


@dataclass(frozen=True, slots=True)
class Vector:
    """An input of `n` numbers, [B, n]."""

    n: int


@dataclass(frozen=True, slots=True)
class Image:
    """An input picture, [B, channels, height, width]."""

    channels: int
    height: int
    width: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """An input text, [B, length] of whole numbers below `vocabulary`."""

    vocabulary: int
    length: int


@dataclass(frozen=True, slots=True)
class Point:
    """No input: the shared parameters themselves are a point of `n` coordinates."""

    n: int


InputKind = Vector | Image | Tokens | Point


@dataclass(frozen=True, slots=True)
class Classes:
    """One of `n` classes: outputs [B, n] logits, targets [B] whole numbers."""

    n: int

    def loss(self, output: Tensor, target: Tensor) -> Tensor:
        """Mean cross-entropy."""
        return functional.cross_entropy(output, target)


@dataclass(frozen=True, slots=True)
class Values:
    """`n` real numbers: outputs and targets [B, n]."""

    n: int

    def loss(self, output: Tensor, target: Tensor) -> Tensor:
        """Mean squared error."""
        return functional.mse_loss(output, target)


OutputKind = Classes | Values

SPLITS = ("train", "val", "test")


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One task's part of a batch: `inputs` by view, each [B, …], and `target` [B, …].

    `share` scales the task's loss in the update: replayed parts share one update with new ones.
    """

    inputs: Mapping[str, Tensor]
    target: Tensor
    share: float = 1.0

    def __len__(self) -> int:
        return len(self.target)

    def __getitem__(self, chosen: Any) -> "Part":
        inputs = {view: values[chosen] for view, values in self.inputs.items()}
        return Part(inputs, self.target[chosen], self.share)

    def to(self, device: torch.device) -> "Part":
        """The same part on another device."""
        inputs = {view: values.to(device) for view, values in self.inputs.items()}
        return Part(inputs, self.target.to(device), self.share)


@dataclass(slots=True, eq=False)
class Task:
    """A task: kinds of its inputs and output, its data by split, and the name of its head.

    Tasks that name the same head share it. Tasks whose parts hold the same input tensor object
    share their inputs: a batch then holds one tensor for them, encoded once. `classes` are the
    values of the target that occur in this task, where not all of `output`'s do.
    """

    name: str
    inputs: Mapping[str, InputKind]
    output: OutputKind
    data: Mapping[str, Part]
    metric: str = "accuracy"
    head: str = ""
    family: str = ""
    weight: float = 1.0
    classes: tuple[int, ...] = ()
    loss: Callable[[Tensor, Tensor], Tensor] = field(init=False)

    def __post_init__(self) -> None:
        self.head = self.head or self.name
        self.loss = self.output.loss

    @property
    def input(self) -> InputKind:
        """The kind of the only view; tasks of several views need a sharing method for views."""
        (kind,) = self.inputs.values()
        return kind


class Family(Method):
    """A source of related tasks. Its data depend on its settings alone, not on the run's seed."""

    role: ClassVar[str] = "tasks"

    def __init__(self, settings: Any) -> None:
        self.settings = settings

    def tasks(self) -> list[Task]:
        """Every task of the family, with data on the CPU; inputs shared where they are equal."""
        raise NotImplementedError


def split_indices(n: int, seed: int = 0, val: float = 0.1, test: float = 0.2) -> dict[str, Tensor]:
    """Shuffled, disjoint positions [n_split] of the train, val and test examples of `n`."""
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    n_test, n_val = round(n * test), round(n * val)
    return {
        "test": order[:n_test],
        "val": order[n_test : n_test + n_val],
        "train": order[n_test + n_val :],
    }
