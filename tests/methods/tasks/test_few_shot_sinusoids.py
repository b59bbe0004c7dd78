"""Few-shot sinusoids: the distribution is the one whose costs are known."""

from typing import Any

import pytest
import torch

from workbench.engine.roles.task import Task
from workbench.methods.tasks.few_shot_sinusoids import FewShotSinusoids


def made(**settings: Any) -> Task:
    (task,) = FewShotSinusoids(FewShotSinusoids.Settings(**settings)).tasks()
    return task


def test_what_not_adapting_costs():
    part = made().data["train"]
    x, y = part.inputs["x"], part.target
    # Twenty thousand waves leave a standard error of 1 %.
    assert y.square().mean().item() == pytest.approx(4.2517, rel=0.02)
    assert (y + 1.6234 * x.cos()).square().mean().item() == pytest.approx(3.0057, rel=0.02)


def test_points_of_a_task_are_of_one_wave_and_fill_the_range():
    for split, part in made(train_tasks=300).data.items():
        x, y = part.inputs["x"].double(), part.target.double()
        assert -5 <= x.min() < -4.9 < 4.9 < x.max() <= 5, split
        basis = torch.cat([x.sin(), x.cos()], 2)
        solved = torch.linalg.lstsq(basis, y).solution
        torch.testing.assert_close(basis @ solved, y, atol=1e-5, rtol=1e-5)
        amplitude = solved.squeeze(2).norm(dim=1)
        phase = torch.atan2(-solved[:, 1, 0], solved[:, 0, 0])
        assert 0.1 - 1e-4 <= amplitude.min() < amplitude.max() <= 5 + 1e-4
        assert -1e-4 <= phase.min() < phase.max() <= torch.pi + 1e-4


def test_waves_that_are_held_out_are_not_trained_on():
    waves: list[torch.Tensor] = []
    for part in made().data.values():
        x, y = part.inputs["x"][:, :2].double(), part.target[:, :2].double()
        basis = torch.cat([x.sin(), x.cos()], 2)
        # two points near each other, or half a turn apart, do not tell the wave
        is_told = torch.linalg.det(basis).abs() > 0.1
        waves.append(torch.linalg.solve(basis[is_told], y[is_told]).squeeze(2))
    train, *held_out = waves
    for others in held_out:
        assert len(others) > 80
        assert torch.cdist(others, train).min() > 1e-5


def test_shots_and_queries_are_as_many_as_were_asked_for():
    task = made(shots=3, queries=7, train_tasks=4, val_tasks=5, test_tasks=6)
    assert task.episodes is not None
    assert (task.episodes.support, task.episodes.query) == (3, 7)
    assert {split: tuple(part.target.shape) for split, part in task.data.items()} == {
        "train": (4, 10, 1),
        "val": (5, 10, 1),
        "test": (6, 10, 1),
    }
