"""Reservoir: examples of a stream, taken in step by step, with what the model said of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.roles.planned_run import n_bytes
from workbench.engine.roles.retention import StoredExamples
from workbench.engine.roles.task import (
    NOT_ASKED,
    OutputKind,
    Part,
    PixelKind,
    Task,
    TokensOut,
)
from workbench.spec.cost import Holding

if TYPE_CHECKING:
    from workbench.engine.update.step import Step

#: Bytes that are noted of each place: the example's random key, its task, and when it came.
_NOTED = 4 + 8 + 8

#: Before a view's name, where its values lie on a shelf beside targets and outputs.
_INPUT = "input "

#: Where the weights of rows lie, if they have any.
_WEIGHT = "weight"


@dataclass(slots=True)
class Drawn:
    """Examples from a reservoir by task, and the outputs [B, n] kept with them.

    `whole` are all the outputs in their order, where they are of one shape.
    """

    batch: dict[str, Part]
    outputs: dict[str, Tensor]
    whole: Tensor | None = None

    def __len__(self) -> int:
        return sum(len(part) for part in self.batch.values())

    def distance(self, step: "Step", strength: float) -> Tensor:
        """`strength` times the mean square by which a step's outputs differ from those kept.

        Of a task that has more outputs than kept examples, the last are theirs.
        """
        n = len(self)
        if any(isinstance(step.tasks[name].output, TokensOut) for name in self.batch):
            return self._distance_where_asked(step, strength)
        if self.whole is not None and self._is_end_of(step):
            (kind,) = step.kinds
            now = _last(step.together, n)
            return functional.mse_loss(now, self.whole, reduction="sum") * (strength / (kind.n * n))
        kinds: dict[OutputKind, list[str]] = {}
        for name in self.batch:
            kinds.setdefault(step.tasks[name].output, []).append(name)
        terms: list[Tensor] = []
        for kind, names in kinds.items():
            now = torch.cat([_last(step.outputs[name], len(self.batch[name])) for name in names])
            stored = torch.cat([self.outputs[name] for name in names])
            squares = functional.mse_loss(now, stored, reduction="sum")
            terms.append(squares * (strength / (kind.n * n)))
        return terms[0] if len(terms) == 1 else torch.stack(terms).sum()

    def _distance_where_asked(self, step: "Step", strength: float) -> Tensor:
        """As `distance`, of texts at the places that are asked: all of them count alike."""
        total, n_numbers = torch.zeros((), device=next(iter(self.outputs.values())).device), 0
        for name in self.batch:
            kind = step.tasks[name].output
            now, kept = _last(step.outputs[name], len(self.batch[name])), self.outputs[name]
            if isinstance(kind, TokensOut):
                is_asked = _last(step.batch[name].target, len(self.batch[name])) != NOT_ASKED
                now, kept = now[is_asked], kept[:, : now.shape[1]][is_asked]
            total = total + functional.mse_loss(now, kept, reduction="sum")
            n_numbers += now.numel()
        return total * (strength / max(n_numbers, 1))

    def _is_end_of(self, step: "Step") -> bool:
        """Whether these examples are the last rows of a step's outputs, all of one kind."""
        names = tuple(self.batch)
        return (
            len(step.kinds) == 1
            and step.names[-len(names) :] == names
            and all(len(step.batch[name]) == len(self.batch[name]) for name in names[1:])
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
        self.arrived = torch.zeros(size, dtype=torch.int64)
        self._n = 0
        self._by_task: tuple[Tensor, Tensor] | None = None

    def __len__(self) -> int:
        return self._n

    def capacity(self, tasks: Mapping[str, Task], *, has_outputs: bool) -> Holding:
        """What it holds once these tasks came by: a shelf has a place for each example at once."""
        shelves: dict[str, int] = {}
        for task in tasks.values():
            output = _output_of(task) if has_outputs else None
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
            self.arrived[slots] = stage
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
        chosen = slots.index_select(0, chosen)
        sizes = [b - a for a, b in zip([0, *cuts], cuts, strict=False)]
        drawn = Drawn({}, {})
        used = {self.shelf_of[task] for task, n in zip(self.tasks, sizes, strict=True) if n}
        for key, shelf in self.shelves.items():
            if key in used:
                whole = self._take(drawn, shelf, chosen, sizes)
                drawn.whole = whole if len(used) == 1 else None
        return drawn

    def _take(
        self, drawn: Drawn, shelf: Mapping[str, Tensor], slots: Tensor, sizes: list[int]
    ) -> Tensor | None:
        """Add what lies on a shelf, and give all outputs of these slots, if there are any.

        The slots are those of one task after the other, as many as `sizes` says. Those of tasks of
        other shelves are taken too, and not used.
        """
        device = shelf["target"].device
        slots = slots if slots.device == device else slots.to(device)
        taken = {name: x.index_select(0, slots) for name, x in shelf.items()}
        pieces = {name: x.split_with_sizes(sizes) for name, x in taken.items()}
        views = [(name.removeprefix(_INPUT), name) for name in pieces if name.startswith(_INPUT)]
        for i, task in enumerate(self.tasks):
            if sizes[i] and self.shelves[self.shelf_of[task]] is shelf:
                inputs = {view: pieces[name][i] for view, name in views}
                weights = pieces[_WEIGHT][i] if _WEIGHT in pieces else None
                drawn.batch[task] = Part(inputs, pieces["target"][i], row_weights=weights)
                if "output" in pieces:
                    drawn.outputs[task] = pieces["output"][i]
        return taken.get("output")

    def stored_examples(self) -> dict[str, StoredExamples]:
        """What is kept, by task; kept outputs and what is noted count among the bytes."""
        by_task: dict[str, StoredExamples] = {}
        for number, task in enumerate(self.tasks):
            slots = (self.keys.isfinite() & (self.task_of == number)).nonzero().squeeze(1)
            shelf = self.shelves[self.shelf_of[task]]
            mine = {name: x[slots.to(x.device)] for name, x in shelf.items()}
            size = n_bytes(mine.values()) + len(slots) * _NOTED
            target = mine.pop("target")
            mine.pop("output", None)
            weights = mine.pop(_WEIGHT, None)
            inputs = {name.removeprefix(_INPUT): x for name, x in mine.items()}
            if len(slots):
                part = Part(inputs, target, row_weights=weights)
                by_task[task] = StoredExamples(part, self.arrived[slots], size)
        return by_task

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
            "came": self.arrived,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take back what `state_dict` gave."""
        self.tasks = list(state["tasks"])
        self.shelf_of = dict(state["shelf_of"])
        self.shelves = {key: dict(shelf) for key, shelf in state["shelves"].items()}
        self.keys = state["keys"]
        self.task_of = state["task_of"]
        self.arrived = state["came"]
        self._n, self._by_task = int(self.keys.isfinite().sum()), None


def _values(part: Part, output: Tensor | None) -> dict[str, Tensor]:
    """What is kept of examples [N], by name."""
    values = {f"{_INPUT}{view}": x for view, x in part.inputs.items()}
    values["target"] = part.target
    if part.row_weights is not None:
        values[_WEIGHT] = part.row_weights
    if output is None:
        return values
    output = output.detach()
    if output.dim() == 3:  # of texts that were cut: as long as what is kept beside it
        missing = part.target.shape[1] - output.shape[1]
        output = functional.pad(output, (0, 0, 0, missing))
    return {**values, "output": output}


def _output_of(task: Task) -> Tensor:
    """An output [1, …] without numbers."""
    kind = task.output
    if isinstance(kind, TokensOut):
        return torch.empty(1, task.data["train"].target.shape[1], kind.n, device="meta")
    at_pixels = (kind.height, kind.width) if isinstance(kind, PixelKind) else ()
    return torch.empty(1, kind.n, *at_pixels, device="meta")


def _shelf(values: Mapping[str, Tensor]) -> str:
    """The shelf on which examples like these lie."""
    return repr({name: (tuple(x.shape[1:]), str(x.dtype)) for name, x in values.items()})


def _last(outputs: Tensor, n: int) -> Tensor:
    """The last `n` rows; a cut has a price in the backward pass, so none is made for nothing."""
    return outputs if len(outputs) == n else outputs[-n:]
