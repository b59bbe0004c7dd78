"""Frozen networks: nobody learns them, and what they say of a row is computed once."""

import copy
from typing import Any

import torch
from torch import Tensor, nn

from workbench.engine.layers.batch_norm import BatchNorm
from workbench.engine.layers.frozen import Frozen, freeze, last_block


class Counted(nn.Module):
    """Counts the rows that pass through it."""

    def __init__(self) -> None:
        super().__init__()
        self.n_passes = 0
        self.layers = nn.Sequential(nn.Conv2d(1, 4, 3), BatchNorm(4), nn.Flatten())

    def forward(self, x: Tensor) -> Tensor:
        self.n_passes += 1
        return self.layers(x)


def test_it_has_no_parameters_and_stays_in_evaluation():
    frozen = Frozen(Counted()).train()
    assert not list(frozen.parameters())
    assert not any(part.training for part in frozen.modules())
    assert "network.layers.0.weight" in frozen.state_dict()


def test_what_was_seen_is_not_computed_again_whatever_is_beside_it():
    torch.manual_seed(0)
    network = Counted()
    expected = network.layers
    frozen = Frozen(network)
    x = torch.randn(40, 1, 5, 5)
    first = frozen(x[:7])
    assert network.n_passes == 1
    torch.testing.assert_close(first, expected(x[:7]))
    assert torch.equal(frozen(x[:7].flip(0)), first.flip(0))
    assert network.n_passes == 1
    whole = frozen(x)
    assert network.n_passes == 3
    assert torch.equal(whole[:7], first)


def test_features_are_the_same_to_the_last_bit_whichever_rows_were_new_with_them():
    torch.manual_seed(0)
    network = Counted()
    one, other = Frozen(copy.deepcopy(network)), Frozen(copy.deepcopy(network))
    x = torch.randn(50, 1, 5, 5)
    together = one(x)
    assert torch.equal(torch.cat([other(row[None]) for row in x]), together)


def test_a_picture_twice_in_a_batch_has_its_features_twice():
    frozen = Frozen(Counted())
    x = torch.randn(3, 1, 5, 5)
    answers = frozen(torch.cat([x, x]))
    assert torch.equal(answers[:3], answers[3:])


def test_copies_share_what_is_known():
    frozen = Frozen(Counted())
    x = torch.randn(3, 1, 5, 5)
    frozen(x)
    copied: Any = copy.deepcopy(frozen)
    copied(x)
    assert copied.network.n_passes == 1


def test_all_but_the_last_block_is_frozen():
    blocks = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2))
    network = nn.Sequential(nn.Linear(2, 2), BatchNorm(2), blocks, nn.LayerNorm(2))
    last = last_block(network)
    assert last is blocks[1]
    freeze(network, last)
    assert {id(p) for p in network.parameters()} == {id(p) for p in last.parameters()}
    norm: Any = network[1]
    assert norm.is_held
