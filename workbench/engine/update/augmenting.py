"""Augmenting: the pictures of a step, changed by random numbers of their own.

What retention mixes in is changed as well, and what it keeps is not: memories hold pictures as
they were drawn. Of tasks that share an input the changed one is shared again. The numbers of a
source of data come from a stream of its own, so that a task is given the same pictures whichever
others learn beside it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.numerics.random_streams import Streams
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.kinds import Augmentation
from workbench.engine.roles.learner import Learner
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Image, Task


class Augmenter:
    """Changes the parts of batches as their tasks say."""

    def __init__(self, tasks: Mapping[str, Task], seed: int) -> None:
        self.tasks = tasks
        streams = Streams(seed)
        sources = [task.source for task in tasks.values() if task.augmentation is not None]
        self._generators = {source: streams.of(source, source) for source in sources}

    def __call__(self, batch: Batch) -> Batch:
        """The batch to learn from in place of `batch`."""
        changed = dict(batch)
        for names in _sharing(batch):
            task = self.tasks[names[0]]
            if task.augmentation is not None:
                parts = {name: batch[name] for name in names}
                changed.update(self._changed(task, task.augmentation, parts))
        return changed

    def after(self, draw: Callable[[], Batch] | None) -> Callable[[], Batch] | None:
        """What draws batches, with these changed as well."""
        return None if draw is None else lambda: self(draw())

    def _changed(self, task: Task, asked: Augmentation, parts: Batch) -> Batch:
        """Parts that hold the same inputs."""
        generator, first = self._generators[task.source], next(iter(parts.values()))
        n, inputs = len(first), dict(first.inputs)
        pictures = [view for view, kind in task.inputs.items() if isinstance(kind, Image)]
        if asked.flip:
            is_flipped = torch.rand(n, generator=generator) < 0.5
            for view in pictures:
                inputs[view] = flipped(inputs[view], is_flipped.to(inputs[view].device))
        if asked.crop:
            offsets = torch.randint(2 * asked.crop + 1, (2, n), generator=generator)
            for view in pictures:
                inputs[view] = moved(inputs[view], offsets.to(inputs[view].device), asked.crop)
        if not asked.mixup:
            return {name: replace(part, inputs=inputs) for name, part in parts.items()}
        share, others = _mixture(asked.mixup, n, generator)
        if any(part.class_mask is not None for part in parts.values()):
            # An answer that is chosen among some classes may not be mixed with one of others.
            return {name: replace(part, inputs=inputs) for name, part in parts.items()}
        others = others.to(first.target.device)
        inputs |= {v: torch.lerp(inputs[v][others], inputs[v], share) for v in pictures}
        return {
            name: replace(part, inputs=inputs, blended=(part.target[others], share))
            for name, part in parts.items()
        }

    @property
    def generators(self) -> dict[str, torch.Generator]:
        """Where the random numbers of each source come from."""
        return {f"pictures of {source}": g for source, g in self._generators.items()}


def augmenter_of(tasks: Mapping[str, Task], seed: int, learner: Learner) -> Augmenter | None:
    """What changes the pictures; None where no task asks for it. Raises BadSpecError."""
    asked = {name: t.augmentation for name, t in tasks.items() if t.augmentation is not None}
    mixing = next((name for name, augmentation in asked.items() if augmentation.mixup), None)
    if mixing is not None and learner.adapts:
        message = f"adapts to each row's own answer, and {mixing} asks for mixup: set it to 0"
        raise BadSpecError("learner.kind", message)
    return Augmenter(tasks, seed) if asked else None


def _sharing(batch: Batch) -> Iterator[list[str]]:
    """The tasks of a batch in groups that hold the same inputs."""
    groups: dict[tuple[int, ...], list[str]] = {}
    for name, part in batch.items():
        groups.setdefault(tuple(map(id, part.inputs.values())), []).append(name)
    yield from groups.values()


def flipped(x: Tensor, chosen: Tensor) -> Tensor:
    """Pictures [B, C, H, W], of which those that are chosen [B] are mirrored left to right."""
    return torch.where(chosen.view(-1, 1, 1, 1), x.flip(3), x)


def moved(x: Tensor, offsets: Tensor, most: int) -> Tensor:
    """Pictures [B, C, H, W] cut out of themselves with `most` zeros around, at offsets [2, B]."""
    n, channels, height, width = x.shape
    wide = functional.pad(x, (most, most, most, most))
    rows = offsets[0].view(-1, 1, 1, 1) + torch.arange(height, device=x.device).view(1, 1, -1, 1)
    wide = wide.gather(2, rows.expand(n, channels, height, wide.shape[3]))
    columns = offsets[1].view(-1, 1, 1, 1) + torch.arange(width, device=x.device)
    return wide.gather(3, columns.expand(n, channels, height, width))


def _mixture(alpha: float, n: int, generator: torch.Generator) -> tuple[float, Tensor]:
    """A share λ, and with which of n rows each is mixed [n]."""
    seed = int(torch.randint(2**62, (1,), generator=generator))
    share = float(np.random.default_rng(seed).beta(alpha, alpha))
    return share, torch.randperm(n, generator=generator)
