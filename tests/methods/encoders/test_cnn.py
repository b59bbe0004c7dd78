"""The convolutional network's stages."""

import pytest
import torch
from torch import nn

from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Image, Point, Vector
from workbench.methods.encoders.cnn import CNN


def cnn(*channels: int, **settings: int) -> CNN:
    return CNN(CNN.Settings(channels=list(channels), **settings))


@pytest.mark.parametrize("channels", [(3,), (3, 4), (3, 4, 5)])
@pytest.mark.parametrize("kind", [Image(1, 8, 8), Image(3, 7, 12), Image(2, 1, 1)])
def test_any_picture_becomes_features(channels: tuple[int, ...], kind: Image):
    made = cnn(*channels, hidden=6)
    body = made.body()
    net = nn.Sequential(made.stem(kind), *body)
    pictures = torch.randn(2, kind.channels, kind.height, kind.width)
    assert net(pictures).shape == (2, made.width) == (2, 6)
    assert len(body) == len(channels)


def test_each_stage_halves_the_picture():
    made = cnn(3, 4)
    half = made.stem(Image(1, 8, 16))(torch.randn(2, 1, 8, 16))
    assert half.shape == (2, 3, 4, 8)
    assert made.body()[0](half).shape == (2, 4, 2, 4)


def test_the_grid_keeps_where_things_are():
    pictures = torch.zeros(2, 1, 8, 8)
    pictures[0, 0, 1, 1] = pictures[1, 0, 5, 5] = 1.0
    for grid, is_told in ((1, False), (2, True)):
        torch.manual_seed(0)
        made = cnn(4, grid=grid)
        features = nn.Sequential(made.stem(Image(1, 8, 8)), *made.body())(pictures)
        assert torch.allclose(features[0], features[1], atol=1e-6) != is_told


@pytest.mark.parametrize(("kind", "name"), [(Vector(3), "vector"), (Point(2), "point")])
def test_a_kind_it_cannot_read_is_refused(kind: Vector | Point, name: str):
    with pytest.raises(BadSpecError, match=f"encoder.kind: cnn takes pictures; found {name}"):
        cnn(3).stem(kind)


def test_each_call_makes_new_parameters():
    made = cnn(3)
    one, two = made.body(), made.body()
    assert not torch.equal(next(one[0].parameters()), next(two[0].parameters()))
