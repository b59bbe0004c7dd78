"""Digits whose pixels or labels each task changes in its own way."""

from typing import Any

import pytest
import torch
from torch import Tensor

from workbench.engine.blocks.tasks.made.rotation import rotated
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Family, Image
from workbench.methods.tasks.digits_attributes import DigitsAttributes
from workbench.methods.tasks.digits_noisy import DigitsNoisy
from workbench.methods.tasks.digits_pairs import DigitsPairs
from workbench.methods.tasks.digits_permuted import DigitsPermuted
from workbench.methods.tasks.digits_rotated import DigitsRotated


def make(family: type[Family], **settings: Any) -> Any:
    return family(family.Settings(**settings))


def pixels(task: Any, split: str = "train") -> Tensor:
    return task.data[split].inputs["pixels"]


def original(split: str = "train") -> Tensor:
    return pixels(DigitsAttributes(None).tasks()[0], split)


def test_the_first_permuted_task_is_the_original():
    family = make(DigitsPermuted)
    assert torch.equal(pixels(family.tasks()[0]), original())
    assert torch.equal(family.orders()[0], torch.arange(64))


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 1.0])
def test_as_many_pixels_change_places_as_asked_for(share: float):
    family = make(DigitsPermuted, share=share)
    for order, task in zip(family.orders()[1:], family.tasks()[1:], strict=True):
        assert torch.equal(order.sort().values, torch.arange(64))
        assert (order != torch.arange(64)).sum() == 64 * share
        assert torch.equal(pixels(task), original()[:, order])


def test_unmoved_pixels_are_one_tensor():
    tasks = make(DigitsPermuted, share=0.0).tasks()
    assert len({id(pixels(task)) for task in tasks}) == 1


@pytest.mark.parametrize("family", [DigitsPermuted, DigitsRotated])
@pytest.mark.parametrize(("scenario", "n_heads"), [("domain", 1), ("task", 4)])
def test_heads_follow_the_scenario(family: type[Family], scenario: str, n_heads: int):
    size = {"n_tasks": 4} if family is DigitsPermuted else {}
    assert len({task.head for task in make(family, scenario=scenario, **size).tasks()}) == n_heads


def test_an_angle_of_nothing_leaves_the_original():
    tasks = make(DigitsRotated, angles=[0.0, 10.0]).tasks()
    assert torch.equal(pixels(tasks[0]), original())
    assert not torch.equal(pixels(tasks[1]), original())


def test_a_right_angle_turns_counter_clockwise():
    picture = torch.zeros(1, 8, 8)
    picture[0, 0, 7] = 1.0
    assert rotated(picture, 90.0)[0, 0, 0] == 1.0


@pytest.mark.parametrize("angle", [0.0, 90.0, 180.0, 270.0])
def test_interpolated_angles_lead_up_to_the_exact_ones(angle: float):
    pictures = original()[:20].view(-1, 8, 8)
    near = rotated(pictures, angle + 0.001)
    torch.testing.assert_close(near, rotated(pictures, angle), atol=1e-3, rtol=0)


def test_an_angle_given_twice_is_refused():
    with pytest.raises(BadSpecError, match="angles: must differ; found 30 twice"):
        make(DigitsRotated, angles=[30.0, 0.0, 30.0])


@pytest.mark.parametrize(
    ("settings", "kind"),
    [
        ({"layout": "side-by-side"}, Image(1, 8, 16)),
        ({"layout": "overlaid", "shift": 3}, Image(1, 11, 11)),
    ],
)
def test_pairs_are_pictures_of_both_digits(settings: dict[str, Any], kind: Image):
    left, right = make(DigitsPairs, samples=50, **settings).tasks()
    assert left.input == right.input == kind
    for split, n in {"train": 50, "val": 10, "test": 20}.items():
        assert left.data[split].inputs is right.data[split].inputs
        assert len(left.data[split]) == n


def test_each_half_is_the_digit_its_task_asks_for():
    left, right = make(DigitsPairs, layout="side-by-side", samples=50).tasks()
    whole = DigitsAttributes(None).tasks()[0].data["train"]
    pictures = left.data["train"].inputs["picture"][:, 0]
    for task, half in ((left, pictures[:, :, :8]), (right, pictures[:, :, 8:])):
        for picture, digit in zip(half.flatten(1), task.data["train"].target, strict=True):
            place = (whole.inputs["pixels"] == picture).all(1).nonzero()[0, 0]
            assert whole.target[place] == digit


def test_overlaid_digits_keep_the_brighter_pixel():
    left, right = torch.zeros(1, 8, 8), torch.zeros(1, 8, 8)
    left[0, 5, 5], left[0, 6, 6], right[0, 1, 1] = 0.9, 0.2, 0.4
    picture = make(DigitsPairs, shift=4).joined(left, right)[0, 0]
    assert (picture[5, 5], picture[6, 6]) == (pytest.approx(0.9), pytest.approx(0.2))
    right[0, 2, 2] = 0.7
    assert make(DigitsPairs, shift=4).joined(left, right)[0, 0, 6, 6] == pytest.approx(0.7)


@pytest.mark.parametrize("noise", [0.0, 0.3, 1.0])
def test_only_chosen_training_labels_are_wrong(noise: float):
    clean = {task.name: task for task in make(DigitsNoisy, noisy=[]).tasks()}
    for task in make(DigitsNoisy, noisy=["digit", "parity"], noise=noise).tasks():
        wrong = (task.data["train"].target != clean[task.name].data["train"].target).sum().item()
        n = len(task.data["train"])
        assert wrong == (0 if task.name == "at-least-five" else round(noise * n))
        for split in ("val", "test"):
            assert torch.equal(task.data[split].target, clean[task.name].data[split].target)


def test_wrong_labels_are_spread_over_the_other_classes():
    clean, noisy = (make(DigitsNoisy, noisy=["digit"], noise=x).tasks()[0] for x in (0.0, 1.0))
    away = (noisy.data["train"].target - clean.data["train"].target) % 10
    assert (away.bincount(minlength=10)[1:] > 90).all()
