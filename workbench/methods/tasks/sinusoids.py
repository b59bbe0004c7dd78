"""sinusoids: a distribution of tasks, each a sine wave of its own height and phase."""

from typing import Literal

import torch
from torch import Tensor

from workbench.engine.blocks.tasks.waves import RANGE, drawn_waves, within
from workbench.engine.roles.task import Family, Part, Task, Values, Vector
from workbench.spec.settings import Settings, setting


class Sinusoids(Family):
    """Sine waves of random amplitude and phase: tasks drawn from one distribution.

    y = A sin(x − φ) with A from 0.1 to 5, φ from 0 to π and x from −5 to 5, all uniform. Over
    the distribution predicting 0 costs 4.2517, and the best predictor that does not adapt to the
    task, −1.6234 cos x, costs 3.0057; whoever adapts gets far below. Neither inputs nor targets
    are rescaled.
    """

    key = "sinusoids"
    title = "Sinusoids"
    group = "synthetic"
    formula = "y = A sin(x − φ)"
    paper = "Finn, Abbeel & Levine, Model-agnostic meta-learning, ICML 2017"
    link = "https://arxiv.org/abs/1703.03400"
    helps = "Learning to learn: with one head, only a learner that adapts can be right."
    gives = ("varying-tasks",)
    is_judged_built = False

    class Settings(Settings):
        """How many tasks are drawn, and how much is seen of each."""

        n_tasks: int = setting(10, "Number of tasks drawn.", ge=1, le=1000, title="Tasks")
        samples: int = setting(
            100, "Training examples of each task.", ge=1, le=100_000, unit="examples"
        )
        n_test: int = setting(
            200,
            "Examples of each task to test on; validation has as many.",
            ge=2,
            le=100_000,
            title="Test examples",
            unit="examples",
        )
        scenario: Literal["domain", "task"] = setting(
            "domain", "One head that does not know the task, or a head for each task."
        )
        data_seed: int = setting(0, "Which draw of tasks and examples.", ge=0, le=2**31 - 1)

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return _names(cls.Settings().n_tasks)

    def waves(self) -> tuple[Tensor, Tensor]:
        """Amplitudes [T] and phases [T] of the tasks; fewer tasks are the first of more."""
        return drawn_waves(self.settings.n_tasks, self._generator(0))

    @property
    def n_bytes(self) -> int:
        settings = self.settings
        return 8 * settings.n_tasks * (settings.samples + 2 * settings.n_test)

    def tasks(self) -> list[Task]:
        settings, generator = self.settings, self._generator(1)
        sizes = {"train": settings.samples, "val": settings.n_test, "test": settings.n_test}
        tasks: list[Task] = []
        for name, amplitude, phase in zip(_names(settings.n_tasks), *self.waves(), strict=True):
            data: dict[str, Part] = {}
            for split, n in sizes.items():
                x = within(RANGE, torch.rand(n, 1, generator=generator))
                data[split] = Part({"x": x}, amplitude * (x - phase).sin())
            head = name if settings.scenario == "task" else self.key
            kind = {"x": Vector(1)}
            tasks.append(
                Task(name, kind, Values(1), data, "mse", ("r2",), head=head, columns=("x",))
            )
        return tasks

    def _generator(self, purpose: int) -> torch.Generator:
        return torch.Generator().manual_seed(2 * self.settings.data_seed + purpose)


def _names(n_tasks: int) -> tuple[str, ...]:
    return tuple(f"wave-{i + 1}" for i in range(n_tasks))
