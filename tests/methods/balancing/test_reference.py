"""The worked figures for two tasks in conflict, and closed forms for two tasks."""

import pytest
import torch
from hypothesis import assume, given, settings
from torch import Tensor

from tests.methods.balancing.cases import J, is_regular, jacobians, make, weights_on

FIGURES = {
    "mgda": ([0.6, 0.4], [0, 1, 1]),
    "pcgrad": ([2.2222, 1.5789], [0.5848, 3.8012, 3.8012]),
    "upgrad": ([1.1111, 0.7895], [0.2924, 1.9006, 1.9006]),
    "imtl-g": ([0.5923, 0.4077], [0.0767, 1, 1]),
    "fairgrad": ([0.5915, 0.4071], [0.0766, 0.9985, 0.9985]),
    "nash-mtl": ([0.5915, 0.4071], [0.0766, 0.9985, 0.9985]),
    "cagrad": ([0.7041, 0.5], [0.1835, 1.2041, 1.2041]),
    "aligned-mtl": ([0.5591, 0.4083], [0.2133, 0.9673, 0.9673]),
}


@pytest.mark.parametrize("key", FIGURES)
def test_the_reference_case(key: str):
    weights, direction = FIGURES[key]
    found = weights_on(key, J)
    assert found.tolist() == pytest.approx(weights, abs=1e-4)
    assert (found @ J).tolist() == pytest.approx(direction, abs=1e-4)


def test_the_reference_case_of_config():
    direction = weights_on("config", J) @ J
    assert direction.tolist() == pytest.approx([0.1588, 2.0706, 2.0706], abs=1e-4)


def close(found: Tensor, expected: Tensor, tolerance: float = 1e-3) -> None:
    torch.testing.assert_close(found, expected, rtol=tolerance, atol=0)


@settings(max_examples=60, deadline=None)
@given(jacobians(2))
def test_two_tasks_bargain_in_closed_form(jacobian: Tensor):
    assume(is_regular(jacobian))
    norms = jacobian.norm(dim=1)
    cosine = jacobian[0] @ jacobian[1] / norms.prod()
    close(weights_on("nash-mtl", jacobian), 1 / (norms * (1 + cosine).sqrt()))


@settings(max_examples=60, deadline=None)
@given(jacobians(2))
def test_two_tasks_shortest_in_hull_has_a_closed_form(jacobian: Tensor):
    assume(is_regular(jacobian))
    (a, cross), (_, b) = (jacobian @ jacobian.T).tolist()
    first = min(max((b - cross) / (a + b - 2 * cross), 0.0), 1.0)
    expected = torch.tensor([first, 1 - first], dtype=torch.float64)
    found, wanted = weights_on("mgda", jacobian) @ jacobian, expected @ jacobian
    assert (found - wanted).norm() <= 1e-4 * wanted.norm()


@settings(max_examples=60, deadline=None)
@given(jacobians(2))
def test_two_tasks_projected_once_are_upgrad(jacobian: Tensor):
    assume(is_regular(jacobian))
    expected = make("pcgrad").weights_of(jacobian @ jacobian.T) / 2
    close(weights_on("upgrad", jacobian), expected)


@pytest.mark.parametrize("alpha", [0.5, 2.0])
def test_fairness_solves_its_equation(alpha: float):
    weights = weights_on("fairgrad", J.double(), alpha=alpha)
    torch.testing.assert_close(
        J.double() @ J.double().T @ weights, weights ** (-1 / alpha), rtol=1e-4, atol=0
    )


def test_a_clipped_bargain_has_the_longest_length():
    clipped = weights_on("nash-mtl", J, max_norm=1.0) @ J
    assert clipped.norm().item() == pytest.approx(1.0, rel=1e-4)
    assert (weights_on("nash-mtl", J, max_norm=2.0) @ J).norm().item() == pytest.approx(
        2**0.5, rel=1e-4
    )


def test_aligned_gradients_have_one_singular_value():
    jacobian = torch.tensor([[3.0, 1, 0], [1, 2, 1], [0, 1, 5]], dtype=torch.float64)
    found = weights_on("aligned-mtl", jacobian) @ jacobian
    left, sizes, right = torch.linalg.svd(jacobian)
    torch.testing.assert_close(found, (sizes[-1] * left @ right).mean(0), rtol=1e-6, atol=1e-9)


def test_conflict_averse_at_c_0_is_the_mean():
    assert weights_on("cagrad", J, c=0.0).tolist() == [0.5, 0.5]
