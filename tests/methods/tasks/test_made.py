"""What each way of making tasks out of others does to its examples."""

from typing import Any

import pytest
import torch

from tests.engine.toys import SPLITS, Run, methods, training
from workbench.engine.blocks.tasks.made.rotation import rotated
from workbench.engine.build.families import made_by
from workbench.engine.build.tasks import select
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Classes, Family, Image, Part, Task, Values, Vector
from workbench.spec.event import Began, Noticed
from workbench.spec.experiment import Choice, Spec, TaskChoice

DIGITS = {"family": "digits-attributes", "task": "digit"}
VALUES = {"family": "diabetes", "task": "progression"}


def made(family: str, seed: int = 0, **settings: Any) -> list[Task]:
    return made_by(TaskChoice(family=family, **{"of": DIGITS, **settings}), methods(), seed)


def refusal(family: str, **settings: Any) -> str:
    with pytest.raises(BadSpecError) as refused:
        made(family, **settings)
    return str(refused.value)


def test_a_split_of_the_digits_has_each_example_once():
    (whole,) = made_by(TaskChoice(**DIGITS), methods())[:1]
    for scenario in ("class", "domain", "task"):
        tasks = made("split", scenario=scenario)
        assert [task.name for task in tasks] == ["0-1", "2-3", "4-5", "6-7", "8-9"]
        for split in SPLITS:
            found = torch.cat([task.data[split].inputs["pixels"] for task in tasks])
            assert len(found) == len(whole.data[split])
            known = whole.data[split].inputs["pixels"]
            assert torch.allclose(found.sum(0), known.sum(0), rtol=1e-4)


def test_scenarios_answer_with_the_class_or_its_place():
    by_class, domain, task = (
        made("split", scenario=scenario, classes=[3, 8, 1, 0], n_tasks=2)
        for scenario in ("class", "domain", "task")
    )
    assert [one.classes for one in by_class] == [(3, 8), (1, 0)]
    assert {one.output for one in by_class} == {Classes(10)}
    for tasks in (domain, task):
        assert {one.output for one in tasks} == {Classes(2)}
        for own, known in zip(tasks, by_class, strict=True):
            places = torch.tensor([known.classes.index(int(c)) for c in known.data["test"].target])
            assert torch.equal(own.data["test"].target, places)
            assert torch.equal(
                own.data["test"].inputs["pixels"], known.data["test"].inputs["pixels"]
            )


def test_an_order_by_the_seed_is_told_and_resumed_with():
    choice = TaskChoice(family="split", order="seed", of=DIGITS)
    spec = Spec(
        tasks=(choice,),
        curriculum=Choice(kind="sequential"),
        training=training(steps=1),
        seeds=(4,),
    )
    run = Run(spec, methods(), seed=4).to_the_end()
    assert any(isinstance(event, Began) for event in run.events)
    told = [e.message for e in run.events if isinstance(e, Noticed)]
    assert any("classes drawn by seed 4: split-1:" in message for message in told)
    chosen = select(spec, methods(), torch.device("cpu"), 4)
    drawn = [task.classes for task in chosen.values()]
    assert sorted(code for codes in drawn for code in codes) == list(range(10))
    assert drawn == [task.classes for task in run.trainer.update.tasks.values()]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"n_tasks": 11}, "tasks.0.n_tasks: digit has 10 classes: they make no 11 tasks"),
        ({"n_tasks": 3, "scenario": "domain"}, "n_tasks must divide the 10 of digit; found 3"),
        ({"n_tasks": 10, "scenario": "task"}, "a task with one class has nothing to tell apart"),
        ({"classes": ["x", 1]}, "tasks.0.classes: digit has no class 'x' (it has: 0, 1, 2"),
        ({"of": VALUES}, "tasks.0.of: is cut by classes; progression answers with"),
        ({"of": {"family": "few-shot-digits"}}, "few-shot-digits is a distribution of small tasks"),
        (
            {"of": {"family": "landscape"}},
            "tasks.0.of: landscape has no examples to make others of",
        ),
        (
            {"of": {"family": "digits-attributes", "task": "x"}},
            "tasks.0.of.task: digits-attributes",
        ),
        ({"of": {"family": "rotated", "angles": [9.0, 9.0]}}, "tasks.0.of.angles: must differ"),
        ({"of": {}}, "tasks.0.of: names no family"),
    ],
)
def test_a_split_that_makes_no_sense_is_refused(settings: dict[str, Any], said: str):
    assert said in refusal("split", **settings)


