"""Few-shot digits: classes apart, and the baseline that is hard to beat."""

from typing import Any

import pytest
import torch

from tests.methods.tasks.nearest_mean import nearest_mean
from workbench.engine.blocks.tasks.digits import handwritten_digits
from workbench.engine.roles.rows.pooled import Pooled
from workbench.engine.roles.task import Task
from workbench.methods.tasks.few_shot_digits import FewShotDigits


def made(**settings: Any) -> Task:
    (task,) = FewShotDigits(FewShotDigits.Settings(**settings)).tasks()
    return task


@pytest.mark.parametrize(("shots", "share"), [(5, 0.955), (1, 0.86)])
def test_the_nearest_mean_of_raw_pixels_is_as_good_as_it_is_known_to_be(shots: int, share: float):
    task = made(shots=shots, train_tasks=1, test_tasks=2000)
    assert nearest_mean(task, "test") == pytest.approx(share, abs=0.01)


def test_every_picture_is_a_digit_of_its_split_turned():
    pixels, digits = handwritten_digits()
    digit_of = {
        bytes(picture.rot90(turns).contiguous().numpy()): int(digit)
        for picture, digit in zip(pixels.view(-1, 8, 8), digits, strict=True)
        for turns in range(4)
    }
    wanted = {"train": {0, 1, 2, 3}, "val": {4, 5}, "test": {6, 7, 8, 9}}
    for split, part in made(train_tasks=500).data.items():
        x = part.inputs["pixels"]
        assert isinstance(x, Pooled)
        rows = x.at(x.positions.unique())
        assert {digit_of[bytes(row.contiguous().numpy())] for row in rows} == wanted[split]


def test_there_are_30_classes_of_which_none_is_another_upside_down():
    named = [name for names in made(train_tasks=1).drawn_from.values() for name in names]
    assert len(named) == len(set(named)) == 30
    assert "6 turned 180°" not in named
    assert "0 turned 180°" not in named
    assert "7 turned 270°" in named


def test_an_episode_tells_one_class_from_another():
    task = made(ways=8, shots=2, queries=1, train_tasks=50)
    part = task.data["train"]
    x = part.inputs["pixels"]
    assert isinstance(x, Pooled)
    sizes = torch.tensor([sum(1 for _ in g) for g in _runs(x)])
    assert sizes.tolist() == [3] * (50 * 8)


def _runs(x: Pooled) -> list[list[int]]:
    """Positions of an episode by the class they lie in, all episodes one after the other."""
    _, digits = handwritten_digits()
    counts = torch.tensor([(digits == d).sum() for d in (0, 0, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3)])
    of_row = torch.arange(len(counts)).repeat_interleave(counts)
    found: list[list[int]] = []
    for episode in of_row[x.positions].tolist():
        found += [[c for c in episode if c == one] for one in sorted(set(episode))]
    return found
