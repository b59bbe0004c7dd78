"""The user's weight of a task means more of this task, under every balancing method.

The property: of two steps that differ in one task's weight alone, at the same gradients, losses
and random numbers, the one with the larger weight gains no less for that task. The gain is
gᵢ·d, to first order how fast the task's loss falls. It is measured

- per unit of the step's length, gᵢ·d/‖d‖, where the method's weights or its step have a length
  that the user's weights do not set (`PER_LENGTH`);
- as its part of all tasks' gains on directions, (d·gᵢ/‖gᵢ‖) / Σⱼ (d·gⱼ/‖gⱼ‖), where the method is
  defined by how those stand to each other (`AS_A_PART`);
- as it is, gᵢ·d, everywhere else, and also of most of the former.
"""

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from tests.fuzz import scaled
from tests.methods.balancing.cases import KEYS, make, step_of, weigh

#: Weights that sum to a number of the method's own, or a length that falls with the losses.
PER_LENGTH = {"mgda", "gls", "stch", "famo"}
AS_A_PART = {"imtl-g", "config"}
#: Methods whose step may lie anywhere between several gradients of their own making: more of one
#: raises its gain, and the step's length by more.
NOT_PER_LENGTH = {"aligned-mtl", "upgrad", "dualproj", "pcgrad", "gradvac", "graddrop"}

every = pytest.mark.parametrize("key", KEYS)


def jacobians(n_cases: int) -> Iterator[tuple[Tensor, list[float], list[float], int, float]]:
    """Gradients in conflict, in groups and at random; losses, weights, a task and a factor."""
    draw = torch.Generator().manual_seed(0)

    def numbers(n: int, low: float, high: float) -> list[float]:
        return (low + (high - low) * torch.rand(n, generator=draw)).exp().tolist()

    for case in range(n_cases):
        n = int(torch.randint(2, 7, (), generator=draw))
        m = n + int(torch.randint(0, 6, (), generator=draw))
        rows = torch.randn(n, m, generator=draw, dtype=torch.float64)
        if case % 3 == 1:
            rows = rows - 0.9 * rows.mean(0)
        elif case % 3 == 2:
            signs = torch.where(torch.rand(n, generator=draw) < 0.5, 1.0, -1.0).double()
            line = torch.randn(m, generator=draw, dtype=torch.float64)
            rows = signs[:, None] * line + 0.3 * rows
        sizes = torch.tensor(numbers(n, -2, 2), dtype=torch.float64)
        task = int(torch.randint(0, n, (), generator=draw))
        factor = (1.1, 2.0, 10.0)[case // 3 % 3]
        yield sizes[:, None] * rows, numbers(n, -1, 1), numbers(n, -1, 1), task, factor


def step_with(key: str, jacobian: Tensor, losses: list[float], weights: list[float]) -> Tensor:
    """The direction [P] of a new method's third step at these gradients, the weights being so."""
    method = make(key)
    names = "abcdefghij"[: len(jacobian)]
    method.begin(tuple(names), 1)
    directions = [weigh(method, step_of(jacobian, losses, weights))[1] for _ in range(3)]
    assert not method.notices
    return directions[-1]


def gains(key: str, jacobian: Tensor, task: int, direction: Tensor) -> list[float]:
    """The gains that are not to fall, each divided by a size of the case."""
    unit = jacobian / jacobian.norm(dim=1, keepdim=True)
    along = unit @ direction
    if key in AS_A_PART:
        return [float(along[task] / along.sum())]
    collected: list[float] = []
    if key not in PER_LENGTH:
        collected.append(float(along[task]))
    if key not in NOT_PER_LENGTH:
        collected.append(float(along[task] / direction.norm()))
    return collected


@every
def test_more_weight_never_harms_the_task(key: str):
    for i, (jacobian, losses, weights, task, factor) in enumerate(jacobians(scaled(18))):
        more = list(weights)
        more[task] *= factor
        before, after = (step_with(key, jacobian, losses, w) for w in (weights, more))
        size = float(before.norm()) + float(after.norm())
        for a, b in zip(
            gains(key, jacobian, task, before), gains(key, jacobian, task, after), strict=True
        ):
            assert b >= a - 1e-6 * max(size, 1), f"case {i}"


@pytest.mark.parametrize("key", sorted(set(KEYS) - {"stch"}))  # its weights also sharpen it
def test_equal_weights_are_none(key: str):
    for jacobian, losses, *_ in jacobians(6):
        n = len(jacobian)
        plain = step_with(key, jacobian, losses, [1.0] * n)
        equal = step_with(key, jacobian, losses, [3.0] * n)
        torch.testing.assert_close(equal / equal.norm(), plain / plain.norm(), rtol=1e-6, atol=1e-6)
