"""Scenes: the answers against what geometry says."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from workbench.engine.roles.task import Task
from workbench.methods.tasks.scenes import (
    AMBIENT,
    CAMERA,
    Scenes,
    ball,
    box,
    cylinder,
    lit,
    rays,
    wall,
)

X, Y = rays(32)
MIDDLE = torch.zeros(1, 3)
STRAIGHT = torch.eye(3).unsqueeze(0)


def made(**settings: Any) -> list[Task]:
    return Scenes(Scenes.Settings(**{"samples": 16, **settings})).tasks()


def about_x(degrees: float) -> Tensor:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return torch.tensor([[[1.0, 0, 0], [0, c, -s], [0, s, c]]])


def test_a_planes_depth_and_normal():
    hits = wall(X, Y, torch.tensor([[0.3, -0.2]]), -1.0)
    torch.testing.assert_close(hits.t, -(0.3 * X - 0.2 * Y - 1.0))
    expected = torch.tensor([-0.3, 0.2, 1.0]) / math.sqrt(1.13)
    torch.testing.assert_close(hits.normal[0, :, 3, 5], expected)


def test_a_balls_depth_and_normals():
    radius = 0.6
    hits = ball(X, Y, torch.tensor([[0.1, -0.2, 0.3]]), torch.tensor([[radius, 0, 0]]), STRAIGHT)
    dx, dy = X - 0.1, Y + 0.2
    inside = dx.square() + dy.square() < radius**2
    assert torch.equal(hits.t < 1e5, inside)
    dz = (radius**2 - dx.square() - dy.square()).clamp(min=0).sqrt()
    torch.testing.assert_close(hits.t[inside], -(0.3 + dz)[inside])
    expected = torch.stack([dx, dy, dz], 1) / radius
    on = inside.unsqueeze(1).expand_as(expected)
    torch.testing.assert_close(hits.normal[on], expected[on])


def test_a_box_seen_from_the_front_is_a_flat_square():
    hits = box(X, Y, MIDDLE, torch.tensor([[0.5, 0.25, 0.4]]), STRAIGHT)
    inside = (X.abs() < 0.5) & (Y.abs() < 0.25)
    assert torch.equal(hits.t < 1e5, inside)
    torch.testing.assert_close(hits.t[inside], torch.full_like(hits.t[inside], -0.4))
    assert torch.equal(hits.normal.movedim(1, 3)[inside].unique(dim=0), torch.tensor([[0, 0, 1.0]]))


def test_a_box_on_its_edge_shows_two_faces_that_meet_in_front():
    hits = box(X, Y, MIDDLE, torch.full((1, 3), 0.4), about_x(45.0))
    inside = (X.abs() < 0.4) & (Y.abs() < 0.4 * math.sqrt(2))
    assert torch.equal(hits.t < 1e5, inside)
    ridge = 0.4 * math.sqrt(2)
    torch.testing.assert_close(hits.t[inside], -(ridge - Y.abs()).expand_as(hits.t)[inside])
    half = math.sqrt(0.5)
    expected = torch.stack([0 * Y, half * Y.sign(), half + 0 * Y], 1).movedim(1, 3)
    torch.testing.assert_close(
        hits.normal.movedim(1, 3)[inside], expected.expand(1, 32, 32, 3)[inside]
    )


def test_a_lying_cylinder_is_round_across_and_straight_along():
    half = torch.tensor([[0.3, 0.5, 0.0]])
    hits = cylinder(X, Y, MIDDLE, half, about_x(90.0))
    inside = (X.abs() < 0.3) & (Y.abs() < 0.5)
    assert torch.equal(hits.t < 1e5, inside)
    z = (0.09 - X.square()).clamp(min=0).sqrt().expand_as(hits.t)
    torch.testing.assert_close(hits.t[inside], -z[inside])
    expected = torch.stack([X.expand_as(z), 0 * z, z], 1).movedim(1, 3) / 0.3
    torch.testing.assert_close(
        hits.normal.movedim(1, 3)[inside], expected[inside], atol=1e-5, rtol=1e-4
    )


def test_a_standing_cylinder_shows_its_lid():
    hits = cylinder(X, Y, MIDDLE, torch.tensor([[0.5, 0.2, 0.0]]), STRAIGHT)
    inside = X.square() + Y.square() < 0.25
    assert torch.equal(hits.t < 1e5, inside)
    torch.testing.assert_close(hits.t[inside], torch.full_like(hits.t[inside], -0.2))
    assert torch.equal(hits.normal.movedim(1, 3)[inside].unique(dim=0), torch.tensor([[0, 0, 1.0]]))


def test_light_follows_lamberts_law():
    colour, light = torch.full((1, 3, 1, 1), 0.5), torch.tensor([[0.0, 0.0, 9.0]])
    for degrees, share in ((0.0, 1.0), (60.0, 0.5), (120.0, 0.0)):
        angle = math.radians(degrees)
        normal = torch.tensor([math.sin(angle), 0.0, math.cos(angle)]).view(1, 3, 1, 1)
        expected = 0.5 * (AMBIENT + (1 - AMBIENT) * share)
        assert lit(colour, normal, light).flatten().tolist() == pytest.approx([expected] * 3)


@pytest.mark.parametrize("size", [16, 32, 64])
@pytest.mark.parametrize("light", ["fixed", "random"])
def test_answers_belong_to_one_picture(size: int, light: str):
    what, far, facing = made(size=size, light=light)
    for split, n in {"train": 16, "val": 4, "test": 8}.items():
        pictures = {id(task.data[split].inputs["picture"]) for task in (what, far, facing)}
        assert len(pictures) == 1
        assert what.data[split].target.shape == (n, size, size)
        normals = facing.data[split].target
        torch.testing.assert_close(normals.norm(dim=1), torch.ones(n, size, size))
        assert (normals[:, 2] > -1e-5).all()
        assert (far.data[split].target > 0).all()


def test_where_nothing_floats_there_is_the_wall():
    what, far, facing = made(n_shapes=1, noise=0.0)
    target = what.data["train"].target
    depth, normals = far.data["train"].target[:, 0], facing.data["train"].target
    for i in range(len(target)):
        is_wall = target[i] == 0
        a, b, c = normals[i][:, is_wall].mean(1).tolist()
        height = -(a * X[0] + b * Y[0]) / c - 1.0
        torch.testing.assert_close(depth[i][is_wall], (CAMERA - height)[is_wall])


def test_what_is_nearer_hides_what_is_behind():
    what, far, _ = made(n_shapes=8)
    part, depth = what.data["train"], far.data["train"].target[:, 0]
    assert set(part.target.unique().tolist()) == {0, 1, 2, 3}
    assert depth[part.target > 0].mean() < depth[part.target == 0].mean()
