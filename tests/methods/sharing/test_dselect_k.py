"""DSelect-k: a smooth choice of k experts."""

import math

import pytest
import torch

from tests.methods.sharing.toys import apart, built, reached, shake, together
from workbench.methods.sharing.dselect_k import smooth_step


@pytest.mark.parametrize("width", [0.5, 1.0, 4.0])
def test_the_smooth_step_is_the_papers(width: float):
    t = torch.linspace(-width, width, 41, dtype=torch.float64, requires_grad=True)
    inside = -2 / width**3 * t**3 + 3 / (2 * width) * t + 0.5
    expected = torch.where(t <= -width / 2, 0.0, torch.where(t >= width / 2, 1.0, inside))
    step = smooth_step(t, width)
    torch.testing.assert_close(step, expected)
    (slope,) = torch.autograd.grad(step.sum(), t)
    assert slope[20].item() == pytest.approx(3 / (2 * width))
    assert slope[:10].abs().max() == 0


@pytest.mark.parametrize("n_experts", [2, 3, 4, 8])
def test_decided_selectors_use_at_most_k_experts(n_experts: int):
    run = built("dselect-k", experts=n_experts, k=2, entropy=1.0)
    generator = torch.Generator().manual_seed(0)
    bits = math.ceil(math.log2(n_experts))
    with torch.no_grad():
        for names in run.model.names.values():
            # names of experts that there are, as the penalty on the others asks
            experts = torch.randint(n_experts, (2,), generator=generator)
            names.copy_(((experts[:, None] >> torch.arange(bits)) & 1) * 2.0 - 1)
        for parts in run.model.parts.values():
            parts.normal_()
    weights = run.model.weights(["a", "b"])
    assert ((weights > 0).sum(1) <= 2).all()
    torch.testing.assert_close(weights.sum(1), torch.ones(2))
    penalty = run.model.regulariser()
    is_power = n_experts & (n_experts - 1) == 0
    assert penalty.item() == pytest.approx(0 if is_power else 4, abs=1e-4)


def test_undecided_selectors_are_even():
    run = built("dselect-k", experts=4)
    with torch.no_grad():
        for names in run.model.names.values():
            names.zero_()
    torch.testing.assert_close(run.model.weights(["a"]), torch.full((1, 4), 0.25))


def test_entropy_makes_the_selectors_choose():
    run = built("dselect-k", experts=4, k=1, entropy=3.0).to_the_end()
    weights = run.model.weights(["a", "b"])
    assert weights.max(1).values.min() > 0.95


@pytest.mark.parametrize("make", [together, apart])
def test_a_task_reaches_the_experts_and_its_own_choice(make):
    run = built("dselect-k", make)
    shake(run.model)
    with torch.no_grad():
        for names in run.model.names.values():
            names.mul_(0.1)
    reach = reached(run)
    assert {name.partition(".")[0] for name in reach["a"] & reach["b"]} == {"experts"}
    own = reach["a"] - reach["b"]
    assert {name.partition(".")[0] for name in own} == {"names", "parts", "heads"}
    assert all("·a" in name for name in own)
