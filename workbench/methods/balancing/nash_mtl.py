"""nash-mtl: the Nash bargaining solution."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from workbench.engine.numerics.solvers import Cosines, inverse_power
from workbench.engine.roles.balancing import CosineBalancing, GradientSettings
from workbench.spec.settings import setting


class NashMTL(CosineBalancing):
    """The bargain: weights with which each task's share of the step is the inverse of its weight.

    Equation 4 of the paper, solved by a few Newton steps to a relative change of 1e-6, where the
    authors' code approximates it by a sequence of convex programs. That code also clips ‖d‖ at 1,
    the paper does not: `max_norm` does it if asked; and in some of its experiments solves anew
    only every so many updates. The user's weights p are bargaining powers (Kalai 1977): of all
    steps of one length the bargain makes Σ pᵢ log(gᵢ·d) largest. Tasks without a gradient take no
    part. The step does not shrink near an optimum: let the learning rate fall.
    """

    key = "nash-mtl"
    title = "Nash-MTL"
    formula = "d = Σᵢ αᵢ gᵢ,  Gα = p/α  (elementwise, α > 0)"
    paper = "Navon et al., Multi-task learning as a bargaining game, ICML 2022"
    link = "https://arxiv.org/abs/2202.01017"
    helps = "Tasks of different loss scales that conflict: invariant to the scale of each."
    needs = ("shared-parameters",)
    gives_at = {"update_weights_every": (1, "small-tasks")}  # else a bargain is kept
    weights_sum = "no fixed number: the direction has length √Σp, whatever the losses' sizes"

    class Settings(GradientSettings):
        max_norm: float = setting(
            0.0,
            "Longest direction, in units of the gradient; 0 for no limit, 1 in the authors' code.",
            ge=0.0,
            le=1000.0,
        )
        update_weights_every: int = setting(
            1,
            "Updates for which the weights of a bargain are used before the next is struck.",
            ge=1,
            le=1_000_000,
            unit="updates",
        )

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        #: The last bargain: its tasks, their preference, its weights, and updates made with it.
        self._names: tuple[str, ...] = ()
        self._preference: tuple[float, ...] = ()
        self._bargain: list[float] = []
        self._n_used = 0

    def solve_preferred(
        self,
        gramian: list[list[float]],
        names: Sequence[str],
        preference: Sequence[float],
        precision: torch.dtype,
    ) -> list[float]:
        if self.settings.update_weights_every == 1:
            solution = super().solve_preferred(gramian, names, preference, precision)
        else:
            key = tuple(names), tuple(preference)
            is_due = self._n_used >= self.settings.update_weights_every
            if is_due or key != (self._names, self._preference):
                self._bargain = super().solve_preferred(gramian, names, preference, precision)
                (self._names, self._preference), self._n_used = key, 0
            self._n_used += 1
            solution = self._bargain
        return self._clipped(solution, gramian)

    def _clipped(self, solution: list[float], gramian: list[list[float]]) -> list[float]:
        """The weights [T], scaled down where their direction is longer than `max_norm`."""
        longest = self.settings.max_norm
        if not longest:
            return solution
        weights = np.array(solution)
        length = np.sqrt(max(weights @ np.array(gramian) @ weights, 0.0))
        return (weights * (longest / length)).tolist() if length > longest else solution

    def solve_cosines(self, cosines: Cosines) -> list[float]:
        if len(cosines.alive) == 0:
            return [0.0] * cosines.n_tasks
        return cosines.weights(inverse_power(cosines.matrix, cosines.preference, 1.0))

    def state_dict(self) -> dict[str, Any]:
        return {
            "names": list(self._names),
            "preference": list(self._preference),
            "found": list(self._bargain),
            "n_used": self._n_used,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        if state:  # an earlier version kept none
            self._names = tuple(state["names"])
            self._preference = tuple(state["preference"])
            self._bargain = list(state["found"])
            self._n_used = state["n_used"]
