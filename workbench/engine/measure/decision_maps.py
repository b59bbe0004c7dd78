"""DecisionMaps: what the model answers all over the plane, for tasks whose input is a point."""

import math
from collections.abc import Callable, Mapping
from time import monotonic

import numpy as np
import torch
from torch import Tensor

from workbench.engine.roles.batch import Batch
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Classes, Part, Task, Vector
from workbench.spec.event import Event, Mapped, Plotted
from workbench.spec.shown.plane import Map, Plane

#: Places of a map along each axis; tasks that are mapped, and points of each that are told.
SIDE, MOST_TASKS, _MOST_POINTS = 64, 16, 300

#: How far a map reaches beyond the training points, in their range.
_MARGIN = 0.08

#: Seconds between timed maps at least, and the share of the time that they may take.
_SECONDS, _SHARE = 0.5, 0.2

#: Classes are told in a byte.
_MOST_CLASSES = 256

Ends = tuple[tuple[float, float], tuple[float, float]]


def is_in_plane(task: Task) -> bool:
    """Whether the input is two numbers and the answer one of a few classes."""
    is_point = [*task.inputs.values()] == [Vector(2)]
    return is_point and isinstance(task.output, Classes) and task.output.n <= _MOST_CLASSES


class DecisionMaps:
    """Asks the model about a grid. Asking changes nothing and draws no random number.

    Tasks that share an input share its grid; tasks of one family are drawn over one range, so
    that their maps can be compared. Without such tasks nothing is told or worked out.
    """

    def __init__(
        self,
        model: Sharing,
        tasks: Mapping[str, Task],
        answer: Callable[[Batch], Mapping[str, Tensor]],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        in_plane = [task for task in tasks.values() if is_in_plane(task)][:MOST_TASKS]
        self.model = model
        self.tasks = {task.name: task for task in in_plane}
        self.answer = answer
        self._clock = clock
        self._due_at = math.inf
        self._ends: dict[str, Ends] = {}
        self._grid: dict[str, Part] = {}

    @property
    def are_due(self) -> bool:
        """Whether timed maps were asked for, and the last are old enough."""
        return self._due_at < math.inf and self._clock() >= self._due_at

    def begun(self, step: int) -> list[Event]:
        """What is told before the first step: the planes, and the untrained answers."""
        if not self.tasks:
            return []
        self._prepare()
        planes = tuple(self._plane(task) for task in self.tasks.values())
        return [Plotted(step, planes), *self.maps(step, -1)]

    def watch(self, is_on: bool, step: int, stage: int) -> list[Mapped]:
        """Begin with timed maps, or end them; the first comes at once."""
        if not is_on or not self.tasks:
            self._due_at = math.inf
            return []
        return self.maps(step, stage, is_timed=True)

    def maps(self, step: int, stage: int, *, is_timed: bool = False) -> list[Mapped]:
        """The answers of every task in the plane, as one event; none where there is none."""
        if not self.tasks:
            return []
        self._prepare()
        began = self._clock()
        was_training = self.model.training
        self.model.eval()
        with torch.inference_mode():
            outputs = self.answer(self._grid)
        self.model.train(was_training)
        maps = tuple(_map(name, outputs[name]) for name in self.tasks)
        if is_timed:
            now = self._clock()
            self._due_at = now + max(_SECONDS, (now - began) * (1 / _SHARE - 1))
        return [Mapped(step, stage, maps, is_timed)]

    def _prepare(self) -> None:
        """The grids, when they are first needed."""
        if self._grid:
            return
        families: dict[tuple[str, tuple[str, ...]], list[Task]] = {}
        for task in self.tasks.values():
            families.setdefault((task.family, task.columns), []).append(task)
        for members in families.values():
            ends = _ends(members)
            self._ends.update({task.name: ends for task in members})
        shared: dict[int, Mapping[str, Tensor]] = {}
        for task in self.tasks.values():
            ((view, values),) = task.data["train"].inputs.items()
            if id(values) not in shared:
                shared[id(values)] = {view: _places(self._ends[task.name]).to(values)}
            inputs = shared[id(values)]
            nothing = torch.zeros(SIDE * SIDE, dtype=torch.int64, device=values.device)
            self._grid[task.name] = Part(inputs, nothing)

    def _plane(self, task: Task) -> Plane:
        part = task.answered("train")[:_MOST_POINTS].to(torch.device("cpu"))
        (points,) = part.inputs.values()
        n_classes = task.output.n
        x, y = self._ends[task.name]
        return Plane(
            task.name,
            task.columns or ("x", "y"),
            task.answers or tuple(str(i) for i in range(n_classes)),
            x,
            y,
            points.float().numpy(),
            part.target.numpy().astype(np.uint8),
        )


def _ends(tasks: list[Task]) -> Ends:
    """The range of both axes over the training points of all tasks, and a margin."""
    inputs = [next(iter(task.data["train"].inputs.values())) for task in tasks]
    low = torch.stack([values.amin(0) for values in inputs]).amin(0)
    high = torch.stack([values.amax(0) for values in inputs]).amax(0)
    room = (high - low).clamp(min=1e-6) * _MARGIN
    (x0, y0), (x1, y1) = (low - room).tolist(), (high + room).tolist()
    return (x0, x1), (y0, y1)


def _places(ends: Ends) -> Tensor:
    """The places [SIDE², 2] of a grid, row by row from low y."""
    (x0, x1), (y0, y1) = ends
    across, up = torch.linspace(x0, x1, SIDE), torch.linspace(y0, y1, SIDE)
    y, x = torch.meshgrid(up, across, indexing="ij")
    return torch.stack([x.flatten(), y.flatten()], 1)


def _map(name: str, output: Tensor) -> Map:
    shares, classes = output.float().softmax(1).max(1)
    return Map(
        name,
        classes.view(SIDE, SIDE).cpu().numpy().astype(np.uint8),
        # A model that has gone astray answers with what is no number: it is sure of nothing.
        (shares.nan_to_num(0.0) * 255).round().view(SIDE, SIDE).cpu().numpy().astype(np.uint8),
    )
