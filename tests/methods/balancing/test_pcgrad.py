"""Gradient surgery: worked figures, the published algorithm, and its properties."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torch import Tensor
from torchjd.aggregation import PCGradWeighting

from workbench.engine.roles.balancing import BalancingSettings
from workbench.methods.balancing.pcgrad import PCGrad

J = torch.tensor([[-4.0, 1, 1], [6, 1, 1]])

#: Gradients whose squares neither overflow nor vanish.
NUMBERS = st.floats(-100, 100).map(lambda value: round(value, 3))
JACOBIANS = st.tuples(st.integers(1, 5), st.integers(1, 6)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=NUMBERS)
)


def pcgrad(seed: int = 0) -> PCGrad:
    return PCGrad(BalancingSettings(), torch.Generator().manual_seed(seed))


def weights_of(jacobian: Tensor, seed: int = 0) -> Tensor:
    return pcgrad(seed).weights_of(jacobian @ jacobian.T)


def algorithm_1(jacobian: Tensor, seed: int) -> Tensor:
    """Yu et al. 2020, on the gradients themselves, in the orders that `seed` gives."""
    n = len(jacobian)
    keys = torch.rand(n, n, generator=torch.Generator().manual_seed(seed))
    total = torch.zeros_like(jacobian[0])
    for i, order in enumerate(keys.argsort(dim=1).tolist()):
        projected = jacobian[i].clone()
        for j in order:
            if j != i and projected @ jacobian[j] < 0:
                projected -= (projected @ jacobian[j]) / (jacobian[j] @ jacobian[j]) * jacobian[j]
        total += projected
    return total


def test_the_reference_case():
    weights = weights_of(J)
    assert weights.tolist() == pytest.approx([2.2222, 1.5789], abs=1e-4)
    assert (weights @ J).tolist() == pytest.approx([0.5848, 3.8012, 3.8012], abs=1e-4)


def is_decided(jacobian: Tensor, seed: int) -> bool:
    """Whether no inner product met on the way is so near 0 that rounding decides its sign."""
    keys = torch.rand(len(jacobian), len(jacobian), generator=torch.Generator().manual_seed(seed))
    for i, order in enumerate(keys.argsort(dim=1).tolist()):
        projected = jacobian[i].clone()
        for j in order:
            if j == i:
                continue
            dot = projected @ jacobian[j]
            if 0 < dot.abs() < 1e-6 * jacobian[i].norm() * jacobian[j].norm():
                return False
            if dot < 0:
                projected -= dot / (jacobian[j] @ jacobian[j]) * jacobian[j]
    return True


@settings(max_examples=300, deadline=None)
@given(JACOBIANS, st.integers(0, 1000))
def test_it_is_algorithm_1_in_the_same_orders(values: np.ndarray, seed: int):
    jacobian = torch.from_numpy(values)
    direction = weights_of(jacobian, seed) @ jacobian
    if is_decided(jacobian, seed):
        torch.testing.assert_close(direction, algorithm_1(jacobian, seed), rtol=1e-5, atol=1e-5)
    assert direction.isfinite().all()


@settings(max_examples=100, deadline=None)
@given(arrays(np.float64, (2, 3), elements=NUMBERS))
def test_for_two_tasks_it_is_torchjds(values: np.ndarray):
    jacobian = torch.from_numpy(values)
    gramian = jacobian @ jacobian.T
    if not (gramian.diagonal() > 1e-3).all():
        return
    expected = PCGradWeighting()(gramian)
    torch.testing.assert_close(weights_of(jacobian), expected, rtol=1e-6, atol=1e-6)


def test_for_many_tasks_its_mean_is_torchjds():
    jacobian = torch.randn(4, 3, generator=torch.Generator().manual_seed(7), dtype=torch.float64)
    gramian = jacobian @ jacobian.T
    method, theirs = pcgrad(), PCGradWeighting()
    torch.manual_seed(0)
    n = 2000
    ours = torch.stack([method.weights_of(gramian) for _ in range(n)])
    other = torch.stack([theirs(gramian) for _ in range(n)])
    spread = (ours.var(0) + other.var(0)).div(n).sqrt()
    assert ((ours.mean(0) - other.mean(0)).abs() <= 4.5 * spread + 1e-9).all()


@settings(max_examples=50, deadline=None)
@given(arrays(np.float64, (4, 6), elements=st.floats(0, 10)))
def test_without_conflict_every_weight_is_one(values: np.ndarray):
    assert weights_of(torch.from_numpy(values)).tolist() == [1.0] * 4


def test_one_task_keeps_its_gradient():
    assert weights_of(J[:1]).tolist() == [1.0]


@pytest.mark.parametrize(
    "jacobian",
    [
        torch.zeros(3, 4),
        torch.tensor([[0.0, 0], [1, 2], [-1, -1]]),
        torch.tensor([[1.0, 2], [-1, -2]]),
        torch.tensor([[1.0, 0], [-1e-30, 0]]),
        torch.tensor([[1e15, 0], [-1e-15, 1e-15]]),
    ],
    ids=["all-zero", "one-zero", "opposite", "underflow", "far-apart"],
)
def test_gradients_of_no_use_stay_finite(jacobian: Tensor):
    for seed in range(10):
        weights = weights_of(jacobian, seed)
        assert weights.isfinite().all()
        assert (weights @ jacobian).isfinite().all()


def test_opposite_gradients_cancel():
    jacobian = torch.tensor([[1.0, 2], [-1, -2]])
    assert (weights_of(jacobian) @ jacobian).tolist() == [0, 0]


def test_permuting_two_tasks_permutes_their_weights():
    assert weights_of(J.flip(0)).tolist() == pytest.approx(weights_of(J).flip(0).tolist())


def test_scaling_all_gradients_leaves_the_weights():
    assert weights_of(1000 * J).tolist() == pytest.approx(weights_of(J).tolist(), rel=1e-5)


def test_weights_sum_to_at_least_the_number_of_tasks():
    generator = torch.Generator().manual_seed(3)
    for seed in range(20):
        weights = weights_of(torch.randn(4, 5, generator=generator), seed)
        assert weights.sum() >= 4 - 1e-5
        assert (weights >= 1 - 1e-5).all()
