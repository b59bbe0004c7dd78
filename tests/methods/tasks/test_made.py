"""What each way of making tasks out of others does to its examples."""

from itertools import pairwise
from pathlib import Path
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
IRIS = {"family": "iris", "task": "species"}
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


@pytest.fixture
def sites(tmp_path: Path) -> dict[str, Any]:
    """A table of three sites over a year, with a site of two rows and numbers of any size."""
    lines = ["site,day,year,x,y"]
    for i in range(400):
        site = "D" if i in (7, 90) else "ABC"[i % 3]
        day = f"2020-{1 + i // 34:02d}-{1 + i % 28:02d}"
        lines.append(f"{site},{day},{2017 + i % 3},{(i * 7) % 130 / 10},{(i * 5) % 11 + i % 3}")
    (tmp_path / "sites.csv").write_text("\n".join(lines))
    return {"family": "table", "file": str(tmp_path / "sites.csv"), "targets": {"y": "values"}}


def test_each_site_is_a_task_without_the_column_that_names_it(sites: dict[str, Any]):
    tasks = made("by-column", of=sites, column="site")
    assert [task.name for task in tasks] == ["site A", "site B", "site C"]
    assert len({task.head for task in tasks}) == 1
    for task in tasks:
        assert not any("site" in column for column in task.columns)
        assert task.inputs["row"] == Vector(len(task.columns))
    assert "'D' (2)" in tasks[0].notices[-1]
    kept = made("by-column", of=sites, column="site", keeps_column=True, scenario="task")
    assert "site = A" in kept[0].columns
    assert len({task.head for task in kept}) == 3
    n_rows = sum(len(part) for task in kept for part in task.data.values())
    assert n_rows == 398


def test_numbers_of_a_column_are_those_of_the_file(sites: dict[str, Any]):
    names = [task.name for task in made("by-column", of=sites, column="year")]
    assert names == ["year 2017", "year 2018", "year 2019"]


def test_stretches_follow_each_other_in_time(sites: dict[str, Any]):
    tasks = made("by-time", of=sites, column="day", n_tasks=4)
    ends: list[tuple[float, float]] = []
    for task in tasks:
        place = task.columns.index("day")
        days = torch.cat([part.inputs["row"][:, place] for part in task.data.values()])
        ends.append((float(days.min()), float(days.max())))
    assert all(before[1] < after[0] for before, after in pairwise(ends))
    in_order = made("by-time", of=sites, column="", n_tasks=4)
    for before, after in pairwise(in_order):
        for split in SPLITS:
            assert before.rows[split].max() < after.rows[split].min()


def test_rows_know_their_place_whatever_is_taken_from_them(sites: dict[str, Any]):
    classes = {**sites, "targets": {"y": "classes"}}
    tasks = made("split", of={"family": "subset", "samples": 100, "of": classes}, n_tasks=3)
    (whole,) = made_by(TaskChoice(**classes), methods())
    for task in tasks:
        for split, rows in task.rows.items():
            known = {int(row): i for i, row in enumerate(whole.rows[split])}
            at = torch.tensor([known[int(row)] for row in rows])
            inputs = whole.data[split].inputs["row"][at]
            assert torch.equal(task.data[split].inputs["row"], inputs)


@pytest.mark.parametrize(
    ("family", "settings", "said"),
    [
        ("by-column", {"of": DIGITS, "column": "site"}, "has to be of a table with columns"),
        ("by-column", {"of": VALUES, "column": "site"}, "which is not among the inputs of progres"),
        ("by-column", {"of": VALUES, "column": "bmi", "n_tasks": 1}, ""),
        ("by-time", {"of": DIGITS, "column": ""}, "digit has no order in time"),
        ("by-time", {"of": VALUES, "column": "sex"}, "too many rows have one time"),
        ("joined", {"of": [VALUES, DIGITS], "scenario": "domain"}, "one kind of answers"),
        ("joined", {"of": [IRIS, DIGITS], "scenario": "domain"}, "3 classes"),
        ("joined", {"of": [VALUES, VALUES], "scenario": "class"}, "joins classes"),
    ],
)
def test_columns_times_and_sources_that_make_no_sense(
    family: str, settings: dict[str, Any], said: str
):
    if said:
        assert said in refusal(family, **settings)
    else:
        assert made(family, **settings)


def test_joined_classes_of_one_name_are_one():

    tasks = made("joined", of=[DIGITS, {**DIGITS, "task": "parity"}, IRIS], scenario="class")
    answers = tasks[0].answers
    assert len(set(answers)) == len(answers) == tasks[0].output.n
    assert {task.head for task in tasks} == {"joined"}
    for task in tasks:
        assert set(task.data["train"].target.unique().tolist()) <= set(task.classes)


def test_what_one_source_asks_no_other_trains_on():
    other = {"family": "arrays-of-digits"}
    catalogue = methods()
    digits = catalogue.find("tasks", "digits-split")

    class Whole(digits):
        key = "arrays-of-digits"

        def tasks(self) -> list[Task]:
            return digits(digits.Settings(n_tasks=1)).tasks()

    catalogue.methods["tasks", "arrays-of-digits"] = Whole
    one, two = made_by(TaskChoice(family="joined", of=[DIGITS, other]), catalogue)
    trained, asked = (
        {
            bytes(row.numpy())
            for task in (one, two)
            for split in splits
            for row in task.data[split].inputs["pixels"]
        }
        for splits in (("train",), ("val", "test"))
    )
    assert not trained & asked
    assert "training rows are left out: another source asks them" in one.notices[-1]
    assert len(one.data["test"]) == 359


def test_rows_of_a_few_numbers_with_noise_do_not_meet():
    """Cut to a range they would meet at its corners, those that are asked and those learned."""
    tasks = made("corrupted", of={"family": "boundaries-2d", "samples": 60}, levels=[5])
    for task in tasks:
        rows = torch.cat([part.inputs["point"] for part in task.data.values()])
        assert len(rows.unique(dim=0)) == len(rows)


class Unanswered(Family):
    """Rows of which each third has no answer."""

    key = "unanswered"
    title = "Unanswered"

    def tasks(self) -> list[Task]:
        target = torch.tensor([0, 1, -100] * 8)
        inputs = {s: torch.rand(24, 3) for s in SPLITS}
        data = {s: Part({"x": inputs[s]}, target) for s in SPLITS}
        return [Task("some", {"x": Vector(3)}, Classes(2), data, answers=("no", "yes"))]


def test_a_row_without_an_answer_is_given_none():
    catalogue = methods()
    catalogue.methods["tasks", "unanswered"] = Unanswered
    of = {"family": "unanswered"}
    (wrong,) = made_by(TaskChoice(family="subset", wrong=1.0, of=of), catalogue)
    assert wrong.data["train"].target.tolist() == [1, 0, -100] * 8
    (joined,) = made_by(TaskChoice(family="joined", scenario="class", of=[of]), catalogue)
    assert joined.data["train"].target.tolist() == [0, 1, -100] * 8
    split = made_by(TaskChoice(family="split", n_tasks=2, of=of), catalogue)
    assert [len(task.data["train"]) for task in split] == [8, 8]
