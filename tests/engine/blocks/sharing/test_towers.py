"""Towers side by side, computed together."""

import copy

import pytest
import torch
from torch import Tensor, nn

from tests.engine.toys import task
from workbench.engine.blocks.sharing.gates import gate_on
from workbench.engine.blocks.sharing.stage_shapes import per_channel, pooled, shapes
from workbench.engine.blocks.sharing.towers import Bank, pile
from workbench.engine.blocks.sharing.trunk import through
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.owners import Owners
from workbench.engine.roles.task import Point, Tokens, Vector

STAGES = {
    "linear": lambda: nn.Sequential(nn.Linear(3, 4), nn.ReLU()),
    "without bias": lambda: nn.Sequential(nn.Linear(3, 4, bias=False), nn.Linear(4, 2)),
    "nested": lambda: nn.Sequential(nn.Flatten(), nn.Sequential(nn.Linear(3, 4), nn.Tanh())),
    "one by one": lambda: nn.Sequential(nn.LayerNorm(3), nn.Linear(3, 4)),
    "softmax": lambda: nn.Sequential(nn.Linear(3, 4), nn.Softmax(-1)),
}


@pytest.mark.parametrize("name", STAGES)
@pytest.mark.parametrize("chosen", [None, [0, 1, 2], [2, 0]])
def test_a_bank_gives_what_its_copies_give(name: str, chosen: list[int] | None):
    bank = Bank(STAGES[name]() for _ in range(3))
    which = [0, 1, 2] if chosen is None else chosen
    inputs = [torch.randn(5, 3) for _ in which]
    outputs = bank(pile(inputs), chosen)
    for i, values, output in zip(which, inputs, outputs, strict=True):
        torch.testing.assert_close(output, bank.copies[i](values))


def test_inputs_of_different_sizes_are_taken_one_by_one():
    bank = Bank(STAGES["linear"]() for _ in range(2))
    outputs = bank(pile([torch.randn(5, 3), torch.randn(7, 3)]))
    assert [len(output) for output in outputs] == [5, 7]


def test_copies_of_different_shapes_are_taken_one_by_one():
    bank = Bank([nn.Linear(3, 4), nn.Linear(5, 4)])
    outputs = bank(pile([torch.randn(2, 3), torch.randn(2, 5)]))
    assert [output.shape for output in outputs] == [(2, 4), (2, 4)]


def test_texts_pass_through_linear_layers_place_by_place():
    bank = Bank(STAGES["linear"]() for _ in range(2))
    x = torch.randn(2, 5, 6, 3)
    outputs = bank(x)
    assert outputs.shape == (2, 5, 6, 4)
    torch.testing.assert_close(outputs[1], bank.copies[1](x[1]))


def test_a_copied_bank_has_layers_of_its_own():
    bank = Bank(STAGES["linear"]() for _ in range(2))
    other = copy.deepcopy(bank)
    with torch.no_grad():
        for parameter in other.parameters():
            parameter.zero_()
    x = torch.randn(2, 5, 3)
    assert bank(x).any()
    assert not other(x).any()


def test_the_same_input_is_not_copied():
    x = torch.randn(5, 3)
    piled = pile([x, x])
    assert isinstance(piled, Tensor)
    assert piled.data_ptr() == x.data_ptr()


@pytest.mark.parametrize("shape", [(2, 5, 3), (2, 5, 7, 3), (2, 5, 3, 4, 4)])
def test_channels_are_scaled_where_they_are(shape: tuple[int, ...]):
    x = torch.ones(shape)
    scaled = x * per_channel(torch.arange(6.0).view(2, 3), x)
    axis = 2 if len(shape) == 5 else len(shape) - 1
    assert scaled.select(axis, 2)[0].unique().tolist() == [2.0]
    assert scaled.select(axis, 0)[1].unique().tolist() == [3.0]


def test_maps_are_averaged_over_their_places_and_texts_are_not():
    maps, texts = torch.randn(2, 5, 3, 4, 4), torch.randn(2, 5, 7, 3)
    torch.testing.assert_close(pooled(maps), maps.mean((3, 4)))
    torch.testing.assert_close(pooled(texts), texts)


def test_streams_pass_one_stage_together():
    stage = nn.Linear(3, 4)
    alike, unlike = torch.randn(2, 5, 3), [torch.randn(5, 3), torch.randn(6, 3)]
    torch.testing.assert_close(through(stage, alike), stage(alike))
    for item, values in zip(through(stage, unlike), unlike, strict=True):
        torch.testing.assert_close(item, stage(values))


def test_shapes_are_found_by_a_trial_that_changes_nothing():
    norm = nn.BatchNorm1d(4)
    assert shapes([nn.Linear(3, 4), norm], Vector(3)) == [(4,), (4,)]
    assert norm.training
    assert norm.num_batches_tracked == 0


def test_a_task_without_input_has_no_gate():
    with pytest.raises(BadSpecError, match="needs inputs of numbers; found point"):
        gate_on(Point(2), 3)


def test_a_gate_on_tokens_is_one_at_each_place():
    gate = gate_on(Tokens(9, 4), 3)
    assert torch.equal(gate(torch.randint(9, (2, 4))), torch.full((2, 4, 3), 1 / 3))


def test_a_part_that_one_of_several_tasks_uses_is_its_own():
    tasks = [task("a"), task("b")]
    owners = Owners(tasks)
    first, second = nn.Linear(1, 1), nn.Linear(1, 1)
    owners.divide(first, ["a"])
    owners.divide(second, ["a", "b"])
    assert owners.own == {"a": list(first.parameters()), "b": []}
    assert owners.shared == list(second.parameters())
