"""Draws of episodes: even, without one row twice, and the same however much else is drawn."""

import pytest
import torch

from workbench.engine.blocks.tasks import episodes
from workbench.engine.blocks.tasks.episodes import answers_to, different, drawn_classes


def chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_numbers_are_different_and_below_their_bounds():
    below = torch.tensor([3, 7, 20, 3])
    drawn = different(below, 3, chance())
    assert (drawn < below.unsqueeze(1)).all()
    assert all(len(set(row.tolist())) == 3 for row in drawn)
    assert sorted(drawn[0].tolist()) == [0, 1, 2]


def test_every_order_is_drawn_as_often():
    drawn = different(torch.full((12_000,), 4), 2, chance())
    counts = (4 * drawn[:, 0] + drawn[:, 1]).bincount(minlength=16).view(4, 4)
    assert counts.diagonal().tolist() == [0, 0, 0, 0]
    expected = 12_000 / 12
    off = counts[~torch.eye(4, dtype=torch.bool)]
    assert ((off - expected).abs() < 4 * expected**0.5).all()


def test_what_is_drawn_in_pieces_keeps_its_bounds(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(episodes, "_AT_ONCE", 50)
    below = torch.arange(2, 42)
    drawn = different(below, 2, chance())
    assert drawn.shape == (40, 2)
    assert (drawn < below.unsqueeze(1)).all()
    assert (drawn[:, 0] != drawn[:, 1]).all()


def test_an_episode_has_rows_of_different_classes_one_after_the_other():
    counts = torch.tensor([4, 9, 3, 3, 5, 20])
    of_row = torch.arange(len(counts)).repeat_interleave(counts)
    ways, rows = 4, 3
    positions = drawn_classes(counts, 500, ways, rows, chance())
    answers = answers_to(500, ways, rows)
    assert positions.shape == answers.shape == (500, ways * rows)
    classes = of_row[positions].view(500, rows, ways)
    assert (classes == classes[:, :1]).all()
    assert all(len(set(row.tolist())) == ways for row in classes[:, 0])
    assert all(len(set(row.tolist())) == ways * rows for row in positions)
    assert answers.view(500, rows, ways).unique(dim=1).tolist() == [[[0, 1, 2, 3]]] * 500
    # every class is every answer about as often
    counted = torch.stack([classes[:, 0, way].bincount(minlength=6) for way in range(ways)])
    assert ((counted - 500 / 6).abs() < 4 * (500 / 6) ** 0.5).all()
