"""related-regressions: linear regressions whose true weights lie at a chosen angle."""

from typing import ClassVar

import torch
from torch import Tensor

from workbench.engine.roles.task import Family, Part, Task, Values, Vector
from workbench.spec.rules import Rule
from workbench.spec.settings import Settings, setting

#: Examples of each task that are only validated or tested on.
N_VAL, N_TEST = 200, 1000


class RelatedRegressions(Family):
    """Linear regressions whose true weights have a chosen cosine: relatedness as a knob.

    y = wₜ·x + σε, with x and ε standard normal and ‖wₜ‖ = 1, so that a perfect answer leaves σ²
    and guessing leaves 1 + σ². Every two of the true weights have the same cosine, exactly. What
    two tasks can share is a direction: at 1 they have it in common, and at −1 too, for a head turns
    the sign. A trunk too narrow for all harms most where they are unrelated, at 0.
    """

    key = "related-regressions"
    title = "Related regressions"
    group = "synthetic"
    formula = "y = wₜ·x + σε,  cos(wₜ, wᵤ) = c"
    helps = (
        "See where sharing turns from help to harm: harm is at cosine 0, help at both ends, for at"
        " -1 a head turns the sign; few samples gain most."
    )
    gives = ("varying-tasks",)
    is_judged_built = False

    class Settings(Settings):
        """How alike the tasks are, and how hard."""

        rules: ClassVar[tuple[Rule, ...]] = (
            Rule(
                "dimension",
                ">=",
                "n_tasks",
                "must be at least n_tasks ({n_tasks}); found {dimension}",
            ),
            Rule(
                "cosine",
                ">=",
                "-1 / max(n_tasks - 1, 1)",
                "must be at least {bound} with {n_tasks} tasks; found {cosine}",
            ),
        )

        n_tasks: int = setting(2, "Number of tasks.", ge=1, le=100, title="Tasks")
        cosine: float = setting(
            0.5,
            "Cosine between the true weights of every two tasks: 1 the same; 0 unrelated, where "
            "sharing harms most; -1 opposite, which a head turns round. The least possible is "
            "-1/(tasks - 1).",
            ge=-1,
            le=1,
        )
        dimension: int = setting(10, "Number of inputs; at least the tasks.", ge=1, le=1000)
        samples: int = setting(
            200, "Training examples of each task.", ge=2, le=100_000, unit="examples"
        )
        noise: float = setting(
            0.1, "Standard deviation of the noise, where the signal's is 1.", ge=0, le=100
        )
        same_inputs: bool = setting(False, "Whether all tasks see the same inputs.")
        data_seed: int = setting(0, "Which draw of weights and examples.", ge=0, le=2**31 - 1)

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return _names(cls.Settings().n_tasks)

    def weights(self) -> Tensor:
        """The true weights [T, dimension] in double precision, each of length 1."""
        n_tasks, cosine = self.settings.n_tasks, self.settings.cosine
        gramian = torch.full((n_tasks, n_tasks), cosine, dtype=torch.float64)
        gramian.fill_diagonal_(1.0)
        values, vectors = torch.linalg.eigh(gramian)
        drawn = torch.randn(
            self.settings.dimension, n_tasks, generator=self._generator(0), dtype=torch.float64
        )
        directions = torch.linalg.qr(drawn).Q
        return vectors * values.clamp(min=0).sqrt() @ directions.T

    @property
    def n_bytes(self) -> int:
        settings = self.settings
        n_examples = settings.samples + N_VAL + N_TEST
        n_inputs = 1 if settings.same_inputs else settings.n_tasks
        return 4 * n_examples * (settings.dimension * n_inputs + settings.n_tasks)

    def tasks(self) -> list[Task]:
        settings = self.settings
        weights = self.weights().float()
        generator = self._generator(1)
        sizes = {"train": settings.samples, "val": N_VAL, "test": N_TEST}
        shape = (sum(sizes.values()), settings.dimension)
        inputs = torch.randn(shape, generator=generator)
        views = dict(zip(sizes, inputs.split(list(sizes.values())), strict=True))
        tasks: list[Task] = []
        for name, weight in zip(_names(settings.n_tasks), weights, strict=True):
            if tasks and not settings.same_inputs:
                inputs = torch.randn(shape, generator=generator)
                views = dict(zip(sizes, inputs.split(list(sizes.values())), strict=True))
            data: dict[str, Part] = {}
            for split, x in views.items():
                noise = torch.randn(len(x), generator=generator)
                data[split] = Part({"x": x}, (x @ weight + settings.noise * noise).unsqueeze(1))
            kind = {"x": Vector(settings.dimension)}
            tasks.append(Task(name, kind, Values(1), data, "r2", ("rmse",)))
        return tasks

    def _generator(self, purpose: int) -> torch.Generator:
        return torch.Generator().manual_seed(2 * self.settings.data_seed + purpose)


def _names(n_tasks: int) -> tuple[str, ...]:
    return tuple(f"regression-{i + 1}" for i in range(n_tasks))
