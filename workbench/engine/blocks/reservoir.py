"""Reservoir: examples of a stream, taken in step by step, with what the model said of them."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.ahead import n_bytes
from workbench.engine.roles.retention import Kept
from workbench.engine.roles.task import OutputKind, Part, PixelKind, Task
from workbench.spec.cost import Holding

#: Bytes that are noted of each place: the example's random key, its task, and when it came.
_NOTED = 4 + 8 + 8


@dataclass(frozen=True, slots=True)
class Drawn:
    """Examples from a reservoir by task, and the outputs [B, n] kept with them."""

    batch: dict[str, Part]
    outputs: dict[str, Tensor]

    def __len__(self) -> int:
        return sum(len(part) for part in self.batch.values())

    def distance(self, tasks: Mapping[str, Task], outputs: Mapping[str, Tensor]) -> Tensor:
        """Mean over examples of the mean square by which outputs [B, n] differ from those kept.

        Of a task that has more outputs than kept examples, the last are theirs.
        """
        kinds: dict[OutputKind, list[str]] = {}
        for name in self.batch:
            kinds.setdefault(tasks[name].output, []).append(name)
        terms: list[Tensor] = []
        for kind, names in kinds.items():
            now = torch.cat([_last(outputs[name], len(self.batch[name])) for name in names])
            kept = torch.cat([self.outputs[name] for name in names])
            squares = functional.mse_loss(now, kept, reduction="sum")
            terms.append(squares / (kind.n * len(self)))
        return terms[0] if len(terms) == 1 else torch.stack(terms).sum()


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
        self.came = torch.zeros(size, dtype=torch.int64)
        self._n = 0
        self._by_task: tuple[Tensor, Tensor] | None = None

    def __len__(self) -> int:
        return self._n

    def capacity(self, tasks: Mapping[str, Task], *, has_outputs: bool) -> Holding:
        """What it holds once these tasks came by: a shelf has a place for each example at once."""
        shelves: dict[str, int] = {}
        for task in tasks.values():
            output = _output_of(task.output) if has_outputs else None
            values = _values(task.data["train"][:1], output)
            shelves[_shelf(values)] = n_bytes(values.values())
        return Holding(self.size, self.size * (sum(shelves.values()) + _NOTED))

    def add(self, batch: Mapping[str, Part], outputs: Mapping[str, Tensor], stage: int = 0) -> None:
        """Examples of a stage come by, with what the model says of them if that is to be kept."""
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
            self._n, self._by_task = int(self.keys.isfinite().sum()), None
            self.task_of[slots] = self._number(task)
            self.came[slots] = stage
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
        values = _values(part, output)
        if task not in self.shelf_of:
            self.shelf_of[task] = _shelf(values)
        shelf = self.shelves.get(self.shelf_of[task])
        if shelf is None:
            shelf = {name: x.new_zeros(self.size, *x.shape[1:]) for name, x in values.items()}
            self.shelves[self.shelf_of[task]] = shelf
        return ((shelf[name], x) for name, x in values.items())

    def draw(self, n: int) -> Drawn | None:
        """`n` different examples, or all if there are fewer; None if there are none."""
        if self._n == 0:
            return None
        slots, ends = self._by_task or self._sorted()
        chosen = torch.randperm(self._n, generator=self.generator)[:n].sort().values
        cuts: list[int] = torch.searchsorted(chosen, ends).tolist()
        chosen = slots[chosen]
        drawn = Drawn({}, {})
        for key, shelf in self.shelves.items():
            bounds = [
                (task, a, b)
                for task, a, b in zip(self.tasks, [0, *cuts], cuts, strict=False)
                if a < b and self.shelf_of[task] == key
            ]
            if bounds:
                _take(drawn, shelf, chosen, bounds)
        return drawn

    def told(self) -> dict[str, Kept]:
        """What is kept, by task; kept outputs and what is noted count among the bytes."""
        found: dict[str, Kept] = {}
        for number, task in enumerate(self.tasks):
            slots = (self.keys.isfinite() & (self.task_of == number)).nonzero().squeeze(1)
            shelf = self.shelves[self.shelf_of[task]]
            mine = {name: x[slots.to(x.device)] for name, x in shelf.items()}
            size = n_bytes(mine.values()) + len(slots) * _NOTED
            target = mine.pop("target")
            mine.pop("output", None)
            inputs = {name.removeprefix("input "): x for name, x in mine.items()}
            if len(slots):
                found[task] = Kept(Part(inputs, target), self.came[slots], size)
        return found

    def _sorted(self) -> tuple[Tensor, Tensor]:
        """Filled slots with those of one task together, and where each task's end."""
        filled = self.keys.isfinite().nonzero().squeeze(1)
        slots = filled[self.task_of[filled].argsort(stable=True)]
        ends = self.task_of[filled].bincount(minlength=len(self.tasks)).cumsum(0)
        self._by_task = slots, ends
        return self._by_task

    def state_dict(self) -> dict[str, Any]:
        """All of it."""
        return {
            "tasks": list(self.tasks),
            "shelf_of": dict(self.shelf_of),
            "shelves": {key: dict(shelf) for key, shelf in self.shelves.items()},
            "keys": self.keys,
            "task_of": self.task_of,
            "came": self.came,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take back what `state_dict` gave."""
        self.tasks = list(state["tasks"])
        self.shelf_of = dict(state["shelf_of"])
        self.shelves = {key: dict(shelf) for key, shelf in state["shelves"].items()}
        self.keys = state["keys"]
        self.task_of = state["task_of"]
        self.came = state["came"]
        self._n, self._by_task = int(self.keys.isfinite().sum()), None


def _values(part: Part, output: Tensor | None) -> dict[str, Tensor]:
    """What is kept of examples [N], by name."""
    values = {f"input {view}": x for view, x in part.inputs.items()}
    values["target"] = part.target
    return values if output is None else {**values, "output": output.detach()}


def _output_of(kind: OutputKind) -> Tensor:
    """An output [1, …] without numbers."""
    at_pixels = (kind.height, kind.width) if isinstance(kind, PixelKind) else ()
    return torch.empty(1, kind.n, *at_pixels, device="meta")


def _shelf(values: Mapping[str, Tensor]) -> str:
    """The shelf on which examples like these lie."""
    return repr({name: (tuple(x.shape[1:]), str(x.dtype)) for name, x in values.items()})


def _last(outputs: Tensor, n: int) -> Tensor:
    """The last `n` rows; a cut has a price in the backward pass, so none is made for nothing."""
    return outputs if len(outputs) == n else outputs[-n:]


def _take(
    drawn: Drawn, shelf: Mapping[str, Tensor], slots: Tensor, bounds: list[tuple[str, int, int]]
) -> None:
    """Add the examples of a shelf's slots, whose tasks lie within bounds, taken in one go."""
    first, last = bounds[0][1], bounds[-1][2]
    chosen = slots[first:last].to(shelf["target"].device)
    # Slots of other shelves may lie between: those rows are taken and not used.
    taken = {name: x.index_select(0, chosen) for name, x in shelf.items()}
    for task, start, end in bounds:
        mine = {name: x[start - first : end - first] for name, x in taken.items()}
        target = mine.pop("target")
        output = mine.pop("output", None)
        inputs = {name.removeprefix("input "): x for name, x in mine.items()}
        drawn.batch[task] = Part(inputs, target)
        if output is not None:
            drawn.outputs[task] = output
