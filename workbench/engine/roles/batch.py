"""Batch: what one step learns from, the part of each task in it."""

from collections.abc import Iterator, Mapping

from torch import Tensor

from workbench.engine.roles.task import Part

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
