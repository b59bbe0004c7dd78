"""Both families of digits."""

import pytest
import torch

from workbench.engine.roles.method import BadSpecError
from workbench.methods.tasks.digits_attributes import DigitsAttributes
from workbench.methods.tasks.digits_split import DigitsSplit

SIZES = {"train": 1258, "val": 180, "test": 359}


def split(n_tasks: int = 5, scenario: str = "class") -> DigitsSplit:
    return DigitsSplit(DigitsSplit.Settings(n_tasks=n_tasks, scenario=scenario))


def test_attributes_are_answers_about_the_digit():
    tasks = {made.name: made for made in DigitsAttributes(None).tasks()}
    digits = tasks["digit"].data["train"].target
    even = digits % 2 == 0
    large = digits >= 5
    prime = torch.isin(digits, torch.tensor([2, 3, 5, 7]))
    loop = torch.isin(digits, torch.tensor([0, 6, 8, 9]))
    for name, answer in {
        "parity": ~even,
        "at-least-five": large,
        "prime": prime,
        "has-loop": loop,
    }.items():
        assert torch.equal(tasks[name].data["train"].target, answer.long())


def test_attributes_are_asked_of_the_same_pictures():
    tasks = DigitsAttributes(None).tasks()
    for name, n in SIZES.items():
        inputs = {id(made.data[name].inputs["pixels"]) for made in tasks}
        assert len(inputs) == 1
        assert {len(made.data[name]) for made in tasks} == {n}


def test_pixels_are_scaled_to_one():
    pixels = DigitsAttributes(None).tasks()[0].data["train"].inputs["pixels"]
    assert (pixels.min().item(), pixels.max().item()) == (0.0, 1.0)


@pytest.mark.parametrize("n_tasks", [1, 2, 5, 10])
@pytest.mark.parametrize("scenario", ["class", "domain", "task"])
def test_every_picture_is_in_one_task_and_split(n_tasks: int, scenario: str):
    tasks = split(n_tasks, scenario).tasks()
    assert len(tasks) == n_tasks
    result = [part.inputs["pixels"] for made in tasks for part in made.data.values()]
    assert sum(len(pixels) for pixels in result) == 1797
    whole = DigitsAttributes(None).tasks()[0].data.values()
    pixels = torch.cat([part.inputs["pixels"] for part in whole])
    assert sorted(torch.cat(result).tolist()) == sorted(pixels.tolist())


def test_class_incremental_shares_one_head_over_ten_digits():
    tasks = split(5, "class").tasks()
    assert [made.name for made in tasks] == ["0-1", "2-3", "4-5", "6-7", "8-9"]
    assert len({made.head for made in tasks}) == 1
    assert {made.output.n for made in tasks} == {10}
    for i, made in enumerate(tasks):
        assert set(made.data["train"].target.tolist()) == set(made.classes) == {2 * i, 2 * i + 1}


def test_domain_incremental_asks_the_same_question_of_each_task():
    tasks = split(5, "domain").tasks()
    assert len({made.head for made in tasks}) == 1
    assert {made.output.n for made in tasks} == {2}
    assert all(set(made.data["train"].target.tolist()) == {0, 1} for made in tasks)


def test_task_incremental_has_a_head_for_each_task():
    tasks = split(5, "task").tasks()
    assert [made.head for made in tasks] == [made.name for made in tasks]
    assert {made.output.n for made in tasks} == {2}


def test_each_digit_is_split_alike():
    for made in split(10, "class").tasks():
        n = sum(len(part) for part in made.data.values())
        assert len(made.data["test"]) == pytest.approx(0.2 * n, abs=1)
        assert len(made.data["val"]) == pytest.approx(0.1 * n, abs=1)


@pytest.mark.parametrize("n_tasks", [3, 4, 6, 7, 8, 9])
def test_a_number_of_tasks_that_does_not_divide_ten_is_refused(n_tasks: int):
    with pytest.raises(BadSpecError, match=f"must divide ten .*; found {n_tasks}"):
        split(n_tasks)
