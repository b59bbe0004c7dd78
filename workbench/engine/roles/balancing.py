"""Balancing: how task losses or gradients combine into one update."""

import math
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import torch
from torch import Tensor

from workbench.engine.numerics.solvers import FINE_RIDGE, RIDGE, Cosines, NotSolvedError
from workbench.engine.roles.method import Method
from workbench.spec.settings import Settings, setting

if TYPE_CHECKING:
    from workbench.engine.update.step import Step

#: Where gradients of the tasks' losses are compared: see `Step.compared`.
Place = Literal["all", "last-layer", "representation"]


class BalancingSettings(Settings):
    """Settings every balancing method has."""

    normalise: bool = setting(
        False,
        "Rescale the weights to sum to the number of tasks, so that learning rates compare.",
    )


class GradientSettings(BalancingSettings):
    """Settings of methods that compare the tasks' gradients."""

    gradients_in: Place = setting(
        "all",
        "Where gradients are compared: in all shared parameters, in those of the last layer, or in"
        " what the heads read, which costs one backward pass and not one a task. The weights found"
        " act on all.",
    )


#: Where the heads of all tasks read the same, and losses come from the parameters as they are.
FEATURES_DEMAND: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "gradients_in": {"representation": ("representation", "single-update")}
}


@dataclass(frozen=True, slots=True)
class Direction:
    """A gradient in the shared parameters, [P], where weights on the tasks' do not say it all.

    `weights` [T] are what to show the user: how much of each task's gradient is in it. Where
    weights are to be normalised, the vector is scaled with them.
    """

    vector: Tensor
    weights: Tensor


class Balancing(Method):
    """A combination rule in the space of losses: the weights act on heads too.

    `weights_sum` says what the weights add up to, which sets the effective learning rate.
    """

    role: ClassVar[str] = "balancing"
    weights_sum: ClassVar[str] = ""
    #: Whether the rule acts on gradients in the shared parameters, leaving heads their own.
    in_gradient_space: ClassVar[bool] = False

    Settings = BalancingSettings

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        self.settings = settings
        self.generator = generator

    @property
    def reads_features(self) -> bool:
        """Whether gradients are compared in what the heads read, which a step is to keep then."""
        chosen = self.settings
        return isinstance(chosen, GradientSettings) and chosen.gradients_in == "representation"

    def begin(self, tasks: Sequence[str], steps_per_epoch: int) -> None:
        """A stage begins, in which these tasks are learned."""
        del tasks, steps_per_epoch

    def weigh(self, step: "Step") -> "Tensor | Direction":
        """Weights [T] of the losses `step.losses`, in the order of `step.names`.

        A rule in gradient space may return a Direction in the shared parameters instead.
        """
        raise NotImplementedError

    def weigh_with_lookback(self, step: "Step") -> "Generator[Tensor | Direction, Step, None]":
        """`weigh`, for rules that also look at what the update did.

        Yields what `weigh` returns, and is sent the same batch seen by the updated model.
        """
        yield self.weigh(step)


class LossBalancing(Balancing):
    """A combination rule that needs only the values of the losses.

    The user's task weights multiply the rule's own.
    """

    def weigh(self, step: "Step") -> Tensor:
        """Weights [T] on the losses."""
        own = self.weights_of(step.values, step.names)
        return step.tensor([a * b for a, b in zip(own, step.priorities, strict=True)])

    def weights_of(self, values: Sequence[float], names: Sequence[str]) -> list[float]:
        """The rule's own weights [T] for the losses' values [T] of the named tasks.

        Plain numbers: for the few tasks there are, a tensor operation costs more than the rule.
        """
        raise NotImplementedError


