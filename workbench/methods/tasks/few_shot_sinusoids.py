"""few-shot-sinusoids: a distribution of sine waves, each to be learned from a few points."""

import torch

from workbench.engine.blocks.tasks.episodes import DistributionSettings
from workbench.engine.blocks.tasks.waves import RANGE, drawn_waves, within
from workbench.engine.roles.task import Episodes, Family, Part, Task, Values, Vector


class FewShotSinusoids(Family):
    """Sine waves as tasks of a few points: learn from many how to learn one that is new.

    y = A sin(x − φ) with A from 0.1 to 5, φ from 0 to π and x from −5 to 5, all uniform. The
    waves that are validated and tested on are others than those of the training. Predicting 0
    costs 4.2517, and the best predictor that does not adapt, −1.6234 cos x, costs 3.0057; whoever
    adapts gets far below in one step. Neither inputs nor targets are rescaled.
    """

    key = "few-shot-sinusoids"
    title = "Few-shot sinusoids"
    group = "learning to learn"
    formula = "y = A sin(x − φ)"
    paper = "Finn, Abbeel & Levine, Model-agnostic meta-learning, ICML 2017"
    link = "https://arxiv.org/abs/1703.03400"
    helps = "The first thing to try with a learner that adapts, for its figures are known."
    gives = ("episodes",)
    is_judged_built = False

    class Settings(DistributionSettings):
        """How many points a wave has, and how many waves there are."""

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return ("wave",)

    @property
    def n_bytes(self) -> int:
        settings = self.settings
        return 8 * sum(settings.sizes().values()) * (settings.shots + settings.queries)

    def tasks(self) -> list[Task]:
        settings = self.settings
        episodes = Episodes(settings.shots, settings.queries)
        data: dict[str, Part] = {}
        for split, n in settings.sizes().items():
            amplitude, phase = drawn_waves(n, settings.generator(split))
            drawn = torch.rand(n, episodes.n, 1, generator=settings.generator(split, 1))
            x = within(RANGE, drawn)
            y = amplitude[:, None, None] * (x - phase[:, None, None]).sin()
            data[split] = Part({"x": x}, y)
        kind = {"x": Vector(1)}
        return [
            Task("wave", kind, Values(1), data, "mse", ("r2",), columns=("x",), episodes=episodes)
        ]
