"""2-D boundaries: rotation and conflict are those asked for."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from workbench.engine.roles.task import Task
from workbench.methods.tasks.boundaries_2d import Boundaries2D, turned

SHAPES = ("moons", "circles", "spirals", "checkerboard")
every_shape = pytest.mark.parametrize("shape", SHAPES)


def make(**settings: Any) -> list[Task]:
    return Boundaries2D(Boundaries2D.Settings(**settings)).tasks()


def points(task: Task, split: str = "train") -> Tensor:
    return task.data[split].inputs["point"]


@every_shape
def test_both_classes_are_about_as_frequent(shape: str):
    classes = make(shape=shape)[0].data["train"].target
    assert classes.float().mean().item() == pytest.approx(0.5, abs=0.06)


@every_shape
def test_near_points_are_of_one_class(shape: str):
    (task,) = make(shape=shape, n_tasks=1, noise=0.0, samples=8000)
    seen, held_out = task.data["train"], task.data["test"]
    nearest = torch.cdist(held_out.inputs["point"], seen.inputs["point"]).argmin(1)
    assert (seen.target[nearest] == held_out.target).float().mean() > 0.96


def test_each_task_is_turned_by_the_same_angle_again():
    one, two, three = make(n_tasks=3, rotation=40.0)
    for split in ("train", "val", "test"):
        torch.testing.assert_close(points(two, split), turned(points(one, split), 40.0))
        torch.testing.assert_close(points(three, split), turned(points(one, split), 80.0))
        assert torch.equal(one.data[split].target, two.data[split].target)


def test_turning_is_counter_clockwise():
    turned_point = turned(torch.tensor([[1.0, 0.0]]), 30.0)[0]
    assert turned_point.tolist() == pytest.approx([math.cos(math.pi / 6), 0.5])


def test_without_rotation_all_tasks_hold_one_tensor():
    tasks = make(n_tasks=3, rotation=0.0)
    assert len({id(points(task)) for task in tasks}) == 1


@pytest.mark.parametrize("conflict", [0.0, 0.25, 1.0])
def test_every_second_task_contradicts_on_as_many_points_as_asked_for(conflict: float):
    one, two, three = make(n_tasks=3, conflict=conflict, rotation=10.0)
    a, b, c = (task.data["train"].target for task in (one, two, three))
    assert (a != b).float().mean().item() == pytest.approx(conflict, abs=0.005)
    assert torch.equal(a, c)


def test_the_contested_points_are_the_leftmost():
    one, two = make(conflict=0.3)
    is_contested = one.data["test"].target != two.data["test"].target
    x = points(one, "test")[:, 0]
    assert x[is_contested].max() < x[~is_contested].min()


@every_shape
def test_training_points_are_standardised(shape: str):
    result = points(make(shape=shape)[0])
    assert result.mean(0).abs().max() < 1e-5
    torch.testing.assert_close(result.std(0, correction=0), torch.ones(2))


@pytest.mark.parametrize(("scenario", "n_heads"), [("domain", 1), ("task", 2)])
def test_heads_follow_the_scenario(scenario: str, n_heads: int):
    assert len({task.head for task in make(scenario=scenario)}) == n_heads


@every_shape
def test_at_full_conflict_every_point_of_every_split_is_contradicted(shape: str):
    for seed in range(5):  # of which some have a point beyond all that are trained on
        one, two = make(shape=shape, conflict=1.0, data_seed=seed)
        for split in ("train", "val", "test"):
            assert torch.equal(one.data[split].target, 1 - two.data[split].target)


def test_without_conflict_no_point_is_contradicted():
    one, two = make(conflict=0.0)
    for split in ("train", "val", "test"):
        assert torch.equal(one.data[split].target, two.data[split].target)
