"""The encoder whose only parameters are a point."""

import pytest
import torch

from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Point, Vector
from workbench.methods.encoders.point import PointEncoder


def encoder(coordinates: int = 2) -> PointEncoder:
    return PointEncoder(PointEncoder.Settings(coordinates=coordinates))


def test_features_are_the_point_itself():
    stem = encoder().stem(Point(2, (3.0, -1.0)))
    (point,) = stem.parameters()
    assert torch.equal(stem(torch.zeros(4)), torch.tensor([[3.0, -1.0]] * 4))
    stem(torch.zeros(4)).sum().backward()
    assert point.grad is not None
    assert point.grad.tolist() == [4.0, 4.0]
    assert encoder().body() == []


def test_a_point_starts_at_the_origin_unless_told():
    (point,) = encoder(3).stem(Point(3)).parameters()
    assert point.tolist() == [0.0, 0.0, 0.0]


def test_an_input_is_refused():
    with pytest.raises(BadSpecError, match="point is for tasks without input; found vector"):
        encoder().stem(Vector(2))


def test_another_number_of_coordinates_is_refused():
    with pytest.raises(BadSpecError, match=r"encoder\.coordinates: must be 3, .*; found 2"):
        encoder(2).stem(Point(3))
