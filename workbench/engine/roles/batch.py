"""Batch: what one step learns from, the part of each task in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One task's part of a batch: `inputs` by view, each [B, …], and `target` [B, …].

    `loss_scale` multiplies the task's loss in the update, which new and replayed parts share.
    `class_mask` [B, n] are the classes among which each answer is chosen; None: among all n.
    `blended` are the targets [B, …] of what each row was mixed with, and the share that is its own.
    """

    inputs: Mapping[str, Tensor]
    target: Tensor
    loss_scale: float = 1.0
    class_mask: Tensor | None = None
    blended: tuple[Tensor, float] | None = None

    def __len__(self) -> int:
        return len(self.target)

    def __getitem__(self, chosen: Any) -> "Part":
        inputs = {view: values[chosen] for view, values in self.inputs.items()}
        class_mask = None if self.class_mask is None else self.class_mask[chosen]
        blended = None if self.blended is None else (self.blended[0][chosen], self.blended[1])
        return Part(inputs, self.target[chosen], self.loss_scale, class_mask, blended)

    def to(self, device: torch.device) -> "Part":
        """The same part on another device."""
        inputs = {view: values.to(device) for view, values in self.inputs.items()}
        class_mask = None if self.class_mask is None else self.class_mask.to(device)
        blended = None if self.blended is None else (self.blended[0].to(device), self.blended[1])
        return Part(inputs, self.target.to(device), self.loss_scale, class_mask, blended)


Batch = Mapping[str, Part]


def slices(parts: Batch, size: int) -> Iterator[Batch]:
    """The parts in pieces of at most `size` examples; inputs shared before are shared after."""
    longest = max(len(part) for part in parts.values())
    if longest <= size:
        yield dict(parts)
        return
    for start in range(0, longest, size):
        cut: dict[int, Tensor] = {}
        batch: dict[str, Part] = {}
        for name, part in parts.items():
            if start >= len(part):
                continue
            inputs: dict[str, Tensor] = {}
            for view, values in part.inputs.items():
                if id(values) not in cut:
                    cut[id(values)] = values[start : start + size]
                inputs[view] = cut[id(values)]
            batch[name] = Part(inputs, part.target[start : start + size])
        yield batch
