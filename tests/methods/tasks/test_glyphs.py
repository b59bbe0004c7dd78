"""Glyphs: classes that must be learned, for what the pixels tell is known."""

from typing import Any

import pytest
import torch

from tests.methods.tasks.nearest_mean import nearest_mean
from workbench.engine.blocks.tasks.strokes import Jitter, drawn_strokes, inked, jittered
from workbench.engine.roles.rows.pooled import Pooled
from workbench.engine.roles.task import Task
from workbench.methods.tasks.glyphs import Glyphs, pictures


def made(**settings: Any) -> Task:
    (task,) = Glyphs(Glyphs.Settings(**settings)).tasks()
    return task


@pytest.mark.parametrize(("shots", "share"), [(5, 0.625), (1, 0.453)])
def test_raw_pixels_tell_as_much_as_they_are_known_to(shots: int, share: float):
    scores = [
        nearest_mean(
            made(shots=shots, classes=20, train_tasks=1, test_tasks=1000, data_seed=s), "test"
        )
        for s in range(3)
    ]
    assert sum(scores) / 3 == pytest.approx(share, abs=0.03), scores


def test_pictures_are_drawn_once_and_lie_in_a_pool():
    one, other = made(ways=5), made(ways=3, shots=1)
    for split in ("train", "val", "test"):
        a, b = one.data[split].inputs["picture"], other.data[split].inputs["picture"]
        assert isinstance(a, Pooled)
        assert isinstance(b, Pooled)
        assert a.pool is b.pool
    x = one.data["train"].inputs["picture"]
    assert isinstance(x, Pooled)
    assert x.n_bytes < 8e6
    assert x.nbytes == 256e6


def test_every_class_has_enough_pictures_for_the_largest_episode():
    task = made(ways=20, shots=20, queries=30, classes=20, train_tasks=3, test_tasks=3)
    x = task.data["train"].inputs["picture"]
    assert x.shape == (3, 20 * 50, 1, 16, 16)
    assert isinstance(x, Pooled)
    assert len(x.pool) == 20 * 50


def test_pictures_of_a_class_are_alike_and_those_of_two_are_not():
    of_class = pictures("val", 100, 20, 0).view(100, 20, -1).float() / 255
    means = of_class.mean(1)
    inside = (of_class - means.unsqueeze(1)).norm(dim=2).mean()
    between = torch.pdist(means).mean()
    assert 0.5 < inside / between < 2
    ink = of_class.mean(2)
    assert 0.01 < ink.min() < ink.max() < 0.7  # nothing empty, nothing full


def test_what_is_drawn_is_the_curve():
    # one stroke along the diagonal, from corner to corner
    points = torch.full((1, 4, 3, 2), torch.nan)
    points[0, 0] = torch.tensor([[-0.75, -0.75], [0.0, 0.0], [0.75, 0.75]])
    (picture,) = inked(points, 16)
    assert picture.diagonal()[3:13].min() > 0.5
    assert picture.triu(4).max() < 0.01
    torch.testing.assert_close(picture, picture.T)
    torch.testing.assert_close(picture, picture.flip(0, 1))


def test_without_jitter_pictures_of_a_class_are_equal():
    chance = torch.Generator().manual_seed(0)
    strokes = drawn_strokes(3, chance)
    same = inked(jittered(strokes, 4, Jitter(0, 0, 0, 0), chance), 16).view(3, 4, -1)
    torch.testing.assert_close(same, same[:, :1].expand_as(same))


def test_classes_have_two_to_four_strokes():
    strokes = drawn_strokes(500, torch.Generator().manual_seed(0))
    counts = strokes[..., 0, 0].isfinite().sum(1)
    assert counts.unique().tolist() == [2, 3, 4]
    assert strokes.nan_to_num(0).abs().max() <= 0.8
