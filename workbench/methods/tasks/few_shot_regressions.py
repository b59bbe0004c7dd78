"""few-shot-regressions: tasks that contradict each other, or agree as much as is asked."""

from typing import Literal

import torch
from torch import Tensor

from workbench.engine.blocks.tasks.episodes import DistributionSettings
from workbench.engine.blocks.tasks.waves import RANGE, within
from workbench.engine.roles.task import SPLITS, Episodes, Family, Part, Task, Values, Vector
from workbench.spec.settings import setting

#: The mean square of the function that opposite tasks have with one sign or the other.
VARIANCE = 2.06
#: Sines that the function is the sum of, and between which frequencies they are.
_N_SINES, _FREQUENCY = 5, (0.3, 1.8)


class FewShotRegressions(Family):
    """Regressions of opposite sign, or of a chosen cosine: what joint training cannot, and can.

    Opposite: y = ±f(x), each sign for every other task, x even from −5 to 5. f is one sum of five
    sines of random height, frequency and phase, scaled to a mean square of 2.06. Whoever does not
    know the sign does best with 0, which costs 2.06, and joint training ends there; who knows f
    needs one point. Both functions are in every split: only their points are new.

    Related: y = wₜ·x + σε with x and ε standard normal, wₜ = √c·u + √(1−c)·vₜ, all of length 1: a
    direction u that the tasks have in common, and one of each task's own, at right angles to it.
    The mean cosine of two tasks is c; the best predictor that does not adapt, √c·u, costs
    1 − c + σ², and one that knows the task σ².
    """

    key = "few-shot-regressions"
    title = "Few-shot regressions"
    group = "learning to learn"
    formula = "y = ±f(x),  or y = wₜ·x + σε with E cos(wₜ, wᵤ) = c"
    helps = (
        "Negative transfer at its worst, and the way out: what is learned jointly is nothing, what"
        " adapts is right within five steps."
    )
    gives = ("episodes", "varying-tasks")
    is_judged_built = False

    class Settings(DistributionSettings):
        """How the tasks are related, how many rows they have, and how many there are."""

        relation: Literal["opposite", "related"] = setting(
            "opposite", "One function with either sign, or linear ones with a chosen cosine."
        )
        signs: Literal["mixed", "apart"] = setting(
            "mixed",
            "Of opposite tasks: one distribution of both signs, or one of each, with one head.",
        )
        cosine: float = setting(
            0.5, "Of related tasks: the mean cosine between two tasks' true weights.", ge=0, le=1
        )
        dimension: int = setting(10, "Of related tasks: number of inputs.", ge=2, le=1000)
        noise: float = setting(
            0.0, "Standard deviation of the noise in every answer.", ge=0, le=100
        )

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return ("regression",)

    @property
    def n_inputs(self) -> int:
        """Numbers of an input."""
        return 1 if self.settings.relation == "opposite" else self.settings.dimension

    @property
    def n_bytes(self) -> int:
        settings = self.settings
        n_rows = sum(settings.sizes().values()) * (settings.shots + settings.queries)
        return 4 * n_rows * (self.n_inputs + 1) * len(self.names)

    @property
    def names(self) -> tuple[str, ...]:
        """The distributions that there are."""
        is_apart = self.settings.relation == "opposite" and self.settings.signs == "apart"
        return ("plus", "minus") if is_apart else ("regression",)

    def tasks(self) -> list[Task]:
        settings, names = self.settings, self.names
        episodes = Episodes(settings.shots, settings.queries)
        draw = self._opposite if settings.relation == "opposite" else self._related
        data: dict[str, dict[str, Part]] = {name: {} for name in names}
        for split, n in settings.sizes().items():
            x, y = draw(split, len(names) * n, episodes.n)
            y = y + settings.noise * torch.randn(y.shape, generator=settings.generator(split, 2))
            for i, name in enumerate(names):  # one sign is every other small task's
                data[name][split] = Part({"x": x[i :: len(names)]}, y[i :: len(names)])
        columns = ("x",) if settings.relation == "opposite" else ()
        kind, head = {"x": Vector(self.n_inputs)}, "regression"
        return [
            Task(
                name, kind, Values(1), data[name], "mse", ("r2",), head, columns=columns,
                episodes=episodes,
            )
            for name in names
        ]  # fmt: skip

    def function(self, x: Tensor) -> Tensor:
        """The function f of opposite tasks, of any shape: which one depends on the data's seed."""
        drawn = torch.rand(3, _N_SINES, generator=self.settings.generator(SPLITS[0], 3))
        height = 0.5 + drawn[0]
        frequency, phase = within(_FREQUENCY, drawn[1]), 2 * torch.pi * drawn[2]

        def sines(x: Tensor) -> Tensor:
            return (height * (frequency * x.unsqueeze(-1) + phase).sin()).sum(-1)

        everywhere = torch.linspace(*RANGE, 10_001)
        return sines(x) * (VARIANCE / sines(everywhere).square().mean()).sqrt()

    def common(self) -> Tensor:
        """The direction u [dimension] that related tasks have in common."""
        drawn = torch.randn(
            self.settings.dimension, generator=self.settings.generator(SPLITS[0], 3)
        )
        return drawn / drawn.norm()

    def weights(self, split: str, n: int) -> Tensor:
        """The true weights [n, dimension] of related tasks, each of length 1."""
        common, cosine = self.common(), self.settings.cosine
        own = torch.randn(n, len(common), generator=self.settings.generator(split))
        own = own - (own @ common).unsqueeze(1) * common
        return cosine**0.5 * common + (1 - cosine) ** 0.5 * own / own.norm(dim=1, keepdim=True)

    def _opposite(self, split: str, n: int, rows: int) -> tuple[Tensor, Tensor]:
        drawn = torch.rand(n, rows, 1, generator=self.settings.generator(split, 1))
        x = within(RANGE, drawn)
        sign = 1.0 - 2 * (torch.arange(n) % 2)
        return x, sign[:, None, None] * self.function(x)

    def _related(self, split: str, n: int, rows: int) -> tuple[Tensor, Tensor]:
        weights = self.weights(split, n)
        shape = (n, rows, weights.shape[1])
        x = torch.randn(shape, generator=self.settings.generator(split, 1))
        return x, x @ weights.unsqueeze(2)
