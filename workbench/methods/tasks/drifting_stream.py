"""drifting-stream: a boundary in the plane that moves while the stream goes on."""

import math
from typing import Literal

import torch
from torch import Tensor

from workbench.engine.roles.task import Classes, Family, Part, Task, Vector
from workbench.spec.settings import Settings, setting

#: Points of each stretch that are only validated or tested on.
N_VAL, N_TEST = 100, 400


class DriftingStream(Family):
    """A stream of points whose true boundary drifts; each stretch of the stream is a task.

    Points are uniform in the square from −1 to 1, their class is the side of a line through the
    origin. sudden: the line turns by the whole angle half way; incremental: by a little at every
    stretch; gradual: points follow the old line or, ever more often, the new one; recurring: the
    two lines alternate. All stretches share one head. Use it with a sequential curriculum.
    """

    key = "drifting-stream"
    title = "Drifting stream"
    group = "synthetic"
    formula = "y = [cos α(t) · x₁ + sin α(t) · x₂ > 0]"
    paper = "Gama et al., A survey on concept drift adaptation, ACM Computing Surveys 2014"
    link = "https://doi.org/10.1145/2523813"
    helps = "Is the past worth keeping? Memory helps if it recurs, and harms if it is over."
    gives = ("varying-tasks",)
    is_judged_built = False

    class Settings(Settings):
        """How the line moves."""

        drift: Literal["sudden", "gradual", "recurring", "incremental"] = setting(
            "sudden", "How the old line becomes the new one."
        )
        n_stretches: int = setting(
            6, "Stretches of the stream: the tasks.", ge=2, le=100, title="Stretches"
        )
        angle: float = setting(
            90.0, "Angle from the old line to the new one.", ge=0, le=180, unit="°"
        )
        samples: int = setting(
            300, "Training points of each stretch.", ge=1, le=100_000, unit="points"
        )
        noise: float = setting(
            0.0, "Share of the training points with the wrong class.", ge=0, le=0.5
        )
        data_seed: int = setting(0, "Which draw of the points.", ge=0, le=2**31 - 1)

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return _names(cls.Settings().n_stretches)

    def shares(self) -> list[float]:
        """How much of the new line is in each stretch, 0 to 1."""
        n = self.settings.n_stretches
        match self.settings.drift:
            case "sudden":
                return [float(i >= n / 2) for i in range(n)]
            case "recurring":
                return [float(i % 2) for i in range(n)]
            case _:
                return [i / (n - 1) for i in range(n)]

    @property
    def n_bytes(self) -> int:
        settings = self.settings
        return 16 * settings.n_stretches * (settings.samples + N_VAL + N_TEST)

    def tasks(self) -> list[Task]:
        generator = torch.Generator().manual_seed(self.settings.data_seed)
        sizes = {"train": self.settings.samples, "val": N_VAL, "test": N_TEST}
        tasks: list[Task] = []
        for name, share in zip(_names(self.settings.n_stretches), self.shares(), strict=True):
            data: dict[str, Part] = {}
            for split, n in sizes.items():
                points = 2 * torch.rand(n, 2, generator=generator) - 1
                classes = self._classes(points, share, generator)
                if split == "train":
                    wrong = torch.rand(n, generator=generator) < self.settings.noise
                    classes = torch.where(wrong, 1 - classes, classes)
                data[split] = Part({"point": points}, classes)
            kind = {"point": Vector(2)}
            tasks.append(Task(name, kind, Classes(2), data, head=self.key, columns=("x", "y")))
        return tasks

    def _classes(self, points: Tensor, share: float, generator: torch.Generator) -> Tensor:
        """Classes [N] of points [N, 2] where `share` of the new line has come."""
        angle = self.settings.angle
        if self.settings.drift != "gradual":
            return side(points, share * angle)
        is_new = torch.rand(len(points), generator=generator) < share
        return torch.where(is_new, side(points, angle), side(points, 0.0))


def side(points: Tensor, angle: float) -> Tensor:
    """On which side [N], 0 or 1, of the line turned by `angle` degrees the points [N, 2] are."""
    radians = math.radians(angle)
    return (points @ torch.tensor([math.cos(radians), math.sin(radians)]) > 0).long()


def _names(n_stretches: int) -> tuple[str, ...]:
    return tuple(f"stretch-{i + 1}" for i in range(n_stretches))
