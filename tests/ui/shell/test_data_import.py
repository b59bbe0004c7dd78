"""The user's own data on their way into the setup: ticked, refused in place, undone as one."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeRunner
from workbench.spec.entry import Entry
from workbench.spec.experiment import TaskChoice
from workbench.spec.question import Columns, RefusedError
from workbench.spec.user_files.file_facts import PICTURES_WITH_TABLE, ColumnFacts, FileFacts
from workbench.ui.composition import App
from workbench.ui.dialogs.columns.column_model import REMARK, TYPE, USE, ColumnModel
from workbench.ui.dialogs.data_choice import DataChoice
from workbench.ui.dialogs.data_dialog import DataDialog
from workbench.ui.dialogs.data_tasks import with_data

pytestmark = pytest.mark.tabs("curves")

HOUSES = FileFacts(
    "/data/houses.csv",
    "table",
    "CSV",
    800,
    (
        ColumnFacts("rooms", "whole number", "values", 0, 7),
        ColumnFacts("empty", "nothing", "values", 800, 0, reason="has no value in any row"),
        ColumnFacts("price", "number", "values", 3, 700),
        ColumnFacts("sold", "text", "classes", 0, 2),
    ),
    (("3", "", "1.5", "fast"), ("4", "", "", "slow")),
    "ab" * 32,
)
NPZ = FileFacts(
    "/data/x.npz",
    "arrays",
    "NPZ",
    100,
    (
        ColumnFacts("y", "array", "classes", shape=(100,)),
        ColumnFacts("x", "array", "values", shape=(100, 8, 8)),
    ),
)
IDX = FileFacts("/data/images", "arrays", "IDX", 10, (), labels="/data/labels", labels_sha256="l")
PICTURES = FileFacts("/data/cats", "pictures", "pictures", 12, ())
WITH_TABLE = FileFacts(
    "/data/pets",
    "pictures",
    PICTURES_WITH_TABLE,
    12,
    (
        ColumnFacts("file", "text", "classes", 0, 12, reason="names the pictures"),
        ColumnFacts("kind", "text", "classes", 0, 2),
        ColumnFacts("for", "text", "classes", 0, 3, role="split"),
        ColumnFacts("weight", "number", "values", 3, 12),
    ),
    labels="/data/about.csv",
    labels_sha256="l",
)


def test_pictures_with_a_table_have_its_columns_as_targets():
    choice = DataChoice.of(WITH_TABLE, frozenset({"split"}))
    assert (choice.lacks, choice.groups, choice.is_few_shot) == ("", (), False)
    assert choice.uses_of(choice.column("weight")) == ("classes", "values", "leave out")
    choice.set_use("kind", "classes")
    assert choice.task() == TaskChoice.model_validate(
        {
            "family": "pictures",
            "file": "/data/pets",
            "sha256": "",
            "labels": "/data/about.csv",
            "labels_sha256": "l",
            "targets": {"kind": "classes", "weight": "values"},
            "split": "for",
        }
    )
    for name in ("kind", "weight"):
        choice.set_use(name, "leave out")
    choice.set_use("for", "leave out")
    assert (choice.lacks, choice.inputs) == ("targets", set())


def test_the_last_column_is_proposed_and_empty_ones_are_left_out():
    choice = DataChoice.of(HOUSES)
    assert choice.lacks == ""
    assert choice.task() == TaskChoice.model_validate(
        {
            "family": "table",
            "file": "/data/houses.csv",
            "sha256": "ab" * 32,
            "inputs": ["rooms", "price"],
            "targets": {"sold": "classes"},
        }
    )


def test_a_column_is_input_or_target_and_its_kind_can_be_changed():
    choice = DataChoice.of(HOUSES)
    choice.set_target("rooms", is_on=True)
    assert choice.inputs == {"price"}
    choice.set_use("rooms", "classes")
    assert choice.targets == {"sold": "classes", "rooms": "classes"}
    choice.set_input("rooms", is_on=True)
    assert choice.targets == {"sold": "classes"}
    choice.set_target("sold", is_on=False)
    assert choice.lacks == "targets"


def test_a_target_with_gaps_can_be_used_as_it_is():
    choice = DataChoice.of(HOUSES)
    choice.set_target("price", is_on=True)
    assert choice.lacks == ""
    assert choice.task().settings["targets"] == {"price": "values", "sold": "classes"}


def test_a_column_that_is_left_out_says_why_and_has_no_other_role():
    shown = ColumnModel(DataChoice.of(HOUSES))
    assert [shown.index(row, TYPE).data() for row in range(2)] == ["whole number", "nothing"]
    assert shown.index(1, REMARK).data() == "left out: it has no value in any row"
    open_ = [shown.index(row, USE).flags() & Qt.ItemFlag.ItemIsEditable for row in range(2)]
    assert [bool(one) for one in open_] == [True, False]
    assert not shown.setData(shown.index(1, USE), "input")
    assert shown.choice.use_of("empty") == "leave out"


def test_arrays_have_one_input_and_pictures_nothing_to_tick():
    arrays = DataChoice.of(NPZ)
    assert arrays.task().settings["inputs"] == "x"
    assert arrays.task().settings["targets"] == {"y": "classes"}
    idx = DataChoice.of(IDX)
    assert idx.task().settings["labels_sha256"] == "l"
    idx.labels = ""
    assert idx.lacks == "labels"
    pictures = DataChoice.of(PICTURES)
    assert (pictures.has_columns, pictures.n_tasks, pictures.lacks) == (False, 1, "")


SITES = replace(
    HOUSES,
    path="/data/sites.csv",
    columns=(
        ColumnFacts("site", "text", "classes", 0, 20),
        ColumnFacts("few", "text", "classes", 0, 4),
        ColumnFacts("many", "text", "classes", 0, 100),
        ColumnFacts("rooms", "number", "values", 0, 30),
        ColumnFacts("price", "number", "values", 0, 700),
    ),
    rows=(),
)


def test_a_column_with_enough_rows_a_value_may_make_small_tasks():
    choice = DataChoice.of(SITES)
    assert choice.groups == ("site",)
    assert (choice.group, choice.family) == ("", "table")
    choice.set_group("site")
    assert choice.task() == TaskChoice.model_validate(
        {
            "family": "few-shot-table",
            "file": "/data/sites.csv",
            "sha256": "ab" * 32,
            "inputs": ["few", "many", "rooms"],
            "group": "site",
            "target": "price",
            "target_kind": "values",
        }
    )
    choice.set_target("few", is_on=True)  # a small task has one answer
    assert (choice.targets, choice.n_tasks, choice.lacks) == ({"few": "classes"}, 1, "")
    choice.set_input("site", is_on=True)
    assert (choice.group, choice.family) == ("", "table")
    choice.set_group("site")
    choice.set_group("")
    assert "site" in choice.inputs


def test_several_targets_become_one_where_small_tasks_are_made():
    choice = DataChoice.of(SITES)
    choice.set_target("rooms", is_on=True)
    choice.set_group("site")
    assert choice.targets == {"rooms": "values"}
    choice.set_target("rooms", is_on=False)
    assert choice.lacks == "targets"


def test_classes_of_pictures_may_be_told_apart_a_few_at_a_time():
    choice = DataChoice.of(PICTURES)
    assert (choice.groups, choice.family) == (("class",), "pictures")
    choice.set_group("class")
    assert choice.task() == TaskChoice.model_validate(
        {"family": "few-shot-pictures", "file": "/data/cats", "sha256": ""}
    )
    assert DataChoice.of(NPZ).groups == DataChoice.of(IDX).groups == ()


def test_other_tasks_stay_only_where_that_is_asked_for():
    old, new = TaskChoice(family="iris"), DataChoice.of(HOUSES).task()
    assert with_data([old], new, keeps=False) == [new]
    assert with_data([old, new], new, keeps=True) == [old, new]


@pytest.fixture
def runner() -> FakeRunner:
    runner = FakeRunner()
    runner.answers[Columns] = HOUSES
    return runner


@pytest.fixture
def dialog(make_app: MakeApp, runner: FakeRunner) -> Any:
    app: App = make_app(runner)
    app.window.dropped.emit("/data/houses.csv")
    assert app.data_import.dialog is not None
    return app, app.data_import.dialog


def model(dialog: DataDialog) -> ColumnModel:
    return dialog.model


def test_a_file_dropped_on_the_window_becomes_tasks_and_can_be_undone(dialog: Any, qtbot: QtBot):
    app, shown = dialog
    qtbot.waitUntil(lambda: shown.choice is not None)
    assert shown.words.text() == "CSV · 800 rows · 4 columns"
    before = app.presenter.spec
    table = model(shown)
    assert table.setData(table.index(0, USE), "values")
    assert table.data(table.index(0, USE)) == "predict: values"
    assert table.setData(table.index(0, USE), "classes")
    assert shown.use.text() == "Use as 2 tasks"
    shown.use.click()
    (task,) = app.presenter.spec.tasks
    assert task.settings["targets"] == {"rooms": "classes", "sold": "classes"}
    assert app.data_import.dialog is None
    app.presenter.undo()
    assert app.presenter.spec == before


def test_small_tasks_are_chosen_in_the_dialog(make_app: MakeApp, runner: FakeRunner, qtbot: QtBot):
    app: App = make_app(runner)
    known = app.presenter.catalogue
    for key, setting in (("table", "separator"), ("few-shot-table", "shots")):
        field = {setting: {"type": "integer", "default": 3, "description": "So many."}}
        entry = Entry("tasks", key, key, "Mine.", settings={"properties": field})
        known = {**known, ("tasks", key): entry}
    app.presenter.set_catalogue(known)
    runner.answers[Columns] = SITES
    app.window.dropped.emit("/data/sites.csv")
    shown = app.data_import.dialog
    assert shown is not None
    qtbot.waitUntil(lambda: shown.choice is not None)
    offered = [shown.learn.itemText(i) for i in range(shown.learn.count())]
    assert offered == ["Learn it as it is", "Few-shot: each site is a small task"]
    assert not shown.learn.isHidden()
    shown.learn.setCurrentIndex(1)
    shown.learn.activated.emit(1)
    assert shown.family.form is not None
    assert list(shown.family.form.editors) == ["shots"]
    shown._set("shots", 7)
    task = shown.task()
    assert task is not None
    assert (task.family, task.settings["group"], task.settings["shots"]) == (
        "few-shot-table", "site", 7,
    )  # fmt: skip
    assert model(shown).setData(model(shown).index(0, USE), "input")
    assert shown.learn.currentData() == ""
    task = shown.task()
    assert task is not None
    assert (task.family, "shots" in task.settings) == ("table", False)
    runner.answers[Columns] = HOUSES
    shown.open_path("/data/houses.csv")
    qtbot.waitUntil(lambda: shown.choice is not None and shown.choice.facts is HOUSES)
    assert shown.learn.count() == 2  # rooms are whole numbers, and might be whose a row is
    runner.answers[Columns] = NPZ
    shown.open_path("/data/x.npz")
    qtbot.waitUntil(lambda: shown.choice is not None and shown.choice.facts is NPZ)
    assert shown.learn.isHidden()
    shown.reject()


def test_what_is_wrong_with_a_file_is_said_in_the_dialog(
    dialog: Any, runner: FakeRunner, qtbot: QtBot
):
    app, shown = dialog
    qtbot.waitUntil(lambda: shown.choice is not None)
    runner.answers[Columns] = RefusedError("houses.csv, row 7: 5 values in 4 columns")
    shown.open_path("/data/houses.csv")
    qtbot.waitUntil(lambda: "row 7" in shown.words.text())
    assert not shown.use.isEnabled()
    assert not app.presenter.notices
    shown.reject()


def test_labels_chosen_by_hand_are_looked_into_and_get_their_hash(
    dialog: Any, runner: FakeRunner, qtbot: QtBot
):
    _, shown = dialog
    runner.answers[Columns] = replace(IDX, labels="", labels_sha256="")
    shown.open_path("/data/images")
    qtbot.waitUntil(lambda: shown.choice is not None and shown.choice.lacks == "labels")
    runner.answers[Columns] = FileFacts("/data/few", "arrays", "IDX", 9, (), sha256="f")
    shown.set_labels("/data/few")
    qtbot.waitUntil(lambda: "few does not hold the labels" in shown.words.text())
    assert not shown.use.isEnabled()
    runner.answers[Columns] = FileFacts("/data/mine", "arrays", "IDX", 10, (), sha256="m")
    shown.set_labels("/data/mine")
    qtbot.waitUntil(shown.use.isEnabled)
    settings = shown.task().settings
    assert (settings["labels"], settings["labels_sha256"]) == ("/data/mine", "m")
    shown.reject()


def test_the_gallery_has_a_card_for_it(make_app: MakeApp):
    app = make_app()
    known = app.presenter.catalogue
    app.presenter.set_catalogue({})
    app.window.gallery.data.click()
    assert app.data_import.dialog is None
    app.presenter.set_catalogue(known)  # a click that came too early is not lost
    assert app.data_import.dialog is not None
    app.data_import.dialog.reject()


def test_presets_that_are_dropped_are_opened_as_presets(make_app: MakeApp, qtbot: QtBot):
    app = make_app()
    app.window.dropped.emit("/nowhere/mine.yaml")
    assert app.data_import.dialog is None
