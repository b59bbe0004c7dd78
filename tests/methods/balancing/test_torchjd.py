"""Agreement with TorchJD, the field's library for Jacobian descent, wherever it has the method."""

import warnings
from collections.abc import Callable

import pytest
import torch
from hypothesis import assume, given, settings
from torch import Tensor
from torchjd import aggregation as jd
from torchjd import scalarization

from tests.methods.balancing.cases import is_regular, jacobians, make, step_of, weigh, weights_on

#: By key: their method, and how far it may be off (they add to the inner products, or iterate).
THEIRS: dict[str, tuple[Callable[[int], jd.Aggregator], float]] = {
    "aligned-mtl": (lambda n: jd.AlignedMTL(), 1e-4),
    "cagrad": (lambda n: jd.CAGrad(c=0.5), 1e-2),
    "config": (lambda n: jd.ConFIG(), 1e-3),
    "dualproj": (lambda n: jd.DualProj(), 1e-2),
    "fairgrad": (lambda n: jd.FairGrad(alpha=1.0), 1e-2),
    "imtl-g": (lambda n: jd.IMTLG(), 1e-3),
    "mgda": (lambda n: jd.MGDA(epsilon=1e-6, max_iters=3000), 3e-2),
    "upgrad": (lambda n: jd.UPGrad(), 1e-2),
}


def theirs(key: str, jacobian: Tensor) -> Tensor:
    """Their direction; what their solvers warn of is not ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return THEIRS[key][0](len(jacobian))(jacobian)


@pytest.mark.parametrize("key", THEIRS)
@settings(max_examples=12, deadline=None)
@given(jacobian=jacobians())
def test_the_direction_is_theirs(key: str, jacobian: Tensor):
    assume(is_regular(jacobian, 0.1))
    # Of one size: theirs add to the inner products, or stop, relative to the largest.
    jacobian = (
        jacobian
        / jacobian.norm(dim=1, keepdim=True)
        * torch.linspace(1, 2, len(jacobian))[:, None].to(jacobian)
    )
    found, expected = weights_on(key, jacobian) @ jacobian, theirs(key, jacobian)
    if key == "imtl-g":
        assume(found.norm() < 100)  # else the weights nearly cancel in the sum that scales them
    assert (found - expected).norm() <= THEIRS[key][1] * expected.norm().clamp(min=0.05)


@pytest.mark.parametrize("seed", range(4))
def test_the_bargain_is_theirs(seed: int):
    # On few Jacobians: on hard ones theirs takes minutes, or gives up.
    generator = torch.Generator().manual_seed(seed)
    jacobian = torch.randn(3, 8, generator=generator, dtype=torch.float64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = jd.NashMTL(n_tasks=3, max_norm=0.0, optim_niter=100)(jacobian)
    found = weights_on("nash-mtl", jacobian) @ jacobian
    torch.testing.assert_close(found, expected, rtol=1e-3, atol=1e-4)


def test_vaccinated_gradients_of_two_tasks_are_theirs():
    generator = torch.Generator().manual_seed(2)
    mine, other = make("gradvac", beta=0.3), jd.GradVac(beta=0.3, eps=0.0)
    for _ in range(20):
        jacobian = torch.randn(2, 4, generator=generator, dtype=torch.float64)
        gramian = jacobian @ jacobian.T
        torch.testing.assert_close(mine.weights_of(gramian) @ jacobian, other(jacobian))


def test_the_weights_of_excess_risk_are_theirs():
    generator = torch.Generator().manual_seed(2)
    # Theirs uses the first excess itself as a first step's gain; ours only measures there.
    mine, other = make("excess-mtl", rate=0.5), jd.ExcessMTL(robust_step_size=0.5, n_warmup_steps=1)
    for _ in range(6):
        jacobian = torch.randn(3, 5, generator=generator, dtype=torch.float64)
        _, direction = weigh(mine, step_of(jacobian))
        torch.testing.assert_close(direction, other(jacobian), rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(
    ("key", "other"),
    [
        ("gls", scalarization.GeometricMean()),
        ("stch", scalarization.STCH(mu=0.7, weights=torch.ones(3))),
        ("uncertainty", scalarization.UW(3)),
        ("imtl-l", scalarization.IMTLL(3)),
        ("famo", scalarization.FAMO(3)),
    ],
    ids=["gls", "stch", "uncertainty", "imtl-l", "famo"],
)
def test_the_slopes_in_the_losses_are_theirs(key: str, other: scalarization.Scalarizer):
    values = torch.tensor([0.3, 2.0, 5.0], requires_grad=True)
    (expected,) = torch.autograd.grad(other(values), values)
    method = make(key, **({"mu": 0.7} if key == "stch" else {}))
    weights, _ = weigh(method, step_of(torch.eye(3), values.tolist()))
    torch.testing.assert_close(weights, expected)
