"""Reservoir: examples of a stream, taken in step by step, with what the model said of them."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from workbench.engine.roles.task import OutputKind, Part, Task


@dataclass(frozen=True, slots=True)
class Drawn:
    """Examples from a reservoir by task, the outputs [B, n] kept with them, and the number [B] of
    the draw that each is from."""

    batch: dict[str, Part]
    outputs: dict[str, Tensor]
    draws: dict[str, Tensor]

    def by_kind(
        self, tasks: Mapping[str, Task], answers: Mapping[str, Tensor]
    ) -> Iterator[tuple[OutputKind, Tensor, "Drawn"]]:
        """Answers [N, n] of the tasks of one output kind together, with their examples."""
        kinds: dict[OutputKind, list[str]] = {}
        for name in self.batch:
            kinds.setdefault(tasks[name].output, []).append(name)
        for kind, names in kinds.items():
            yield kind, torch.cat([answers[name] for name in names]), self._only(names)

    def _only(self, names: list[str]) -> "Drawn":
        return Drawn(
            {name: self.batch[name] for name in names},
            {name: self.outputs[name] for name in names if name in self.outputs},
            {name: self.draws[name] for name in names},
        )


class Reservoir:
    """A uniform sample of `size` of everything that came by, whatever its task.

    Each example that comes draws a random key, and the smallest keys stay: it is kept with
    probability size/n (reservoir sampling). Examples whose data have one shape lie on one shelf,
    in tensors [size, …] indexed by slot.
    """

    def __init__(self, size: int, generator: torch.Generator) -> None:
        self.size = size
        self.generator = generator
        self.tasks: list[str] = []
        self.shelf_of: dict[str, str] = {}
        self.shelves: dict[str, dict[str, Tensor]] = {}
        self.keys = torch.full((size,), torch.inf)
        self.task_of = torch.full((size,), -1)
        self._n = 0

    def __len__(self) -> int:
        return self._n

    @property
    def n_bytes(self) -> int:
        """Bytes that the shelves take."""
        return sum(
            x.numel() * x.element_size() for shelf in self.shelves.values() for x in shelf.values()
        )

    def add(self, batch: Mapping[str, Part], outputs: Mapping[str, Tensor]) -> None:
        """Examples come by, with what the model says of them where that is to be kept."""
        for task, part in batch.items():
            new = torch.rand(len(part), generator=self.generator)
            if not (new < self.keys.max()).any():
                continue
            keys = torch.cat([self.keys, new])
            stays = torch.zeros(len(keys), dtype=torch.bool)
            stays[keys.topk(self.size, largest=False, sorted=False).indices] = True
            rows = stays[self.size :].nonzero().squeeze(1)
            if len(rows) == 0:
                continue
            slots = (~stays[: self.size]).nonzero().squeeze(1)
            self.keys[slots] = keys[self.size + rows]
            self._n = int(self.keys.isfinite().sum())
            self.task_of[slots] = self._number(task)
            for stored, values in self._pairs(task, part, outputs.get(task)):
                device = stored.device
                stored[slots.to(device)] = values[rows.to(device)]

    def _number(self, task: str) -> int:
        if task not in self.tasks:
            self.tasks.append(task)
        return self.tasks.index(task)

    def _pairs(
        self, task: str, part: Part, output: Tensor | None
    ) -> Iterator[tuple[Tensor, Tensor]]:
        """Each tensor of the task's shelf, and what comes to it."""
        values = {f"input {view}": x for view, x in part.inputs.items()}
        values["target"] = part.target
        if output is not None:
            values["output"] = output.detach()
        if task not in self.shelf_of:
            shapes = {name: (tuple(x.shape[1:]), str(x.dtype)) for name, x in values.items()}
            self.shelf_of[task] = repr(shapes)
        shelf = self.shelves.get(self.shelf_of[task])
        if shelf is None:
            shelf = {name: x.new_zeros(self.size, *x.shape[1:]) for name, x in values.items()}
            self.shelves[self.shelf_of[task]] = shelf
        return ((shelf[name], x) for name, x in values.items())

    def draw(self, *sizes: int) -> Drawn | None:
        """Independent draws of so many different examples each, or of all if there are fewer."""
        n = len(self)
        if n == 0:
            return None
        picks = [torch.randperm(n, generator=self.generator)[:size] for size in sizes]
        slots = picks[0] if len(picks) == 1 else torch.cat(picks)
        if n < self.size:
            slots = self.keys.isfinite().nonzero().squeeze(1)[slots]
        task_of = self.task_of[slots]
        order = task_of.argsort(stable=True)
        first_of = [sum(map(len, picks[:i])) for i in range(1, len(picks))]
        draws = torch.bucketize(order, torch.tensor(first_of), right=True) if first_of else None
        counts: list[int] = task_of.bincount(minlength=len(self.tasks)).tolist()
        return self._gathered(slots[order], draws, counts)

    def _gathered(self, slots: Tensor, draws: Tensor | None, counts: list[int]) -> Drawn:
        """The examples of slots that lie by task, so many of each, taken from a shelf in one go."""
        if draws is None:
            draws = torch.zeros_like(slots)
        drawn = Drawn({}, {}, {})
        for key, shelf in self.shelves.items():
            mine = [self.shelf_of[task] == key for task in self.tasks]
            chosen, number = slots, draws
            if len(self.shelves) > 1:
                is_here = torch.tensor(mine).repeat_interleave(torch.tensor(counts))
                chosen, number = slots[is_here], draws[is_here]
            device = shelf["target"].device
            chosen, number = chosen.to(device), number.to(device)
            here = [count for count, is_mine in zip(counts, mine, strict=True) if is_mine]
            taken = {name: x.index_select(0, chosen).split(here) for name, x in shelf.items()}
            numbers = number.split(here)
            views = {name.removeprefix("input "): name for name in taken if name[:6] == "input "}
            tasks = [task for task, is_mine in zip(self.tasks, mine, strict=True) if is_mine]
            for i, task in enumerate(tasks):
                if here[i]:
                    inputs = {view: taken[name][i] for view, name in views.items()}
                    drawn.batch[task] = Part(inputs, taken["target"][i])
                    drawn.draws[task] = numbers[i]
                    if "output" in taken:
                        drawn.outputs[task] = taken["output"][i]
        return drawn

    def state_dict(self) -> dict[str, Any]:
        """All of it."""
        return {
            "tasks": list(self.tasks),
            "shelf_of": dict(self.shelf_of),
            "shelves": {key: dict(shelf) for key, shelf in self.shelves.items()},
            "keys": self.keys,
            "task_of": self.task_of,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take back what `state_dict` gave."""
        self.tasks = list(state["tasks"])
        self.shelf_of = dict(state["shelf_of"])
        self.shelves = {key: dict(shelf) for key, shelf in state["shelves"].items()}
        self.keys = state["keys"]
        self.task_of = state["task_of"]
        self._n = int(self.keys.isfinite().sum())
