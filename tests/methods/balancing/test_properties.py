"""What each method promises, on random Jacobians."""

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import Tensor

from tests.methods.balancing.cases import EXACT, is_regular, jacobians, make, weights_on

some = settings(max_examples=40, deadline=None)


def cosines(direction: Tensor, jacobian: Tensor) -> Tensor:
    """Of a direction with each gradient, 0 with a gradient of 0."""
    unit = jacobian / jacobian.norm(dim=1, keepdim=True).clamp(min=1e-300)
    return unit @ direction / direction.norm().clamp(min=1e-300)


@pytest.mark.parametrize("key", ["upgrad", "mgda", "dualproj"])
@some
@given(jacobian=jacobians())
def test_no_task_gets_worse(key: str, jacobian: Tensor):
    direction = weights_on(key, jacobian) @ jacobian
    # Against a step's length where gradients nearly cancel, rounding is all there is.
    least = 1e-4 * jacobian.norm(dim=1).max()
    if direction.norm() > least:
        assert (cosines(direction, jacobian) > -1e-2).all()
    assert (jacobian @ direction >= -1e-4 * jacobian.norm(dim=1).max() ** 2).all()


@pytest.mark.parametrize("key", ["upgrad", "mgda", "dualproj", "nash-mtl", "fairgrad", "imtl-g"])
@some
@given(jacobian=jacobians())
def test_no_task_gets_worse_where_gradients_are_independent(key: str, jacobian: Tensor):
    assume(is_regular(jacobian))
    direction = weights_on(key, jacobian) @ jacobian
    if key == "imtl-g":  # it may point against all of them alike
        direction = direction * cosines(direction, jacobian)[0].sign()
    assert (cosines(direction, jacobian) > -1e-4).all()


@pytest.mark.parametrize("key", ["imtl-g", "config"])
@some
@given(jacobian=jacobians())
def test_impartial_directions_project_alike_on_all(key: str, jacobian: Tensor):
    assume(is_regular(jacobian))
    result = cosines(weights_on(key, jacobian) @ jacobian, jacobian)
    torch.testing.assert_close(result, result.mean().expand_as(result), rtol=1e-3, atol=1e-6)


@some
@given(jacobians(), st.floats(0.05, 0.95))
def test_conflict_averse_is_best_for_the_worst_off_nearby(jacobian: Tensor, c: float):
    assume(is_regular(jacobian))
    mean = jacobian.mean(0)
    direction = weights_on("cagrad", jacobian, c=c) @ jacobian
    assert (direction - mean).norm() <= c * mean.norm() * (1 + 1e-4)
    generator = torch.Generator().manual_seed(0)
    others = torch.randn(200, len(mean), generator=generator, dtype=torch.float64)
    others = mean + c * mean.norm() * others / others.norm(dim=1, keepdim=True)
    slack = 1e-4 * jacobian.norm(dim=1).max() * mean.norm()
    assert (jacobian @ direction).min() >= (jacobian @ others.T).min(0).values.max() - slack


@pytest.mark.parametrize("key", EXACT)
@some
@given(jacobian=jacobians())
def test_permuting_the_tasks_permutes_the_weights(key: str, jacobian: Tensor):
    assume(is_regular(jacobian))
    order = torch.randperm(len(jacobian), generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(
        weights_on(key, jacobian[order]), weights_on(key, jacobian)[order], rtol=1e-4, atol=1e-9
    )


#: How the direction grows with all gradients; Nash-MTL's length is fixed, FairGrad's at α = 1.
DEGREES = dict.fromkeys(EXACT, 1) | {"nash-mtl": 0, "fairgrad": 0}


@pytest.mark.parametrize("key", EXACT)
@pytest.mark.parametrize("factor", [1e-12, 1e12])
def test_scaling_all_gradients_scales_the_direction_as_claimed(key: str, factor: float):
    generator = torch.Generator().manual_seed(5)
    jacobian = torch.randn(4, 9, generator=generator)
    direction = weights_on(key, jacobian * factor) @ (jacobian * factor)
    expected = weights_on(key, jacobian) @ jacobian * factor ** DEGREES[key]
    torch.testing.assert_close(direction, expected, rtol=1e-3, atol=0)


@pytest.mark.parametrize("key", ["nash-mtl", "fairgrad"])
@some
@given(jacobian=jacobians())
def test_bargains_do_not_mind_the_scale_of_one_task(key: str, jacobian: Tensor):
    assume(is_regular(jacobian))
    scaled = jacobian.clone()
    scaled[0] *= 1e6
    torch.testing.assert_close(
        weights_on(key, scaled) @ scaled, weights_on(key, jacobian) @ jacobian, rtol=1e-3, atol=1e-6
    )


@some
@given(jacobians())
def test_the_shortest_vector_is_shorter_than_any_other_in_the_hull(jacobian: Tensor):
    weights = weights_on("mgda", jacobian)
    assert (weights >= 0).all()
    assert weights.sum().item() == pytest.approx(1, abs=1e-6)
    shortest = (weights @ jacobian).norm()
    longest = jacobian.norm(dim=1).max()
    assert (shortest <= jacobian.norm(dim=1) + 1e-4 * longest).all()
    assert shortest <= jacobian.mean(0).norm() + 1e-4 * longest


@pytest.mark.parametrize("key", [*EXACT, "gradvac", "pcgrad"])
@some
@given(jacobian=jacobians())
def test_weights_are_finite_and_the_solver_needs_no_excuse(key: str, jacobian: Tensor):
    method = make(key)
    assert method.weights_of(jacobian @ jacobian.T).isfinite().all()
    assert not method.notices or key == "imtl-g"


@pytest.fixture(params=range(3))
def twenty(request: pytest.FixtureRequest) -> Tensor:
    """Twenty gradients of sizes up to 1e4 apart, of which many conflict."""
    draw = torch.Generator().manual_seed(request.param)
    rows = torch.randn(20, 30, generator=draw, dtype=torch.float64)
    return rows * 10 ** (4 * torch.rand(20, 1, generator=draw, dtype=torch.float64) - 2)


@pytest.mark.parametrize("key", ["fairgrad", "nash-mtl"])
def test_twenty_tasks_bargain_to_the_stated_tolerance(key: str, twenty: Tensor):
    method = make(key)
    weights = method.weights_of(twenty @ twenty.T)
    product = weights * (twenty @ twenty.T @ weights)
    even = product / product.mean()
    # Of this the ridge that makes the answer unique, T · 1e-6 of a cosine, is the larger part.
    torch.testing.assert_close(even, torch.ones_like(even), rtol=5e-4, atol=0)
    assert not method.notices


def test_the_shortest_vector_of_twenty_tasks_is_optimal(twenty: Tensor):
    weights = weights_on("mgda", twenty)
    shortest = weights @ twenty
    # Every gradient reaches at least as far along it, those with weight exactly as far.
    slack = 1e-3 * shortest.norm() * twenty.norm(dim=1)
    assert (twenty @ shortest >= shortest @ shortest - slack).all()
    assert weights.sum().item() == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("key", ["upgrad", "dualproj", "cagrad"])
def test_twenty_tasks_are_solved_without_excuse(key: str, twenty: Tensor):
    method = make(key)
    direction = method.weights_of(twenty @ twenty.T) @ twenty
    if key == "cagrad":
        mean = twenty.mean(0)
        assert (direction - mean).norm().item() == pytest.approx(0.5 * mean.norm().item(), rel=1e-4)
    else:
        assert (cosines(direction, twenty) > -1e-3).all()
    assert not method.notices
