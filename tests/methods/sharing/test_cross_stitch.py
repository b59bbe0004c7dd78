"""Cross-stitch: towers that exchange features."""

import pytest
import torch

from tests.methods.sharing.toys import apart, assert_same_answers, built, reached, together
from workbench.methods.sharing.cross_stitch import stitch


@pytest.mark.parametrize("make", [together, apart])
def test_fixed_identity_stitches_train_as_separate_networks_do(make):
    one = built("cross-stitch", make, own=1.0, learn=False).to_the_end()
    two = built("separate", make).to_the_end()
    assert_same_answers(one, two, make)


def test_stitches_start_as_asked_and_learn():
    run = built("cross-stitch", lambda: together(3), own=0.8)
    for matrix in run.model.stitches:
        torch.testing.assert_close(matrix.diagonal(), torch.full((3,), 0.8))
        torch.testing.assert_close(matrix.sum(1), torch.ones(3))
    before = [matrix.detach().clone() for matrix in run.model.stitches]
    run.to_the_end()
    assert all(not torch.equal(a, b) for a, b in zip(before, run.model.stitches, strict=True))


def test_a_task_reaches_every_tower_and_only_its_own_head():
    reach = reached(built("cross-stitch"))
    towers = {name for name in reach["a"] if not name.startswith("heads")}
    assert towers == {name for name in reach["b"] if not name.startswith("heads")}
    assert {name.split(".")[2] for name in reach["a"] if name.startswith("heads")} == {"·a"}


def test_identity_stitches_keep_a_task_to_its_own_tower():
    run = built("cross-stitch", own=1.0, learn=False)
    reach = reached(run)
    assert not reach["a"] & reach["b"]


def test_features_are_mixed_across_towers():
    x = torch.randn(2, 3, 4, 5, 5)
    matrix = torch.tensor([[1.0, 2.0], [0.0, -1.0]])
    torch.testing.assert_close(stitch(matrix, x), torch.stack([x[0] + 2 * x[1], -x[1]]))
