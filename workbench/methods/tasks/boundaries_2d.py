"""boundaries-2d: classes of points in the plane, turned and contradicted from task to task."""

import math
from typing import Literal

import torch
from torch import Tensor

from workbench.engine.numerics.scaling import standardised
from workbench.engine.roles.task import Classes, Family, Part, Task, Vector, divided
from workbench.spec.settings import Settings, setting

#: Points of each task that are only validated or tested on.
N_VAL, N_TEST = 200, 600


class Boundaries2D(Family):
    """Two classes of points in the plane, whose boundary each task turns or contradicts.

    Task k sees the points turned by k times the rotation about the origin. Every second task
    gives the opposite answer for the leftmost points of the unturned picture: the conflict. Each
    axis of the unturned points has mean 0 and deviation 1 over the training points.
    """

    key = "boundaries-2d"
    title = "2-D boundaries"
    group = "synthetic"
    helps = "Tasks that can be seen whole: what sharing bends is a line on a picture."
    gives = ("varying-tasks", "plane")
    is_judged_built = False

    class Settings(Settings):
        """The shape, and how far the tasks are apart."""

        shape: Literal["moons", "circles", "spirals", "checkerboard"] = setting(
            "moons", "How the two classes lie."
        )
        n_tasks: int = setting(2, "Number of tasks.", ge=1, le=100, title="Tasks")
        rotation: float = setting(
            30.0, "Angle from each task to the next, counter-clockwise.", ge=-180, le=180, unit="°"
        )
        conflict: float = setting(
            0.0, "Share of the points on which every second task answers the opposite.", ge=0, le=1
        )
        samples: int = setting(400, "Training points.", ge=10, le=100_000, unit="points")
        noise: float = setting(
            0.1,
            "Standard deviation of the points about their place, in the shape's size.",
            ge=0,
            le=2,
        )
        scenario: Literal["domain", "task"] = setting(
            "task", "One head that does not know the task, or a head for each task."
        )
        data_seed: int = setting(0, "Which draw of the points.", ge=0, le=2**31 - 1)

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return _names(cls.Settings().n_tasks)

    @property
    def n_bytes(self) -> int:
        settings = self.settings
        return 16 * settings.n_tasks * (settings.samples + N_VAL + N_TEST)

    def tasks(self) -> list[Task]:
        settings = self.settings
        generator = torch.Generator().manual_seed(settings.data_seed)
        sizes = {"train": settings.samples, "val": N_VAL, "test": N_TEST}
        places: tuple[Tensor, ...] = torch.arange(sum(sizes.values())).split([*sizes.values()])
        splits = dict(zip(sizes, places, strict=True))
        points, classes = _SHAPES[settings.shape](sum(sizes.values()), generator)
        points += settings.noise * torch.randn(points.shape, generator=generator)
        points = standardised(points, splits["train"])
        is_contested = points[:, 0] <= _border(points[splits["train"], 0], settings.conflict)
        contradicted = torch.where(is_contested, 1 - classes, classes)
        tasks: list[Task] = []
        views = divided({"point": points}, splits)
        for i, name in enumerate(_names(settings.n_tasks)):
            if i and settings.rotation:
                views = divided({"point": turned(points, i * settings.rotation)}, splits)
            answers = contradicted if i % 2 else classes
            data = {split: Part(views[split], answers[at]) for split, at in splits.items()}
            head = name if settings.scenario == "task" else self.key
            kind = {"point": Vector(2)}
            tasks.append(Task(name, kind, Classes(2), data, head=head, columns=("x", "y")))
        return tasks


def turned(points: Tensor, angle: float) -> Tensor:
    """Points [N, 2] turned counter-clockwise about the origin by `angle` degrees."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    return points @ torch.tensor([[cos, sin], [-sin, cos]])


def _border(across: Tensor, conflict: float) -> Tensor:
    """Up to where the points are contested; none and all of them are all of every split."""
    if conflict in (0.0, 1.0):
        return torch.tensor(math.inf if conflict else -math.inf)
    return across.quantile(conflict)


def _names(n_tasks: int) -> tuple[str, ...]:
    return tuple(f"boundary-{i + 1}" for i in range(n_tasks))


def _half(n: int) -> Tensor:
    return torch.arange(n) % 2


def _moons(n: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Two half circles that reach into each other."""
    classes, angle = _half(n), math.pi * torch.rand(n, generator=generator)
    upper = torch.stack([angle.cos(), angle.sin()], 1)
    lower = torch.stack([1 - angle.cos(), 0.5 - angle.sin()], 1)
    return torch.where(classes.unsqueeze(1) == 0, upper, lower), classes


def _circles(n: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """A circle about a circle of half its size."""
    classes, angle = _half(n), math.tau * torch.rand(n, generator=generator)
    radius = 1 - 0.5 * classes
    return torch.stack([radius * angle.cos(), radius * angle.sin()], 1), classes


def _spirals(n: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Two arms of one and a half turns; even along the arm."""
    classes, along = _half(n), torch.rand(n, generator=generator).sqrt()
    angle = 1.5 * math.tau * along + math.pi * classes
    return 2 * torch.stack([along * angle.cos(), along * angle.sin()], 1), classes


def _checkerboard(n: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Four by four fields, coloured in turn."""
    points = 4 * torch.rand(n, 2, generator=generator)
    return points - 2, points.floor().sum(1).long() % 2


_SHAPES = {
    "moons": _moons,
    "circles": _circles,
    "spirals": _spirals,
    "checkerboard": _checkerboard,
}
