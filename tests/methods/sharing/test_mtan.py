"""MTAN: masks on shared features."""

import torch

from tests.methods.sharing.toys import assert_same_answers, built, reached
from workbench.engine.blocks.sharing.towers import pile


def test_open_masks_are_hard_sharing():
    run = built("mtan")
    with torch.no_grad():
        for bank in run.model.attention:
            for mask in bank.copies:
                mask[2].weight.zero_()
                mask[2].bias.fill_(100.0)
    assert_same_answers(run, built("hard"))


def test_a_task_reaches_the_trunk_and_its_own_masks_and_head():
    reach = reached(built("mtan"))
    assert {name for name in reach["a"] & reach["b"] if name.startswith("trunk")}
    own = reach["a"] - reach["b"]
    assert own
    assert all(".copies.0." in name or ".·a." in name for name in own)
    assert not {name for name in reach["a"] & reach["b"] if not name.startswith("trunk")}


def test_masks_lie_between_0_and_1():
    run = built("mtan")
    features = torch.randn(5, 8)
    mask = run.model.attention[0](pile([features, features]))
    assert mask.shape == (2, 5, 8)
    assert mask.min() > 0
    assert mask.max() < 1
