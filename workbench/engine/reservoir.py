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
            {name: self.outputs[name] for name in names},
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

    def __len__(self) -> int:
        return int(self.keys.isfinite().sum())

    @property
    def n_bytes(self) -> int:
        """Bytes that the shelves take."""
        return sum(
            x.numel() * x.element_size() for shelf in self.shelves.values() for x in shelf.values()
        )

    def add(self, batch: Mapping[str, Part], outputs: Mapping[str, Tensor]) -> None:
        """Examples come by, with what the model says of them."""
        for task, part in batch.items():
            keys = torch.cat([self.keys, torch.rand(len(part), generator=self.generator)])
            stays = torch.zeros(len(keys), dtype=torch.bool)
            stays[keys.topk(self.size, largest=False, sorted=False).indices] = True
            rows = stays[self.size :].nonzero().squeeze(1)
            if len(rows) == 0:
                continue
            slots = (~stays[: self.size]).nonzero().squeeze(1)
            self.keys[slots] = keys[self.size + rows]
            self.task_of[slots] = self._number(task)
            for stored, values in self._pairs(task, part, outputs[task].detach()):
                device = stored.device
                stored[slots.to(device)] = values[rows.to(device)]

    def _number(self, task: str) -> int:
        if task not in self.tasks:
            self.tasks.append(task)
        return self.tasks.index(task)

    def _pairs(self, task: str, part: Part, output: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
        """Each tensor of the task's shelf, and what comes to it."""
        values = {**{f"input {view}": x for view, x in part.inputs.items()}}
        values |= {"target": part.target, "output": output}
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
        filled = self.keys.isfinite().nonzero().squeeze(1)
        if len(filled) == 0:
            return None
        picks = [
            filled[torch.randperm(len(filled), generator=self.generator)[:size]] for size in sizes
        ]
        draws = torch.cat([torch.full((len(pick),), i) for i, pick in enumerate(picks)])
        slots = torch.cat(picks)
        order = self.task_of[slots].argsort(stable=True)
        slots, draws = slots[order], draws[order]
        counts = self.task_of[slots].bincount(minlength=len(self.tasks)).tolist()
        drawn = Drawn({}, {}, {})
        for key, shelf in self.shelves.items():
            mine = [task for task in self.tasks if self.shelf_of[task] == key]
            self._gather(drawn, shelf, mine, slots.split(counts), draws.split(counts))
        return drawn

    def _gather(
        self,
        drawn: Drawn,
        shelf: Mapping[str, Tensor],
        tasks: list[str],
        slots: tuple[Tensor, ...],
        draws: tuple[Tensor, ...],
    ) -> None:
        """Add the examples of a shelf's tasks, taken from it in one go."""
        numbers = [self.tasks.index(task) for task in tasks]
        chosen = torch.cat([slots[i] for i in numbers])
        counts = [len(slots[i]) for i in numbers]
        device = shelf["target"].device
        taken = {
            name: x.index_select(0, chosen.to(device)).split(counts) for name, x in shelf.items()
        }
        views = [name for name in taken if name.startswith("input ")]
        for place, (task, number) in enumerate(zip(tasks, numbers, strict=True)):
            if counts[place]:
                inputs = {view.removeprefix("input "): taken[view][place] for view in views}
                drawn.batch[task] = Part(inputs, taken["target"][place])
                drawn.outputs[task] = taken["output"][place]
                drawn.draws[task] = draws[number].to(device)

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
