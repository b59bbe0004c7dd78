"""Every method where there is little or too much to balance: defined, finite, without excuse."""

import pytest
import torch
from torch import Tensor

from tests.engine.toys import Run, constant, given, teaching
from tests.methods.balancing.cases import FOUND, KEYS, make, step_of, weigh
from workbench.spec.event import Diverged
from workbench.spec.experiment import Choice

every = pytest.mark.parametrize("key", KEYS)

#: Methods that have something to say where a loss is below 0.
NEED_POSITIVE = {"db-mtl", "dwa", "famo", "gls", "gradnorm", "imtl-l", "uncertainty"}
#: Methods whose direction is not a fixed function of the losses and gradients.
BY_CHANCE = {"rlw", "graddrop"}
#: A unit of gradient whose square single precision can hold with room to spare.
G = torch.tensor([1.0, -2.0, 0.5])


def after_steps(key: str, jacobian: Tensor, values: list[float] | None = None, n: int = 3):
    """Weights [T] and direction [P] of the last of a few steps, which must all be finite."""
    method = make(key)
    names = "abcdefghij"[: len(jacobian)]
    method.begin(tuple(names), 1)
    for _ in range(n):
        weights, direction = weigh(method, step_of(jacobian, values), step_of(jacobian, values))
        assert weights.shape == (len(jacobian),)
        assert weights.isfinite().all()
        assert direction.isfinite().all()
    assert not method.notices
    return weights, direction


@every
def test_one_task_keeps_its_direction(key: str):
    weights, direction = after_steps(key, G[None])
    assert weights.item() > 0
    torch.testing.assert_close(direction / direction.norm(), G / G.norm())


@every
def test_identical_tasks_are_weighed_alike(key: str):
    weights, direction = after_steps(key, G.expand(3, 3).clone())
    if key not in BY_CHANCE:
        torch.testing.assert_close(weights, weights.mean().expand(3), rtol=1e-3, atol=0)
    torch.testing.assert_close(direction / direction.norm(), G / G.norm())


@every
def test_without_gradients_nothing_moves(key: str):
    _, direction = after_steps(key, torch.zeros(3, 4))
    assert not direction.any()


@every
def test_opposite_gradients_cancel(key: str):
    weights, direction = after_steps(key, torch.stack([G, -G]))
    if key not in BY_CHANCE:
        assert direction.norm() <= 1e-3 * G.norm() * weights.abs().max().clamp(min=1)


@every
def test_a_frozen_task_does_not_stop_the_other(key: str):
    weights, direction = after_steps(key, torch.stack([G, 0 * G]))
    if key == "mgda":  # the frozen task is at its optimum: every point is Pareto stationary
        assert weights.tolist() == [0, 1]
        assert not direction.any()
    else:
        assert weights[0] > 0
        torch.testing.assert_close(direction / direction.norm(), G / G.norm())


@every
@pytest.mark.parametrize("sizes", [(1e-12, 1e12), (1e-12, 1e-12), (1e12, 1e12)])
@pytest.mark.parametrize("cross", [-1.0, 1.0])
def test_losses_of_any_size_are_weighed(key: str, sizes: tuple[float, float], cross: float):
    jacobian = torch.tensor([[1.0, 0.5, 0], [0, cross, 2.0]]) * torch.tensor(sizes)[:, None]
    weights, direction = after_steps(key, jacobian, list(sizes))
    assert weights.abs().max() > 0
    assert direction.any()


@every
def test_losses_of_zero_and_below_are_weighed(key: str):
    method = make(key)
    method.begin(("a", "b", "c"), 1)
    jacobian = torch.tensor([[1.0, 0.5, 0], [0, -1.0, 2.0], [1.0, 1.0, 1.0]])
    for _ in range(3):
        step = step_of(jacobian, [0.0, -1.0, 2.0])
        weights, direction = weigh(method, step, step)
        assert weights.isfinite().all()
        assert direction.isfinite().all()
    if key in NEED_POSITIVE:
        assert method.notices
        assert all("b is below" in notice for notice in method.notices)
    else:
        assert not method.notices


@pytest.mark.parametrize("key", KEYS)
def test_losses_above_0_need_no_word(key: str):
    method = make(key)
    method.begin(("a", "b"), 1)
    for _ in range(3):
        step = step_of(torch.eye(2), [0.5, 2.0], [1.0, 3.0])
        weigh(method, step, step)
    assert not method.notices


@every
def test_tasks_may_come_and_go(key: str):
    method = make(key)
    generator = torch.Generator().manual_seed(1)
    for names in ("ab", "b", "bca", "ad"):
        jacobian = torch.randn(len(names), 3, generator=generator)
        step = step_of(jacobian, names=names)
        weights, direction = weigh(method, step, step)
        assert weights.shape == (len(names),)
        assert direction.isfinite().all()


@every
def test_a_task_of_weight_0_takes_no_part(key: str):
    alone = step_of(G[None], [3.0])
    with_other = step_of(torch.stack([G, -3 * G + 1]), [3.0, 2.0], [1.0, 0.0])
    weights, direction = weigh(make(key), with_other, with_other)
    assert weights[1] == 0
    expected = weigh(make(key), alone, alone)[1]
    torch.testing.assert_close(direction / direction.norm(), expected / expected.norm())


@every
def test_the_users_weights_shift_the_balance(key: str):
    jacobian = torch.tensor([[1.0, 0.0, 0], [0, 1.0, 0]])
    for _ in range(3):
        even = step_of(jacobian)
        tilted = step_of(jacobian, priorities=[4.0, 1.0])
        one, two = (weigh(make(key), step, step)[1] for step in (even, tilted))
    assert two[0] / two[1].clamp(min=1e-9) > 1.2 * one[0] / one[1].clamp(min=1e-9)


@every
def test_a_loss_that_is_not_a_number_ends_the_run_in_its_name(key: str):
    run = Run(
        given(balancing=Choice(kind=key)),
        teaching(lambda: [constant("well", 1.0), constant("sick", float("inf"))]),
    ).to_the_end()
    assert isinstance(run.last, Diverged)
    assert run.last.task == "sick"
    assert all(values.isfinite().all() for values in run.parameters.values())


GRAMIAN = [key for key in KEYS if hasattr(FOUND["balancing", key], "weights_of")]


@pytest.mark.parametrize(
    "key", [key for key in GRAMIAN if FOUND["balancing", key].in_gradient_space]
)
@pytest.mark.parametrize("sick", [float("nan"), float("inf")])
def test_a_gradient_that_is_not_finite_is_told_by_the_weight(key: str, sick: float):
    jacobian = torch.stack([G, G * sick])
    weights = make(key).weights_of(jacobian @ jacobian.T)
    assert weights.isfinite().tolist() == [True, False]
