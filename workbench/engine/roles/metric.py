"""Metric: a score of outputs against targets."""

from typing import ClassVar

from torch import Tensor

from workbench.engine.roles.method import Method


class Metric(Method):
    """A score over a whole split."""

    role: ClassVar[str] = "metric"
    higher_is_better: ClassVar[bool] = True

    def score(self, output: Tensor, target: Tensor) -> float:
        """The score of outputs [N, …] against targets [N, …] of one split."""
        raise NotImplementedError

    def chance(self, target: Tensor) -> float | None:
        """The score on targets [N, …] of the best constant answer; None if meaningless."""
        del target
