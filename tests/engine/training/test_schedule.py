"""The learning rate over a stage, against torch's schedulers."""

import warnings

import pytest
import torch
from torch.optim import lr_scheduler

from workbench.engine.training.schedule import factor_of
from workbench.spec.experiment import Schedule


def torch_factors(make: type, steps: int, **settings: float) -> list[float]:
    """The rate at each step, with a base rate of 1."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = make(optimizer, **settings)
    collected: list[float] = []
    for _ in range(steps):
        collected.append(optimizer.param_groups[0]["lr"])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nothing is optimized here
            if len(collected) < steps:
                scheduler.step()
    return collected


def ours(steps: int, **settings: object) -> list[float]:
    factor = factor_of(Schedule(**settings), steps)
    assert factor is not None
    return [factor(step) for step in range(steps)]


def test_constant_needs_no_factor():
    assert factor_of(Schedule(), 10) is None


@pytest.mark.parametrize("steps", [1, 2, 7, 100])
def test_cosine_is_torchs(steps: int):
    expected = torch_factors(lr_scheduler.CosineAnnealingLR, steps, T_max=steps)
    assert ours(steps, kind="cosine") == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("steps", [1, 7, 100])
def test_step_is_torchs(steps: int):
    every = max(1, round(0.3 * steps))
    expected = torch_factors(lr_scheduler.StepLR, steps, step_size=every, gamma=0.5)
    assert ours(steps, kind="step", every=0.3, factor=0.5) == pytest.approx(expected)


@pytest.mark.parametrize("warmup", [0.0, 0.05, 0.3, 0.9])
@pytest.mark.parametrize("steps", [1, 2, 3, 50, 101])
def test_one_cycle_is_torchs(steps: int, warmup: float):
    expected = torch_factors(
        lr_scheduler.OneCycleLR, steps, max_lr=1.0, total_steps=steps, pct_start=warmup
    )
    assert ours(steps, kind="one-cycle", warmup=warmup) == pytest.approx(expected, abs=1e-9)
