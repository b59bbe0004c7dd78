"""Where the methods end on the two-task landscape.

At Adam's rate of 1e-3, as in the papers, this takes up to 100 000 steps: the mean, which is to be
seen stuck, CAGrad and PCGrad are followed so. End points do not depend on the rate, so the others
take larger steps first.
"""

import math
from collections.abc import Callable

import pytest
import torch

from tests.methods.balancing.cases import make
from tests.methods.balancing.landscape import START_A, Point, descend, losses_and_gradients


def formula(x: torch.Tensor) -> torch.Tensor:
    """Both losses [2], as the papers write them."""
    a, b = x[0], x[1]
    c1, c2 = torch.clamp(torch.tanh(b / 2), min=0), torch.clamp(torch.tanh(-b / 2), min=0)
    f1 = torch.log(torch.clamp((0.5 * (-a - 7) - torch.tanh(-b)).abs(), min=5e-6)) + 6
    f2 = torch.log(torch.clamp((0.5 * (-a + 3) + torch.tanh(-b) + 2).abs(), min=5e-6)) + 6
    q1, q2 = (((a + shift) ** 2 + 0.1 * (b + 8) ** 2) / 10 - 20 for shift in (-7, 7))
    return torch.stack([c1 * f1 + c2 * q1, c1 * f2 + c2 * q2])


@pytest.mark.parametrize("point", [START_A, (-5.0, 2.0), (9.0, 1.0), (0.0, -8.3), (7.0, -2.0)])
def test_the_gradients_by_hand_are_those_of_the_formula(point: Point):
    x = torch.tensor(point, dtype=torch.float64)
    losses, gradients = losses_and_gradients(point)
    assert losses == pytest.approx(formula(x).tolist())
    jacobian = torch.autograd.functional.jacobian(formula, x)
    torch.testing.assert_close(torch.tensor(gradients, dtype=torch.float64), jacobian)


def end_of(key: str, steps: int, last: int = 2000) -> Point:
    method = make(key)

    def weigh(gramian: torch.Tensor) -> list[float]:
        return method.weights_of(gramian).tolist()

    near = descend(weigh, START_A, 0.01, steps)
    return descend(weigh, near, 5e-4, last)


def test_the_mean_gets_stuck():
    end = descend(lambda _: [0.5, 0.5], START_A, 1e-3, 60_000)
    assert end[0] == pytest.approx(-5.05, abs=0.1)
    assert 1.5 < end[1] < 3


def test_conflict_averse_descent_ends_at_the_best_mean():
    end = end_of("cagrad", 10_000, 3000)
    assert end[0] == pytest.approx(0, abs=0.01)
    assert end[1] == pytest.approx(-8.3551, abs=1e-3)
    assert losses_and_gradients(end)[0] == pytest.approx((-15.0916, -15.0916), abs=0.02)


def weights_by(key: str) -> Callable[[torch.Tensor], list[float]]:
    method = make(key)
    return lambda gramian: method.weights_of(gramian).tolist()


@pytest.mark.slow
def test_conflict_averse_descent_ends_there_at_the_papers_rate_too():
    end = descend(weights_by("cagrad"), START_A, 1e-3, 100_000)
    assert end[0] == pytest.approx(0, abs=0.01)
    assert end[1] == pytest.approx(-8.3551, abs=1e-3)
    assert losses_and_gradients(end)[0] == pytest.approx((-15.0916, -15.0916), abs=0.02)


@pytest.mark.slow
def test_projected_gradients_end_on_the_pareto_set_at_the_papers_rate_too():
    end = descend(weights_by("pcgrad"), START_A, 1e-3, 50_000)
    _, (first, second) = losses_and_gradients(end)
    product = first[0] * second[0] + first[1] * second[1]
    assert product == pytest.approx(-math.hypot(*first) * math.hypot(*second), rel=1e-3)
    assert -7 <= end[0] <= 7


@pytest.mark.parametrize("key", ["mgda", "pcgrad", "upgrad"])
def test_others_end_on_the_curved_pareto_set(key: str):
    end = end_of(key, 6000, 1000)
    assert -7 <= end[0] <= 7
    on_curve = {0: -8.3551, 3.5: -8.3760, 7: -8.4345}
    bend = (on_curve[7] - on_curve[0]) / 49
    assert end[1] == pytest.approx(on_curve[0] + bend * end[0] ** 2, abs=0.003)
    _, (first, second) = losses_and_gradients(end)
    product = first[0] * second[0] + first[1] * second[1]
    assert product == pytest.approx(-math.hypot(*first) * math.hypot(*second), rel=1e-3)