@pytest.mark.parametrize(
    ("family", "settings", "said"),
    [
        ("rotated", {"of": {"family": "iris"}}, "rotated takes pictures; the inputs of"),
        ("rotated", {"of": {"family": "numbers", "sentences": 200}}, "rotated takes pictures"),
        ("permuted", {"of": {"family": "numbers", "sentences": 200}}, "has texts"),
        ("corrupted", {"of": {"family": "iris"}, "corruption": "blur"}, "blur takes pictures"),
        ("subset", {"of": VALUES, "per_class": 3}, "tasks.0.per_class: counts by"),
        ("subset", {"of": VALUES, "wrong": 0.5}, "tasks.0.wrong: is of classes"),
    ],
)
def test_what_makes_no_sense_is_refused(family: str, settings: dict[str, Any], said: str):
    assert said in refusal(family, **settings)


def test_permuted_numbers_are_the_same_in_other_places():
    first, second = made("permuted", n_tasks=2)
    (whole,) = made_by(TaskChoice(**DIGITS), methods())[:1]
    assert torch.equal(first.data["train"].inputs["pixels"], whole.data["train"].inputs["pixels"])
    one, other = (task.data["test"].inputs["pixels"] for task in (first, second))
    assert not torch.equal(one, other)
    assert torch.equal(one.sort(1).values, other.sort(1).values)
    assert made("permuted", n_tasks=2, share=0.0)[1].data["test"].inputs["pixels"] is not None


def test_columns_of_a_table_keep_their_names_wherever_they_are_put():
    first, second = made("permuted", n_tasks=2, of={"family": "iris"})[:2]
    other = next(
        t for t in made("permuted", n_tasks=2, of={"family": "iris"}) if "permuted" in t.name
    )
    del second
    place = other.columns.index(first.columns[0])
    moved, kept = (task.data["test"].inputs for task in (other, first))
    (view,) = moved
    assert torch.equal(moved[view][:, place], kept[view][:, 0])


class Stripes(Family):
    """Pictures that are wider than high, with two channels: a line from left to right."""

    key = "stripes"
    title = "Stripes"

    def tasks(self) -> list[Task]:
        pictures = torch.zeros(6, 2, 5, 9)
        pictures[:, 0, 2] = 1
        data = {
            split: Part({"p": pictures + i / 10}, torch.arange(6) % 2)
            for i, split in enumerate(SPLITS)
        }
        return [Task("side", {"p": Image(2, 5, 9)}, Classes(2), data)]


def test_a_picture_that_is_no_square_is_turned_as_it_is_seen():
    whole = torch.zeros(1, 1, 5, 9)
    whole[0, 0, 2] = 1
    on_its_side = rotated(whole, 90.0)
    assert on_its_side.shape == whole.shape
    assert on_its_side[0, 0, :, 4].min() > 0.9
    assert on_its_side[0, 0].sum() == pytest.approx(5, abs=0.1)


def test_channels_move_together():
    catalogue = methods()
    catalogue.methods["tasks", "stripes"] = Stripes
    choice = TaskChoice(family="permuted", n_tasks=2, of={"family": "stripes"})
    first, second = made_by(choice, catalogue)
    one, other = (task.data["train"].inputs["p"] for task in (first, second))
    assert other.shape == one.shape
    assert torch.equal(one.flatten(2).sort(2).values, other.flatten(2).sort(2).values)
    turned = made_by(TaskChoice(family="rotated", of={"family": "stripes"}), catalogue)
    assert turned[1].data["train"].inputs["p"].shape == one.shape


