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
    direction, expected = weights_on(key, jacobian) @ jacobian, theirs(key, jacobian)
    if key == "imtl-g":
        assume(direction.norm() < 100)  # else the weights nearly cancel in the sum that scales them
    assert (direction - expected).norm() <= THEIRS[key][1] * expected.norm().clamp(min=0.05)


@pytest.mark.parametrize("seed", range(4))
def test_the_bargain_is_theirs(seed: int):
    # On few Jacobians: on hard ones theirs takes minutes, or gives up.
    generator = torch.Generator().manual_seed(seed)
    jacobian = torch.randn(3, 8, generator=generator, dtype=torch.float64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = jd.NashMTL(n_tasks=3, max_norm=0.0, optim_niter=100)(jacobian)
    direction = weights_on("nash-mtl", jacobian) @ jacobian
    torch.testing.assert_close(direction, expected, rtol=1e-3, atol=1e-4)


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


@pytest.mark.parametrize("leak", [0.0, 0.3])
def test_the_signs_kept_by_one_draw_are_theirs(leak: float, monkeypatch: pytest.MonkeyPatch):
    generator = torch.Generator().manual_seed(3)
    for _ in range(10):
        jacobian = torch.randn(3, 7, generator=generator)
        drawn = torch.rand(7, generator=generator)
        monkeypatch.setattr(torch, "rand", lambda *_, drawn=drawn, **__: drawn)
        expected = jd.GradDrop(leak=torch.full((3,), leak))(jacobian)
        _, direction = weigh(make("graddrop", leak=leak), step_of(jacobian))
        monkeypatch.undo()
        torch.testing.assert_close(direction, expected)


def test_random_weights_of_one_draw_are_theirs_times_the_number_of_tasks(
    monkeypatch: pytest.MonkeyPatch,
):
    drawn = torch.tensor([0.3, -1.2, 0.8])
    monkeypatch.setattr(torch, "randn", lambda *_, **__: drawn)
    jacobian = torch.eye(3)
    _, direction = weigh(make("rlw"), step_of(jacobian))
    torch.testing.assert_close(direction, 3 * jd.Random()(jacobian))


def test_averaged_rates_are_theirs():
    mine, other = make("dwa"), scalarization.DWA()
    mine.begin("abc", 2)
    generator = torch.Generator().manual_seed(4)
    for n_seen in range(1, 9):
        values = torch.rand(3, generator=generator).add(0.1).requires_grad_()
        (expected,) = torch.autograd.grad(other(values), values)
        weights, _ = weigh(mine, step_of(torch.eye(3), values.tolist()))
        torch.testing.assert_close(weights, expected)
        if n_seen % 2 == 0:
            other.step()


def test_direction_oriented_steps_are_theirs_one_batch_later():
    # Theirs divide by the squared mean length, ours by T times that; the first batch gives ours
    # the length of all here.
    mine = make("sdmgrad", rate=0.06)
    other = jd.SDMGradWeighting(lr=0.02)
    jacobian = torch.tensor([[3.0, 1, 0, 0], [-1, 2, 1, 0], [0, -1, 0, 2.0]])
    result = [weigh(mine, step_of(jacobian))[0] for _ in range(6)]
    expected = [other(jacobian @ jacobian.T) for _ in range(5)]
    assert not torch.allclose(expected[0], expected[-1], atol=1e-3)
    for weights, theirs_ in zip(result[1:], expected, strict=True):
        torch.testing.assert_close(weights, theirs_, rtol=1e-4, atol=1e-5)


def test_fixed_weights_are_their_constant():
    jacobian = torch.tensor([[1.0, 2], [3, -1]])
    _, direction = weigh(make("fixed"), step_of(jacobian, priorities=[0.3, 2.0]))
    torch.testing.assert_close(direction, jd.Constant(torch.tensor([0.3, 2.0]))(jacobian))
