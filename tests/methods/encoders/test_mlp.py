"""The multi-layer perceptron's stages."""

import pytest
import torch
from torch import nn

from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Image, Tokens, Vector
from workbench.methods.encoders.mlp import MLP


def mlp(*hidden: int, activation: str = "relu") -> MLP:
    return MLP(MLP.Settings(hidden=list(hidden), activation=activation))


@pytest.mark.parametrize("hidden", [(5,), (5, 6), (5, 6, 7)])
def test_widths(hidden: tuple[int, ...]):
    made = mlp(*hidden)
    net = nn.Sequential(made.stem(Vector(3)), *made.body())
    assert net(torch.randn(2, 3)).shape == (2, hidden[-1])
    assert made.width == hidden[-1]
    assert len(made.body()) == len(hidden) - 1


def test_a_picture_is_flattened():
    assert mlp(5).stem(Image(2, 3, 4))(torch.randn(7, 2, 3, 4)).shape == (7, 5)


def test_a_kind_it_cannot_read_is_refused():
    with pytest.raises(BadSpecError, match="mlp takes vectors and pictures; found tokens"):
        mlp(5).stem(Tokens(10, 4))


def test_each_call_makes_new_parameters():
    made = mlp(5, 6)
    one, two = made.stem(Vector(3)), made.stem(Vector(3))
    assert not torch.equal(next(one.parameters()), next(two.parameters()))
