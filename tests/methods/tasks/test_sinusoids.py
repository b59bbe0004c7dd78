"""Sinusoids: the distribution is the one whose costs are known."""

from typing import Any

import pytest
import torch

from workbench.methods.tasks.sinusoids import Sinusoids


def family(**settings: Any) -> Sinusoids:
    return Sinusoids(Sinusoids.Settings(**settings))


def test_what_not_adapting_costs():
    made = family(n_tasks=1000, samples=1, n_test=1000)
    parts = [task.data["test"] for task in made.tasks()]
    x = torch.cat([part.inputs["x"] for part in parts])
    y = torch.cat([part.target for part in parts])
    # A thousand draws of the amplitude leave a standard error of 4 %.
    assert y.square().mean().item() == pytest.approx(4.2517, rel=0.1)
    assert (y + 1.6234 * x.cos()).square().mean().item() == pytest.approx(3.0057, rel=0.1)


def test_costs_of_the_whole_distribution():
    # Amplitude and phase on a fine grid in place of chance, and x likewise.
    low, high = 0.1, 5.0
    amplitude = low + (high - low) * (torch.arange(200, dtype=torch.float64) + 0.5) / 200
    phase = torch.pi * (torch.arange(200, dtype=torch.float64) + 0.5) / 200
    x = -5 + 10 * (torch.arange(200, dtype=torch.float64) + 0.5) / 200
    y = amplitude[:, None, None] * (x - phase[:, None]).sin()
    assert y.square().mean().item() == pytest.approx(4.2517, abs=1e-3)
    assert (y + 1.6234 * x.cos()).square().mean().item() == pytest.approx(3.0057, abs=1e-3)


def test_targets_are_the_waves():
    made = family(n_tasks=4)
    for task, amplitude, phase in zip(made.tasks(), *made.waves(), strict=True):
        for part in task.data.values():
            expected = amplitude * torch.sin(part.inputs["x"] - phase)
            torch.testing.assert_close(part.target, expected)


def test_amplitudes_phases_and_inputs_fill_their_ranges():
    made = family(n_tasks=500)
    amplitude, phase = made.waves()
    x = torch.cat([task.data["train"].inputs["x"] for task in made.tasks()])
    for item, low, high in ((amplitude, 0.1, 5), (phase, 0, torch.pi), (x, -5, 5)):
        assert low <= item.min() < low + 0.02 * (high - low)
        assert high >= item.max() > high - 0.02 * (high - low)


def test_more_tasks_begin_with_the_same_ones():
    few, many = family(n_tasks=3), family(n_tasks=100)
    assert torch.equal(few.waves()[0], many.waves()[0][:3])
    assert torch.equal(few.tasks()[2].data["val"].target, many.tasks()[2].data["val"].target)


@pytest.mark.parametrize(("scenario", "n_heads"), [("domain", 1), ("task", 10)])
def test_heads_follow_the_scenario(scenario: str, n_heads: int):
    assert len({task.head for task in family(scenario=scenario).tasks()}) == n_heads
