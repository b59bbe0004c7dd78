"""Digits in several views: what each tells, and what a missing one leaves."""

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from tests.engine.toys import SPLITS
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Task, Vector
from workbench.methods.tasks.digits_attributes import DigitsAttributes
from workbench.methods.tasks.digits_views import _VIEWS, DigitsViews, _bins

SIZES = {"pixels": 64, "fourier": 40, "profiles": 16, "orientations": 32}


def make(**settings: Any) -> list[Task]:
    return DigitsViews(DigitsViews.Settings(**settings)).tasks()


def stroke(turns: int) -> Tensor:
    """A picture [1, 8, 8] of a bright left half, turned by right angles."""
    picture = torch.zeros(1, 8, 8)
    picture[:, :, :4] = 1.0
    return picture.rot90(turns, (1, 2))


def test_every_task_sees_the_same_views():
    tasks = make()
    for task in tasks:
        assert dict(task.inputs) == {view: Vector(n) for view, n in SIZES.items()}
        for split in SPLITS:
            for view in SIZES:
                assert task.data[split].inputs[view] is tasks[0].data[split].inputs[view]


def test_only_chosen_views_are_made():
    assert list(make(views=["fourier", "pixels"])[0].inputs) == ["fourier", "pixels"]


@pytest.mark.parametrize("view", SIZES)
def test_training_columns_are_standardised(view: str):
    train = make()[0].data["train"].inputs[view]
    assert train.mean(0).abs().max() < 1e-5
    deviation = train.std(0, correction=0)
    assert ((deviation - 1).abs() < 1e-4).logical_or(deviation == 0).all()


def test_examples_are_those_of_the_other_families():
    mine, theirs = make()[0], DigitsAttributes(None).tasks()[0]
    for split in SPLITS:
        assert torch.equal(mine.data[split].target, theirs.data[split].target)


def test_fourier_magnitudes_do_not_tell_where():
    picture = torch.rand(3, 8, 8, generator=torch.Generator().manual_seed(0))
    moved = picture.roll((2, 3), (1, 2))
    torch.testing.assert_close(_VIEWS["fourier"](picture), _VIEWS["fourier"](moved))


def test_profiles_are_sums_of_rows_and_columns():
    rows, columns = _VIEWS["profiles"](stroke(0)).split(8, 1)
    assert rows.tolist() == [[4.0] * 8]
    assert columns.tolist() == [[8.0] * 4 + [0.0] * 4]


def test_orientations_tell_edges_apart_by_direction():
    result = [_VIEWS["orientations"](stroke(turns)).view(4, 8).sum(0) for turns in (0, 1)]
    upright, lying = (int(strengths.argmax()) for strengths in result)
    assert (upright, lying) == (0, 4)
    assert result[0].sum() == result[0][0] > 0


@pytest.mark.parametrize("missing", [0.0, 0.4, 1.0])
def test_views_are_missing_as_often_as_asked_for(missing: float):
    (task, *_) = make(missing=missing)
    for split in ("train", "test"):
        inputs = task.data[split].inputs
        is_missing = torch.stack([(values == 0).all(1) for values in inputs.values()], 1)
        assert not is_missing.all(1).any()
        # One of the four is kept, whatever the draw.
        expected = missing - missing**4 / 4
        assert is_missing.float().mean().item() == pytest.approx(expected, abs=0.03)


def test_a_view_named_twice_is_refused():
    with pytest.raises(BadSpecError, match="views: must differ; found pixels twice"):
        make(views=["pixels", "fourier", "pixels"])


def test_noise_covers_one_view_and_leaves_the_others_and_what_is_missing():
    plain, noisy = (
        DigitsViews(DigitsViews.Settings(missing=0.3, noisy_view=view, noise=2.0)).tasks()[0]
        for view in ("none", "fourier")
    )
    for view in ("pixels", "profiles", "orientations"):
        assert torch.equal(plain.data["train"].inputs[view], noisy.data["train"].inputs[view])
    before, after = (one.data["train"].inputs["fourier"] for one in (plain, noisy))
    there = before.ne(0).any(1)
    assert torch.equal(there, after.ne(0).any(1))
    assert abs((after - before)[there].std().item() - 2.0) < 0.05


def test_the_noisy_view_must_be_there():
    with pytest.raises(BadSpecError, match="must be one of the views or none; found fourier"):
        DigitsViews(DigitsViews.Settings(views=["pixels", "profiles"], noisy_view="fourier"))


@pytest.mark.parametrize("language", ["en", "de", "ja"])
def test_the_name_tells_the_digit_in_every_language(language: str):
    digit = make(views=["pixels", "name"], language=language)[0]
    part = digit.data["train"]
    names = {
        int(answer): tuple(row.tolist())
        for answer, row in zip(part.target, part.inputs["name"], strict=True)
    }
    assert len(set(names.values())) == 10
    for answer, row in zip(part.target, part.inputs["name"], strict=True):
        assert tuple(row.tolist()) == names[int(answer)]


def test_names_differ_between_languages():
    english, german = (
        make(views=["pixels", "name"], language=language)[0].inputs["name"]
        for language in ("en", "de")
    )
    assert english != german


def test_a_name_can_be_missing():
    digit = make(views=["pixels", "name"], missing=0.5)[0]
    names = digit.data["train"].inputs["name"]
    share = (names == 0).all(1).float().mean()
    assert 0.2 < share < 0.5


def test_the_class_of_a_direction_does_not_hang_on_rounding():
    # Every slope that sixteenths of grey, one-sided or central, can have; in 32nds.
    steps = torch.arange(-32, 33) / 32
    down, right = (values.flatten() for values in torch.meshgrid(steps, steps, indexing="ij"))
    is_any = (down != 0) | (right != 0)
    down, right = down[is_any], right[is_any]
    result = _bins(down, right)
    turn = torch.atan2(down.double(), right.double()) % math.pi * 8 / math.pi
    on_edge = (turn - turn.round()).abs() < 1e-9
    assert torch.equal(result[~on_edge], turn[~on_edge].long().clamp(max=7))
    assert torch.equal(result[on_edge], turn[on_edge].round().long() % 8)
    # Off the edges, no rounding of an arctangent or of a product comes near one.
    assert (turn - turn.round()).abs()[~on_edge].min() > 5e-4


def test_opposite_slopes_are_one_direction_and_45_degrees_begin_a_class():
    exact = torch.tensor([[0, 1], [1, 1], [1, 0], [1, -1]], dtype=torch.float32)
    for sign in (1, -1):
        assert _bins(sign * exact[:, 0], sign * exact[:, 1]).tolist() == [0, 2, 4, 6]