@pytest.mark.parametrize("corruption", ["noise", "blur", "contrast"])
def test_what_is_corrupted_more_is_further_from_what_it_was(corruption: str):
    tasks = made("corrupted", corruption=corruption, levels=[0, 1, 2, 3, 4, 5])
    clean = tasks[0].data["test"].inputs["pixels"]
    away = [float((t.data["test"].inputs["pixels"] - clean).square().mean()) for t in tasks]
    assert away == sorted(away)
    assert away[0] == 0 < away[1]
    for task in tasks:
        values = task.data["test"].inputs["pixels"]
        assert values.min() >= -1e-6
        assert values.max() <= 1 + 1e-6
        assert torch.equal(task.data["test"].target, tasks[0].data["test"].target)


def test_blur_and_contrast_keep_the_mean_of_a_picture_that_is_even_at_its_edge():
    tasks = made("corrupted", corruption="contrast", levels=[0, 5])
    means = [task.data["test"].inputs["pixels"].mean(1) for task in tasks]
    assert torch.allclose(*means, atol=1e-6)


def test_a_subset_has_few_of_each_class_and_leaves_what_is_asked():
    (whole,) = made_by(TaskChoice(**DIGITS), methods())[:1]
    (few,) = made("subset", per_class=7)
    assert few.data["train"].target.bincount().tolist() == [7] * 10
    for split in ("val", "test"):
        assert few.data[split] is whole.data[split] or torch.equal(
            few.data[split].target, whole.data[split].target
        )
    (uneven,) = made("subset", per_class=100, imbalance=20.0)
    counts = uneven.data["train"].target.bincount().tolist()
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 100
    assert counts[-1] == 5


def test_tasks_that_share_their_inputs_keep_the_same_examples():
    tasks = made("subset", of={"family": "digits-attributes"}, per_class=5)
    assert len(tasks) > 1
    assert len({id(task.data["train"].inputs["pixels"]) for task in tasks}) == 1


def test_as_many_answers_are_wrong_as_were_asked_for():
    (right,) = made("subset")
    (taught,) = made("subset", wrong=0.25)
    is_wrong = right.data["train"].target != taught.data["train"].target
    assert int(is_wrong.sum()) == round(0.25 * len(is_wrong))
    assert torch.equal(right.data["test"].target, taught.data["test"].target)
    split = made("subset", wrong=0.5, of={"family": "split", "of": DIGITS})
    for task in split:
        assert set(task.data["train"].target.unique().tolist()) == set(task.classes)


def test_several_tasks_of_a_source_are_each_made_into_others():
    tasks = made("permuted", n_tasks=2, of={"family": "digits-attributes"})
    names = [task.name for task in tasks]
    assert "digit/permuted-1" in names
    assert "parity/original" in names
    by_order = {name.rpartition("/")[2] for name in names}
    assert by_order == {"original", "permuted-1"}
    moved = [task for task in tasks if task.name.endswith("permuted-1")]
    assert len({id(task.data["train"].inputs["pixels"]) for task in moved}) == 1


class Lines(Family):
    """One number to tell another by."""

    key = "lines"
    title = "Lines"

    def tasks(self) -> list[Task]:
        data = {s: Part({"x": torch.rand(9, 3)}, torch.rand(9, 1)) for s in SPLITS}
        return [Task("line", {"x": Vector(3)}, Values(1), data)]


def test_values_can_be_permuted_and_have_noise():
    catalogue = methods()
    catalogue.methods["tasks", "lines"] = Lines
    for family in ("permuted", "corrupted", "subset"):
        assert made_by(TaskChoice(family=family, of={"family": "lines"}), catalogue)
