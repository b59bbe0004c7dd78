"""The convolutional network's stages."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from tests.engine.toys import Run, same, spec, training
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Image, Point, Vector
from workbench.methods.encoders.cnn import CNN
from workbench.spec.command import Stop
from workbench.spec.experiment import Choice, Spec, TaskChoice


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


def test_at_its_defaults_it_tells_where_things_are_in_a_picture_as_large_as_mnists():
    pictures = torch.zeros(2, 1, 28, 28)
    pictures[0, 0, 3, 3] = pictures[1, 0, 9, 9] = 1.0  # both in one quarter
    torch.manual_seed(0)
    made = CNN(CNN.Settings())
    features = nn.Sequential(made.stem(Image(1, 28, 28)), *made.body())(pictures)
    assert not torch.allclose(features[0], features[1], atol=1e-6)


@pytest.mark.parametrize("kind", ["cnn", "auto"])
def test_what_an_earlier_version_saved_at_its_defaults_goes_on(kind: str, tmp_path: Path):
    """Its last picture was averaged on a grid of two by two."""

    def chosen(**settings: int) -> Spec:
        return spec(
            tasks=(TaskChoice(family="scenes", task="depth", size=16, samples=160),),
            encoder=Choice(kind=kind, channels=[3], **settings),
            training=training(batch_size=32, epochs=2),
        )

    hidden: Any = {"hidden": 8} if kind == "cnn" else {"hidden": [8]}
    whole = Run(chosen(grid=2, **hidden)).to_the_end()
    Run(chosen(grid=2, **hidden), folder=tmp_path, commands={3: [Stop()]}).to_the_end()
    resumed = Run(chosen(**hidden), folder=tmp_path, resume=True).to_the_end()
    assert same(resumed.parameters, whole.parameters)


@pytest.mark.parametrize(("kind", "name"), [(Vector(3), "vector"), (Point(2), "point")])
def test_a_kind_it_cannot_read_is_refused(kind: Vector | Point, name: str):
    with pytest.raises(BadSpecError, match=f"encoder.kind: cnn takes pictures; found {name}"):
        cnn(3).stem(kind)


def test_each_call_makes_new_parameters():
    made = cnn(3)
    one, two = made.body(), made.body()
    assert not torch.equal(next(one[0].parameters()), next(two[0].parameters()))
