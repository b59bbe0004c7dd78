"""Drifting stream: the line is where the kind of drift puts it."""

from typing import Any

import pytest
import torch

from workbench.methods.tasks.drifting_stream import DriftingStream, side


def family(**settings: Any) -> DriftingStream:
    return DriftingStream(DriftingStream.Settings(**settings))


@pytest.mark.parametrize(
    ("drift", "shares"),
    [
        ("sudden", [0, 0, 1, 1]),
        ("recurring", [0, 1, 0, 1]),
        ("incremental", [0, 1 / 3, 2 / 3, 1]),
        ("gradual", [0, 1 / 3, 2 / 3, 1]),
    ],
)
def test_how_much_of_the_new_line_has_come(drift: str, shares: list[float]):
    assert family(drift=drift, n_stretches=4).shares() == pytest.approx(shares)


@pytest.mark.parametrize("drift", ["sudden", "recurring", "incremental"])
def test_classes_are_sides_of_the_line_of_the_stretch(drift: str):
    made = family(drift=drift, angle=120.0)
    for task, share in zip(made.tasks(), made.shares(), strict=True):
        for part in task.data.values():
            assert torch.equal(part.target, side(part.inputs["point"], 120.0 * share))


def test_a_gradual_stretch_mixes_points_of_both_lines():
    made = family(drift="gradual", n_stretches=5, angle=90.0, samples=20_000)
    for task, share in zip(made.tasks(), made.shares(), strict=True):
        part = task.data["train"]
        old, new = (side(part.inputs["point"], angle) for angle in (0.0, 90.0))
        differ = old != new
        assert torch.equal(part.target[~differ], old[~differ])
        follows = (part.target == new)[differ].float().mean().item()
        assert follows == pytest.approx(share, abs=0.02)


def test_the_line_turns_counter_clockwise():
    assert side(torch.tensor([[0.1, 0.9]]), 90.0).item() == 1
    assert side(torch.tensor([[-0.1, 0.9]]), 0.0).item() == 0


def test_lines_that_do_not_move_are_one_concept():
    made = family(angle=0.0)
    for task in made.tasks():
        assert torch.equal(task.data["test"].target, side(task.data["test"].inputs["point"], 0.0))


def test_only_training_points_are_noisy():
    made = family(noise=0.2, samples=20_000, n_stretches=2)
    for task, share in zip(made.tasks(), made.shares(), strict=True):
        for split, wrong in (("train", 0.2), ("val", 0.0), ("test", 0.0)):
            part = task.data[split]
            is_noisy = part.target != side(part.inputs["point"], 90.0 * share)
            assert is_noisy.float().mean().item() == pytest.approx(wrong, abs=0.015 if wrong else 0)


def test_all_stretches_share_a_head():
    assert {task.head for task in family().tasks()} == {"drifting-stream"}
