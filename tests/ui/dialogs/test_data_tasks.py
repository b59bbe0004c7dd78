"""What is chosen of a file becomes entries of the setup, a task or several of its own."""

import random
from dataclasses import replace
from pathlib import Path

import torch
from pytestqt.qtbot import QtBot

from tests.contracts.dirty import CATALOGUE, told
from tests.engine.toys import methods
from tests.ui.dialogs.data import HOUSES, NUMBER, WHOLE, catalogue, flag, opened, settled
from tests.ui.fakes import FakeRunner
from workbench.engine.build.tasks import select
from workbench.engine.roles.task import Labels, Task
from workbench.spec.check import problems
from workbench.spec.entry import Entry
from workbench.spec.experiment import Spec, TaskChoice
from workbench.spec.question import Columns
from workbench.spec.user_files.file_facts import ColumnFacts
from workbench.ui.dialogs.data_choice import DataChoice
from workbench.ui.dialogs.data_families import known_of
from workbench.ui.dialogs.data_tasks import labels_of, unlike_targets

WEIGHT = ColumnFacts(
    "weights", "number", "values", 0, 9, type="number", may_be=NUMBER,
    role="weight", role_reason="is called so: how much each row counts",
)  # fmt: skip
FLAGS = replace(
    WHOLE, columns=(*HOUSES.columns[:3], flag("new", (390, 10)), flag("sold", (200, 200)), WEIGHT)
)


def chosen(*known: str) -> DataChoice:
    choice = DataChoice.of(FLAGS, frozenset(known))
    for name in ("new", "sold"):
        choice.set_use(name, "classes")
    return choice


def test_a_column_of_weights_is_taken_for_one_where_the_family_has_them():
    with_weights = DataChoice.of(FLAGS, frozenset({"weight"}))
    assert with_weights.weight == "weights"
    assert with_weights.task().settings["row_weight"] == "weights"
    without = DataChoice.of(FLAGS)
    assert "row_weight" not in without.task().settings
    assert without.use_of("weights") == "leave out"
    assert "weight" not in without.uses_of(WEIGHT)


def test_another_column_of_weights_frees_the_first():
    choice = DataChoice.of(FLAGS, frozenset({"weight"}))
    choice.set_use("area", "weight")
    assert choice.weight == "area"
    assert "weights" in choice.inputs
    choice.set_use("area", "input")
    assert choice.weight == ""


def test_targets_of_0_and_1_may_be_one_task_of_labels():
    choice = chosen("labels")
    choice.set_use("area", "values")
    assert labels_of(choice) == ("new", "sold")
    assert choice.n_tasks == 3
    choice.has_labels = True
    assert choice.n_tasks == 2
    settings = choice.task().settings
    assert settings["labels"] == {"labels": ["new", "sold"]}
    assert settings["targets"] == {"area": "values"}
    assert labels_of(chosen()) == ()  # of a family that knows none
    choice.set_use("sold", "input")
    assert labels_of(choice) == ()  # one alone is none of several


def test_classes_that_are_unlike_may_count_alike_each_task_by_itself():
    choice = chosen("class_weights")
    assert unlike_targets(choice) == {"new": 39}
    assert len(choice.entries()) == 1
    choice.is_balanced = True
    first, second = choice.entries()
    assert [first.task, first.class_weights] == ["new", "balanced"]
    assert [second.task, second.class_weights] == ["sold", None]
    assert first.settings == second.settings
    choice.set_use("sold", "input")
    (only,) = choice.entries()
    assert (only.task, only.class_weights) == (None, "balanced")


def test_each_site_may_be_a_task_of_its_own():
    sites = DataChoice.of(WHOLE, frozenset({"by-column"}))
    assert sites.sites == ("site",)
    sites.set_group("site", "by-column")
    assert sites.n_tasks == 8
    assert sites.task() == TaskChoice.model_validate(
        {
            "family": "by-column",
            "of": {
                "family": "table",
                "file": "/data/houses.csv",
                "sha256": WHOLE.sha256,
                "inputs": ["site", "area"],
                "targets": {"price": "values"},
            },
            "column": "site",
        }
    )
    again = sites.read_anew(WHOLE)
    assert (again.group, again.group_as) == ("site", "by-column")
    assert DataChoice.of(WHOLE).sites == ()


def test_what_targets_may_be_besides_is_offered_in_the_dialog(qtbot: QtBot):
    labels = {"type": "object", "default": {}}
    known = catalogue(labels=labels, row_weight={"type": "string", "default": ""})
    known = {**known, ("tasks", "by-column"): Entry("tasks", "by-column", "By a column", "Rows.")}
    runner = FakeRunner()
    runner.answers[Columns] = FLAGS
    with opened(qtbot, runner, known) as dialog:
        dialog.open_path("/data/houses.csv")
        qtbot.waitUntil(settled(dialog))
        assert dialog.page.labels.isHidden()
        for row in (3, 4):
            dialog.model.set_all([row], 2, "classes")
        assert not dialog.page.labels.isHidden()
        assert dialog.page.labels.text() == "One task of 2 labels, any of them at once"
        dialog.page.labels.setChecked(True)
        assert dialog.use.text() == "Use as a task"
        (task,) = dialog.tasks()
        assert task.settings["labels"] == {"labels": ["new", "sold"]}
        offered = [dialog.learn.itemText(i) for i in range(dialog.learn.count())]
        assert offered[-1] == "Each site is a task of its own"
        dialog.learn.setCurrentIndex(len(offered) - 1)
        dialog.learn.activated.emit(len(offered) - 1)
        (task,) = dialog.tasks()
        assert task.family == "by-column"


def test_what_is_brought_of_a_table_is_what_its_families_take(tmp_path: Path):
    path, draw = tmp_path / "a.csv", random.Random(0)
    rows = [
        f"s{i % 4},{draw.random():.4f},{i // 4 % 2},{i % 3 // 2},{i % 19 // 18},{1 + i % 3}"
        for i in range(400)
    ]
    path.write_text("\n".join(["site,x,a,b,c,weights", *rows]) + "\n")
    facts = told(path)
    choice = DataChoice.of(facts, known_of(CATALOGUE, facts))
    assert choice.weight == "weights"
    for name in "abc":
        choice.set_use(name, "classes")

    def made() -> dict[str, Task]:
        spec = Spec(tasks=choice.entries())
        assert problems(spec, CATALOGUE) == []
        return select(spec, methods(), torch.device("cpu"))

    plain = made()
    assert list(plain) == ["a", "b", "c"]
    assert plain["a"].data["train"].row_weights is not None
    choice.is_balanced = True
    balanced = made()
    assert len({len(task.data["train"].target) for task in balanced.values()}) == 1
    assert torch.equal(balanced["a"].data["test"].target, plain["a"].data["test"].target)
    choice.has_labels = True
    assert {name: task.output for name, task in made().items()} == {"labels": Labels(3)}
    choice.set_group("site", "by-column")
    choice.has_labels = False
    assert len(made()) == choice.n_tasks == 12
