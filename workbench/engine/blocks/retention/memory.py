"""Memory: examples of past stages, kept to be learned from again."""

from collections.abc import Mapping
from typing import Any, Literal

import torch
from torch import Tensor

from workbench.engine.roles.batch import Batch, joined, packed, unpacked
from workbench.engine.roles.planned_run import example_bytes, n_bytes
from workbench.engine.roles.retention import StoredExamples
from workbench.engine.roles.task import Part, Task
from workbench.spec.cost import Holding

#: What a memory holds: a uniform sample of all it was given, as many of each task and class, or
#: its size of each task.
Rule = Literal["uniform", "balanced", "per-task"]

#: Bytes that are noted of each example: its random key and the stage in which it came.
_NOTED = 4 + 8


class Memory:
    """A random sample of the examples it was given, by task.

    Each example draws a random key once and the smallest stay, so that every example is kept with
    equal probability however it came (reservoir sampling). `size` counts examples in all, or of
    each task where the rule is per-task.
    """

    def __init__(self, size: int, generator: torch.Generator, rule: Rule = "uniform") -> None:
        self.size = size
        self.generator = generator
        self.rule: Rule = rule
        self.parts: dict[str, Part] = {}
        self.keys: dict[str, Tensor] = {}
        self.arrived: dict[str, Tensor] = {}
        self._ends: Tensor | None = None
        self._pool: Part | None = None

    def __len__(self) -> int:
        return sum(len(part) for part in self.parts.values())

    def capacity(self, tasks: Mapping[str, Task]) -> Holding:
        """What it holds when it is full of the largest examples of these tasks."""
        held = Holding()
        room = self.size
        for part in sorted((t.data["train"] for t in tasks.values()), key=example_bytes)[::-1]:
            n = min(len(part), room)
            held += Holding(n, n * (example_bytes(part) + _NOTED))
            room = room if self.rule == "per-task" else room - n
        return held

    def stored_examples(self) -> dict[str, StoredExamples]:
        """What is kept, by task; what is noted of it counts among the bytes."""
        return {
            task: StoredExamples(part, self.arrived[task], part_bytes(part) + len(part) * _NOTED)
            for task, part in self.parts.items()
            if len(part)
        }

    def add(self, parts: Mapping[str, Part], stage: int = 0) -> None:
        """Take in examples of a stage; those beyond the memory's size are forgotten.

        They may be all of a stage or one batch after the other, which gives the same sample: of
        what comes several times, every time counts.
        """
        is_changed = False
        for task, part in parts.items():
            keys = torch.rand(len(part), generator=self.generator)
            part, keys = self._that_may_stay(part, keys)
            if len(part) == 0:
                continue
            is_changed = True
            arrived = torch.full((len(part),), stage)
            self.arrived[task] = (
                torch.cat([self.arrived[task], arrived]) if task in self.arrived else arrived
            )
            if task in self.parts:
                self.parts[task] = joined([self.parts[task], part])
                self.keys[task] = torch.cat([self.keys[task], keys])
            else:
                self.parts[task], self.keys[task] = part, keys
        if is_changed:
            self._forget()
            self._ends = None

    def _that_may_stay(self, part: Part, keys: Tensor) -> tuple[Part, Tensor]:
        """Of a long stream hardly an example is kept: most are seen to go at once."""
        if self.rule != "uniform" or len(self) < self.size:
            return part, keys
        stays = keys < max(known.max() for known in self.keys.values() if len(known))
        return part[stays.nonzero().squeeze(1).to(part.target.device)], keys[stays]

    def draw(self, n: int) -> dict[str, Part]:
        """`n` different examples, or all if there are fewer, by task."""
        ends = self._lay_out() if self._ends is None else self._ends
        total = len(self)
        chosen = torch.randperm(total, generator=self.generator)[: min(n, total)].sort().values
        cuts: list[int] = torch.searchsorted(chosen, ends).tolist()
        bounds = zip(self.parts.items(), [0, *cuts[:-1]], cuts, strict=True)
        if self._pool is not None:
            examples = self._pool[chosen.to(self._pool.target.device)]
            return {task: examples[a:b] for (task, _), a, b in bounds if a < b}
        drawn: dict[str, Part] = {}
        start = 0
        for (task, part), a, b in bounds:
            if a < b:
                drawn[task] = part[(chosen[a:b] - start).to(part.target.device)]
            start += len(part)
        return drawn

    def mixed(self, batch: Batch, n: int, strength: float) -> Batch:
        """The batch with `n` examples of the memory, whose mean loss counts `strength` times."""
        return mixed(batch, self.draw(n), strength) if self.parts else batch

    def _lay_out(self) -> Tensor:
        """Where each task's examples end among all; if all are of one shape they lie together.

        A draw is then cut from one tensor, not from one a task.
        """
        parts = list(self.parts.values())
        self._ends = torch.tensor([len(part) for part in parts]).cumsum(0)
        self._pool = None
        if len({_shape(part) for part in parts}) == 1:
            self._pool = joined(parts)
            start = 0
            for task, part in self.parts.items():
                self.parts[task] = self._pool[start : start + len(part)]
                start += len(part)
        return self._ends

    def _forget(self) -> None:
        for task, chosen in self._chosen().items():
            part = self.parts[task][chosen.to(self.parts[task].target.device)]
            self.parts[task] = part.copied()
            self.keys[task] = self.keys[task][chosen]
            self.arrived[task] = self.arrived[task][chosen]

    def _chosen(self) -> dict[str, Tensor]:
        """Positions of the examples to keep, by task."""
        if self.rule == "per-task":
            return {task: _smallest(keys, self.size) for task, keys in self.keys.items()}
        if self.rule == "balanced":
            ranks = {task: self._ranks_in_class(task) for task in self.keys}
        else:
            ranks = {task: torch.zeros(len(keys)) for task, keys in self.keys.items()}
        # Rank first, key second: keys lie in [0, 1).
        order = torch.cat([rank + self.keys[task] for task, rank in ranks.items()])
        mask = torch.zeros(len(order), dtype=torch.bool)
        mask[_smallest(order, self.size)] = True
        sizes = [len(keys) for keys in self.keys.values()]
        pieces: tuple[Tensor, ...] = mask.split(sizes)
        return {
            task: piece.nonzero().squeeze(1) for task, piece in zip(self.keys, pieces, strict=True)
        }

    def _ranks_in_class(self, task: str) -> Tensor:
        """Place of each example's key among those of its class, from 0, as floats [n]."""
        target, keys = self.parts[task].target.cpu(), self.keys[task]
        ranks = torch.zeros(len(keys), dtype=torch.float64)
        has_classes = target.dim() == 1 and not target.is_floating_point()
        labels: Tensor = target if has_classes else torch.zeros(len(keys))
        for label in labels.unique().tolist():
            group = labels == label
            ranks[group] = keys[group].argsort().argsort().double()
        return ranks

    def state_dict(self) -> dict[str, Any]:
        """What is kept, and by which keys."""
        return {
            **packed(self.parts),
            "keys": dict(self.keys),
            "came": dict(self.arrived),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take back what `state_dict` gave."""
        self.parts = unpacked(state)
        self.keys = dict(state["keys"])
        self.arrived = dict(state["came"])
        self._ends = None


def mixed(batch: Batch, drawn: Mapping[str, Part], strength: float) -> Batch:
    """The batch with kept examples, whose mean loss counts `strength` times.

    Kept examples stay parts of their own tasks, with their heads and the user's weights; the
    strength is that of all of them together, against one task of the batch each. Of a task that
    is in both, they follow the batch's own, and all its examples count alike.
    """
    scale = strength * len(batch) / sum(len(part) for part in drawn.values())
    result: dict[str, Part] = dict(batch)
    for task, part in drawn.items():
        loss_scale = scale * len(part)
        if task in batch:
            loss_scale += batch[task].loss_scale
            part = joined([batch[task], part])
        result[task] = part.changed(loss_scale=loss_scale)
    return result


def weighed(part: Part, factor: float) -> Part:
    """The part whose loss counts `factor` times."""
    return part.changed(loss_scale=part.loss_scale * factor)


def part_bytes(part: Part) -> int:
    """Bytes of a part's inputs, targets and rows' weights."""
    weights = () if part.row_weights is None else (part.row_weights,)
    return n_bytes((*part.inputs.values(), part.target, *weights))


def _shape(part: Part) -> tuple[object, ...]:
    """What must be equal for parts to lie in one tensor."""
    views = [(view, x.shape[1:], x.dtype, x.device) for view, x in part.inputs.items()]
    return (*views, part.target.shape[1:], part.target.dtype, part.row_weights is None)


def _smallest(values: Tensor, n: int) -> Tensor:
    """Positions of the `n` smallest values, in the order of the values' places."""
    return values.argsort()[:n].sort().values
