"""Batch norm: torch's, but for when its statistics move."""

from typing import Any

import pytest
import torch
from torch import nn
from torch.func import functional_call, grad, vmap

from workbench.engine.layers.batch_norm import (
    BatchNorm,
    adopted,
    by_first,
    has_statistics,
    layers_of,
    moving,
)


@pytest.mark.parametrize("shape", [(6, 3), (6, 3, 4), (6, 3, 4, 5)])
def test_a_pass_that_is_learned_from_is_torchs(shape: tuple[int, ...]):
    theirs: Any = nn.BatchNorm2d(3)
    ours: Any = BatchNorm(3)
    with torch.no_grad():
        for layer in (theirs, ours):
            layer.weight.copy_(torch.tensor([1.0, 2.0, 3.0]))
            layer.bias.copy_(torch.tensor([0.5, 0.0, -1.0]))
    x = torch.randn(shape) * 2 + 1
    as_pictures = x.reshape(6, 3, -1, 1)
    with moving():
        answer = ours(x)
    assert torch.allclose(answer.reshape_as(as_pictures), theirs(as_pictures), atol=1e-6)
    assert torch.equal(ours.running_mean, theirs.running_mean)
    assert torch.equal(ours.running_var, theirs.running_var)
    assert torch.equal(ours.eval()(x).reshape_as(as_pictures), theirs.eval()(as_pictures))


def test_any_other_pass_normalises_by_its_batch_and_moves_nothing():
    layer, x = BatchNorm(3), torch.randn(8, 3, 2, 2) + 5
    answer = layer(x)
    assert torch.allclose(answer.mean((0, 2, 3)), torch.zeros(3), atol=1e-5)
    assert torch.equal(layer.running_mean, torch.zeros(3))


def test_one_value_a_channel_is_normalised_as_when_it_is_asked():
    layer, row = BatchNorm(3), torch.randn(1, 3)
    with moving():
        assert torch.equal(layer(row), layer.eval()(row))
    assert torch.equal(layer.running_mean, torch.zeros(3))


def test_what_is_held_is_the_same_in_training():
    layer = BatchNorm(3)
    layer.is_held = True
    x = torch.randn(8, 3) + 5
    with moving():
        assert torch.equal(layer(x), layer.eval()(x))


def test_rows_after_the_first_are_normalised_by_the_first():
    layer, support, queries = BatchNorm(2), torch.randn(6, 2, 3, 3) + 4, torch.randn(5, 2, 3, 3)
    with by_first(6):
        whole = layer(torch.cat([support, queries]))
        alone = layer(torch.cat([support, queries[:1]]))
    torch.testing.assert_close(whole[:6], layer(support))
    torch.testing.assert_close(whole[6:7], alone[6:])


def test_by_the_first_it_can_be_vectorised_and_differentiated_twice():
    net = nn.Sequential(nn.Conv2d(1, 2, 3), BatchNorm(2), nn.Flatten(), nn.Linear(8, 1))
    values: dict[str, torch.Tensor] = dict(net.named_parameters())
    x = torch.randn(3, 5, 1, 4, 4)

    def loss(values: dict[str, torch.Tensor], rows: torch.Tensor) -> torch.Tensor:
        with by_first(len(rows)):
            return functional_call(net, values, (rows,)).square().mean()

    def after_a_step(values: dict[str, torch.Tensor], rows: torch.Tensor) -> torch.Tensor:
        slopes = grad(loss)(values, rows)
        return loss({n: v - 0.1 * slopes[n] for n, v in values.items()}, rows)

    together = vmap(grad(after_a_step), (None, 0))(values, x)
    for i, rows in enumerate(x):
        for name, slope in grad(after_a_step)(values, rows).items():
            torch.testing.assert_close(together[name][i], slope)


def test_torchs_layers_are_adopted_with_their_values():
    theirs: Any = nn.Sequential(
        nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.BatchNorm1d(4, affine=False)
    )
    theirs[1].running_mean.fill_(2.0)
    weight = theirs[1].weight
    ours = adopted(theirs)
    assert ours is theirs
    assert [type(layer) for layer in theirs[1:]] == [BatchNorm, BatchNorm]
    assert theirs[1].weight is weight
    assert torch.equal(layers_of(theirs)[0].running_mean, torch.full((3,), 2.0))
    assert has_statistics(theirs)
    assert not has_statistics(nn.Linear(2, 2))
    with pytest.raises(ValueError, match="momentum"):
        adopted(nn.BatchNorm2d(3, momentum=None))
