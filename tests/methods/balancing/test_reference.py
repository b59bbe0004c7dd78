"""The worked figures for two tasks in conflict, and closed forms for two tasks."""

import pytest
import torch
from hypothesis import assume, given, settings
from torch import Tensor

from tests.methods.balancing.cases import (
    J,
    is_regular,
    jacobians,
    make,
    step_of,
    weigh,
    weights_on,
)

some = settings(max_examples=40, deadline=None)

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
    result = weights_on(key, J)
    assert result.tolist() == pytest.approx(weights, abs=1e-4)
    assert (result @ J).tolist() == pytest.approx(direction, abs=1e-4)


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
    direction, wanted = weights_on("mgda", jacobian) @ jacobian, expected @ jacobian
    assert (direction - wanted).norm() <= 1e-4 * wanted.norm()


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
    direction = weights_on("aligned-mtl", jacobian) @ jacobian
    left, sizes, right = torch.linalg.svd(jacobian)
    torch.testing.assert_close(direction, (sizes[-1] * left @ right).mean(0), rtol=1e-6, atol=1e-9)


def test_conflict_averse_at_c_0_is_the_mean():
    assert weights_on("cagrad", J, c=0.0).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("key", ["nash-mtl", "fairgrad"])
def test_a_weighted_bargain_on_orthonormal_gradients_is_the_root(key: str):
    weights = make(key).weights_of(torch.eye(2, dtype=torch.float64), (), [4.0, 1.0])
    assert weights.tolist() == pytest.approx([2.0, 1.0], abs=1e-4)


def test_the_shortest_vector_in_the_hull_of_scaled_gradients_favours_the_larger_weight():
    # (α₁/4)² + α₂² is least at α = (16, 1)/17: on the gradients (4, 1), which sum to 1 as (.8, .2).
    weights = make("mgda").weights_of(torch.eye(2, dtype=torch.float64), (), [4.0, 1.0])
    assert weights.tolist() == pytest.approx([0.8, 0.2], abs=1e-4)


@pytest.mark.parametrize("key", ["imtl-g", "config"])
@some
@given(jacobian=jacobians(3))
def test_projections_are_in_proportion_to_the_weights(key: str, jacobian: Tensor):
    assume(is_regular(jacobian))
    preference = [1.0, 2.0, 5.0]
    gramian = jacobian @ jacobian.T
    direction = make(key).weights_of(gramian, (), preference) @ jacobian
    along = (jacobian @ direction) / jacobian.norm(dim=1)
    torch.testing.assert_close(
        along / along[0], torch.tensor(preference).double(), rtol=1e-4, atol=0
    )


@pytest.mark.parametrize("normalisation", ["l2", "loss", "loss+"])
def test_the_hull_may_be_that_of_normalised_gradients(normalisation: str):
    # Gradients (1, 0) and (0, 2), losses 4 and 1: shortest in the hull of g/n, put on g/n.
    method = make("mgda", normalisation=normalisation)
    jacobian = torch.tensor([[1.0, 0], [0, 2]])
    weights, _ = weigh(method, step_of(jacobian, [4.0, 1.0]))
    sizes = {"l2": [1.0, 2.0], "loss": [4.0, 1.0], "loss+": [4.0, 2.0]}[normalisation]
    rows = jacobian / torch.tensor(sizes)[:, None]
    shares = 1 / rows.norm(dim=1) ** 2 / torch.tensor(sizes)
    torch.testing.assert_close(weights, shares / shares.sum(), rtol=1e-4, atol=0)


@pytest.mark.parametrize(("rescale", "divisor"), [("none", 1.0), ("1+c", 1.5), ("1+c2", 1.25)])
def test_conflict_averse_steps_are_rescaled_as_asked(rescale: str, divisor: float):
    weights = weights_on("cagrad", J, rescale=rescale)
    torch.testing.assert_close(weights * divisor, weights_on("cagrad", J))


def test_a_bargain_is_used_for_so_many_updates():
    method = make("nash-mtl", update_weights_every=3)
    draw = torch.Generator().manual_seed(0)
    steps = [torch.randn(2, 4, generator=draw) for _ in range(5)]
    result = [weigh(method, step_of(jacobian))[0].tolist() for jacobian in steps]
    assert result[0] == result[1] == result[2] != result[3] == result[4]
    assert result[3] == pytest.approx(weights_on("nash-mtl", steps[3]).tolist())
    # Other weights are other terms: the bargain is struck anew at once.
    changed, _ = weigh(method, step_of(steps[0], priorities=[2.0, 1.0]))
    expected, _ = weigh(make("nash-mtl"), step_of(steps[0], priorities=[2.0, 1.0]))
    torch.testing.assert_close(changed, expected)


def test_dependent_gradients_are_told_by_the_authors_cut():
    # Two unit gradients of cosine 1 − ε have the eigenvalue ε; theirs cuts at T · 1.19e-7 · 2.
    for gap, is_kept in ((2e-6, True), (1e-7, False)):
        gramian = torch.tensor([[1.0, 1 - gap], [1 - gap, 1.0]])
        length = make("aligned-mtl").weights_of(gramian)
        assert (float(length.sum()) < 0.1) == is_kept
