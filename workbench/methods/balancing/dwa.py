"""dwa: more weight where the loss falls slowest."""

from collections.abc import Sequence
from typing import Any

import torch

from workbench.engine.numerics.softmax import softmax
from workbench.engine.roles.balancing import BalancingSettings, LossBalancing
from workbench.spec.settings import setting


class DWA(LossBalancing):
    """Gives tasks more weight the slower their mean loss fell over the last two epochs.

    Weights are 1 until a task has two epochs behind it, as in the paper, counted anew in each
    stage; a mean loss of 0 two epochs ago counts as a ratio of 1. So does one below 0, where a
    ratio says nothing of the pace, and the user is told. The user's weights multiply the losses.
    """

    key = "dwa"
    title = "Dynamic weight average"
    formula = "wᵢ = T · softmaxᵢ(rᵢ/τ),  rᵢ = Lᵢ(e−1) / Lᵢ(e−2) on epoch means"
    paper = "Liu, Johns & Davison, End-to-end multi-task learning with attention, CVPR 2019"
    link = "https://arxiv.org/abs/1803.10704"
    helps = "Tasks that learn at different speeds, with losses above 0; costs nothing."
    weights_sum = "T"

    class Settings(BalancingSettings):
        temperature: float = setting(
            2.0, "τ: the larger, the more even the weights.", ge=0.01, le=1000.0
        )

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self._start(1)

    def begin(self, tasks: Sequence[str], steps_per_epoch: int) -> None:
        del tasks
        self._start(steps_per_epoch)

    def _start(self, steps_per_epoch: int) -> None:
        self.steps_per_epoch = steps_per_epoch
        self._n_steps = 0
        #: Of the running epoch, by task: sum and number of its losses.
        self._sums: dict[str, list[float]] = {}
        #: Of the epochs before, by task: mean losses, the last one last.
        self._means: dict[str, list[float]] = {}

    def weights_of(self, values: Sequence[float], names: Sequence[str]) -> list[float]:
        ratios = [self._ratio(name) / self.settings.temperature for name in names]
        for name, value in zip(names, values, strict=True):
            sums = self._sums.setdefault(name, [0.0, 0.0])
            sums[0] += value
            sums[1] += 1
        self._n_steps += 1
        if self._n_steps >= self.steps_per_epoch:
            self._end_epoch()
        return [len(names) * share for share in softmax(ratios)]

    def _ratio(self, name: str) -> float:
        means = self._means.get(name, [])
        if len(means) == 2 and min(means) < 0:
            self.notice(
                f"the mean loss of {name} is below 0, where a ratio of two says nothing of the"
                " pace: it counts as 1"
            )
            return 1.0
        return means[1] / means[0] if len(means) == 2 and means[0] else 1.0

    def _end_epoch(self) -> None:
        for name, (total, count) in self._sums.items():
            self._means[name] = [*self._means.get(name, [])[-1:], total / count]
        self._sums = {}
        self._n_steps = 0

    def state_dict(self) -> dict[str, Any]:
        return {
            "steps_per_epoch": self.steps_per_epoch,
            "n_steps": self._n_steps,
            "sums": {name: list(sums) for name, sums in self._sums.items()},
            "means": {name: list(means) for name, means in self._means.items()},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.steps_per_epoch = state["steps_per_epoch"]
        self._n_steps = state["n_steps"]
        self._sums = {name: list(sums) for name, sums in state["sums"].items()}
        self._means = {name: list(means) for name, means in state["means"].items()}
