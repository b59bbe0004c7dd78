"""Sluice: subspaces and layers shared by learned weights."""

from itertools import combinations

import pytest
import torch

from tests.methods.sharing.toys import assert_same_answers, built, reached
from workbench.engine.roles.method import BadSpecError
from workbench.methods.sharing.sluice import exchanged, overlap


def test_its_own_features_of_the_last_layer_alone_are_separate_networks():
    run = built("sluice", own=1.0)
    with torch.no_grad():
        for depth in run.model.depth:
            depth.copy_(torch.tensor([0.0, 1.0]))
    assert_same_answers(run, built("separate"))


def test_only_layers_as_wide_as_the_last_are_mixed():
    assert [len(depth) for depth in built("sluice", hidden=(4, 8, 8)).model.depth] == [2, 2]


def test_a_task_reaches_every_tower_and_its_own_depth_and_head():
    reach = reached(built("sluice"))
    own = {name for name in reach["a"] if name.startswith(("heads", "depth"))}
    assert {name.rpartition(".")[0] for name in own if "heads" in name} == {"heads.by_name.·a"}
    assert {name for name in own if "depth" in name} == {"depth.0"}
    assert {"exchange.0", "exchange.1"} <= reach["a"] & reach["b"]
    assert any(".copies.1." in name for name in reach["a"])


def test_subspaces_must_divide_the_channels():
    with pytest.raises(BadSpecError, match=r"divide every stage's 8 channels; found 3"):
        built("sluice", subspaces=3)


@pytest.mark.parametrize("is_map", [False, True])
def test_subspaces_are_mixed_across_towers(is_map: bool):
    x = torch.randn(2, 3, 4, 5, 5) if is_map else torch.randn(2, 3, 4)
    matrix = torch.zeros(4, 4)
    matrix[0, 3] = 2.0
    mixed = exchanged(matrix, x, 2, is_map=is_map)
    torch.testing.assert_close(mixed[0, :, :2], 2 * x[1, :, 2:])
    assert not mixed[0, :, 2:].any()
    assert not mixed[1].any()


def test_overlap_is_0_for_orthogonal_subspaces():
    weights = torch.eye(4).unsqueeze(0)
    assert overlap(weights, 2) == 0
    same = torch.tensor([[[1.0, 2.0], [1.0, 2.0]]])
    assert overlap(same, 2) == 25


def test_overlap_is_the_sum_over_every_two_subspaces():
    torch.manual_seed(0)
    weights = torch.randn(3, 12, 5, dtype=torch.float64)
    pieces = weights.unflatten(1, (4, 3)).unbind(1)
    pairs = combinations(pieces, 2)
    expected = sum((a @ b.transpose(1, 2)).square().sum() for a, b in pairs)
    torch.testing.assert_close(overlap(weights, 4), expected)