class GramianBalancing(Balancing):
    """A combination rule that needs only the inner products of the tasks' gradients.

    Of the user's task weights a rule makes its preference: where it says nothing of its own they
    scale the gradients before the rule sees them. A task of weight 0 takes no part.
    """

    in_gradient_space = True
    demands_at = FEATURES_DEMAND
    judged = ("gradients_in",)

    Settings = GradientSettings

    def weigh(self, step: "Step") -> Tensor | Direction:
        """Weights [T] on the tasks' gradients in the shared parameters."""
        chosen = self.settings
        place = chosen.gradients_in if isinstance(chosen, GradientSettings) else "all"
        gramian = step.gramian_in(place)
        if step.has_equal_priority:
            return self.weights_of(gramian, step.names)
        part = [i for i, value in enumerate(step.priorities) if value != 0]
        weights = torch.zeros_like(step.priority)
        if part:
            names = [step.names[i] for i in part]
            # What parts make of a batch is a preference among them, and its mean a size for all.
            shares = [step.shares[i] for i in part]
            is_even = min(shares) == max(shares)
            size = shares[0] if is_even else sum(shares) / len(shares)
            preference = [step.priorities[i] / size for i in part]
            solution = self.weights_of(gramian[part][:, part], names, preference)
            weights[part] = size * solution
        return weights

    def weights_of(
        self, gramian: Tensor, names: Sequence[str] = (), preference: Sequence[float] = ()
    ) -> Tensor:
        """Weights [T] from the inner products [T, T] of the gradients, on the same device.

        `preference` [T] are the user's weights, above 0; without them all are 1. A task whose
        gradient is not finite gets a weight that is not, which ends the run in its name. Where the
        rule's problem could not be solved, the weights are the user's over T, and the user is told.
        """
        rows: list[list[float]] = gramian.tolist()
        n = len(rows)
        sick = [not math.isfinite(rows[i][i]) for i in range(n)]
        if any(sick):
            return gramian.new_tensor([math.nan if is_sick else 1.0 for is_sick in sick])
        try:
            weights = self.solve_preferred(rows, names, preference, gramian.dtype)
        except NotSolvedError as error:
            self.notice(f"{error}; equal weights were used instead")
            weights = [value / n for value in preference or [1.0] * n]
        return gramian.new_tensor(weights)

    def solve_preferred(
        self,
        gramian: list[list[float]],
        names: Sequence[str],
        preference: Sequence[float],
        precision: torch.dtype,
    ) -> list[float]:
        """Weights [T] at the user's weights [T], above 0; none where all are 1.

        `precision` is what the inner products were computed in. Here: the rule's weights on the
        gradients of the losses times the user's weights. Raises NotSolvedError.
        """
        del precision
        if not preference:
            return self.solve(gramian, names)
        scaled = [
            [p * q * value for q, value in zip(preference, row, strict=True)]
            for p, row in zip(preference, gramian, strict=True)
        ]
        solution = self.solve(scaled, names)
        return [p * weight for p, weight in zip(preference, solution, strict=True)]

    def solve(self, gramian: list[list[float]], names: Sequence[str]) -> list[float]:
        """Weights [T] from finite inner products [T, T]. Raises NotSolvedError."""
        raise NotImplementedError


class CosineBalancing(GramianBalancing):
    """A combination rule on the gradients' directions and lengths apart, with a preference."""

    #: Whether a ridge makes the directions independent: a rule that cuts small ones does without.
    has_ridge: ClassVar[bool] = True

    def solve_preferred(
        self,
        gramian: list[list[float]],
        names: Sequence[str],
        preference: Sequence[float],
        precision: torch.dtype,
    ) -> list[float]:
        """Weights [T] by `solve_cosines`, with a ridge that suits the gradients' precision."""
        del names
        ridge = FINE_RIDGE if precision == torch.float64 else RIDGE
        cosines = Cosines.of(gramian, ridge * self.has_ridge, preference)
        cosines.rounding = torch.finfo(precision).eps
        return self.solve_cosines(cosines)

    def solve_cosines(self, cosines: Cosines) -> list[float]:
        """Weights [T] on all gradients. Raises NotSolvedError."""
        raise NotImplementedError
