"""landscape: two functions of one point in the plane that pull it apart."""

from typing import Annotated

import torch
from pydantic import Field
from torch import Tensor

from workbench.engine.roles.task import Family, Objective, Part, Point, Task
from workbench.spec.settings import Settings, setting

#: Below this the logarithm is cut off.
_LEAST = 5e-6


class Landscape(Family):
    """Two valleys over a plane; the shared parameters are a point that rolls down both.

    The example of the CAGrad and Nash-MTL papers. Steep walls and a gorge between the two minima
    stop methods that follow the mean gradient before they reach the Pareto set. Made for encoder
    point, hard sharing, and a step an epoch: there are no data.
    """

    key = "landscape"
    title = "Two-task landscape"
    group = "synthetic"
    formula = "Lᵢ = c₁fᵢ + c₂qᵢ"
    paper = "Liu et al., Conflict-averse gradient descent for multi-task learning, NeurIPS 2021"
    link = "https://arxiv.org/abs/2110.14048"
    helps = "Where balancing methods go, and where they get stuck, from the same start."
    needs = ("point", "points")
    gives = ("no-input",)
    is_judged_built = False

    class Settings(Settings):
        """Where the point begins."""

        start: list[Annotated[float, Field(ge=-20, le=20)]] = setting(
            [-8.5, 7.5], "Coordinates of the starting point.", min_length=2, max_length=2
        )

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return ("first", "second")

    def tasks(self) -> list[Task]:
        # An example is a placeholder; that of each split is another, so that none is in two.
        data = {
            split: Part({"place": torch.full((1,), float(i))}, torch.zeros(1, 1))
            for i, split in enumerate(("train", "val", "test"))
        }
        kind = {"place": Point(2, tuple(self.settings.start))}
        objectives = zip(self.task_names(), (first, second), strict=True)
        return [Task(name, kind, Objective(f), data, "value") for name, f in objectives]


def first(points: Tensor) -> Tensor:
    """L₁ [B] at points [B, 2]."""
    x, y = points.unbind(1)
    # torch.clamp passes its gradient on at equality, as the papers' code does.
    wall = (0.5 * (-x - 7) - (-y).tanh()).abs().clamp(min=_LEAST).log() + 6
    bowl = ((x - 7).square() + 0.1 * (y + 8).square()) / 10 - 20
    return _above(y) * wall + _above(-y) * bowl


def second(points: Tensor) -> Tensor:
    """L₂ [B] at points [B, 2]."""
    x, y = points.unbind(1)
    wall = (0.5 * (-x + 3) + (-y).tanh() + 2).abs().clamp(min=_LEAST).log() + 6
    bowl = ((x + 7).square() + 0.1 * (y + 8).square()) / 10 - 20
    return _above(y) * wall + _above(-y) * bowl


def _above(y: Tensor) -> Tensor:
    """How much the upper half's function counts: max(tanh(y/2), 0)."""
    return (y / 2).tanh().clamp(min=0)
