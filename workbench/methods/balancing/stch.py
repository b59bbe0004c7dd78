"""stch: the smooth maximum of the losses."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import torch
from pydantic import Field
from torch import Tensor

from workbench.engine.numerics.softmax import log_sum_exp
from workbench.engine.roles.balancing import Balancing, BalancingSettings
from workbench.spec.settings import setting

if TYPE_CHECKING:
    from workbench.engine.update.step import Step


class STCH(Balancing):
    """The smooth maximum of the weighted losses: works on the worst task first.

    Smooth Tchebycheff scalarisation; w are the user's task weights, as they stand (the paper has
    them sum to 1), and z the ideal point: one value for all tasks, or one for each. No loss should
    reach it: of one below, a larger weight would make a task count as the better off. Where weights
    differ, the user is told.
    """

    key = "stch"
    title = "Smooth Tchebycheff"
    formula = "L = μ · log Σᵢ exp(wᵢ(Lᵢ − zᵢ)/μ)"
    paper = "Lin et al., Smooth Tchebycheff scalarization, ICML 2024"
    link = "https://arxiv.org/abs/2402.19078"
    helps = "When no task may be left behind; finds every Pareto point as the weights change."
    weights_sum = "1 at task weights of 1"

    class Settings(BalancingSettings):
        mu: float = setting(
            1.0, "Smoothness: towards 0 only the worst task counts.", ge=1e-6, le=1e6
        )
        ideal: float = setting(0.0, "z: the loss to aim at.", ge=-1e12, le=1e12)
        ideals: list[Annotated[float, Field(ge=-1e12, le=1e12)]] = setting(
            [],
            "z of each task, in the order in which they are first learned; tasks beyond the list"
            " aim at the ideal of all.",
            max_length=1000,
        )

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        #: The tasks in the order of their first stage.
        self._order: list[str] = []

    def begin(self, tasks: Sequence[str], steps_per_epoch: int) -> None:
        del steps_per_epoch
        self._order += [name for name in tasks if name not in self._order]

    def weigh(self, step: "Step") -> Tensor:
        """Weights [T], the slopes of the smooth maximum in the losses."""
        ideals = self._ideals(step.names)
        is_equal = min(step.priorities) == max(step.priorities)
        for name, value, ideal in zip(step.names, step.values, ideals, strict=True):
            if value < ideal and not is_equal:
                self.notice(
                    f"the loss of {name} is below its ideal of {ideal:g}, where a larger weight"
                    " means less of it: set an ideal that it cannot fall below"
                )
        terms = self._terms(step.values, step.priorities, ideals)
        top = log_sum_exp(terms)
        shares = [math.exp(term - top) for term in terms]
        return step.tensor([a * b for a, b in zip(step.priorities, shares, strict=True)])

    def value(self, values: Sequence[float], priorities: Sequence[float]) -> float:
        """The smooth maximum itself of losses [T] with weights [T]."""
        ideals = [self.settings.ideal] * len(values)
        return self.settings.mu * log_sum_exp(self._terms(values, priorities, ideals))

    def _ideals(self, names: Sequence[str]) -> list[float]:
        """What each of these tasks aims at, [T]."""
        known = dict(zip(self._order, self.settings.ideals, strict=False))
        return [known.get(name, self.settings.ideal) for name in names]

    def _terms(
        self, values: Sequence[float], priorities: Sequence[float], ideals: Sequence[float]
    ) -> list[float]:
        mu = self.settings.mu
        return [
            w * (value - ideal) / mu
            for w, value, ideal in zip(priorities, values, ideals, strict=True)
        ]

    def state_dict(self) -> dict[str, Any]:
        return {"order": list(self._order)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._order = list(state.get("order", []))  # an earlier version kept none
