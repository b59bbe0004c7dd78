"""The table of runs as its user works it: groups, filter, columns, eyes, keys."""

from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QPoint, QSettings, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QInputDialog, QMenu
from pytestqt.qtbot import QtBot

from tests.ui.fakes import FakeRow
from workbench.study.listed_run import ListedRun
from workbench.ui.look.theme import DARK, LIGHT
from workbench.ui.model.history.run_line import Line
from workbench.ui.model.history.run_list import BY_EXPERIMENT, BY_NOTHING, BY_TAG
from workbench.ui.panels.runs.line_words import of_group, overlay_key, plain_name
from workbench.ui.panels.runs.panel import RunsPanel
from workbench.ui.panels.runs.run_menu import with_tags
from workbench.ui.words.language import use_language

ROOT = QModelIndex()


def row(name: str, seed: int = 0, group: str = "", **more: Any) -> FakeRow:
    return FakeRow(f"{name}{seed}", name, seed, path=f"/{name}{seed}", fingerprint=group, **more)


ROWS = (
    row("ewc", 0, "e", acc=0.8),
    row("ewc", 1, "e", acc=0.9),
    row("plain", 0, "p", acc=0.5, tag="old, paper"),
    row("odd", 0, "o", acc=None, status="failed"),
)
SETTINGS: dict[str, dict[str, Any]] = {
    "/ewc0": {"retention.kind": "ewc", "optimizer.lr": 0.1, "device": "cpu"},
    "/ewc1": {"retention.kind": "ewc", "optimizer.lr": 0.1, "device": "cpu"},
    "/plain0": {"retention.kind": "none", "optimizer.lr": 0.1, "device": "cpu"},
}


@pytest.fixture
def panel(qtbot: QtBot) -> RunsPanel:
    made = RunsPanel(LIGHT)
    qtbot.addWidget(made)
    made.resize(1100, 300)
    made.show()
    made.set_rows(ROWS)
    made.set_settings(SETTINGS)
    return made


def texts(panel: RunsPanel, key: str, parent: QModelIndex = ROOT) -> list[str]:
    model, place = panel.model, panel.model.columns.index(key)
    return [str(model.data(model.index(i, place, parent))) for i in range(model.rowCount(parent))]


def group(panel: RunsPanel, title: str) -> QModelIndex:
    return panel.model.index(texts(panel, "name").index(title), 0)


def choose(panel: RunsPanel, *names: str) -> None:
    panel.table.clearSelection()
    panel.table.choose(panel._places(set(names)))


def test_the_seeds_of_an_experiment_are_a_line_that_opens(panel: RunsPanel) -> None:
    assert sorted(texts(panel, "name")) == ["ewc", "odd", "plain"]
    ewc = group(panel, "ewc")
    cell = {key: texts(panel, key)[ewc.row()] for key in panel.model.columns}
    assert (cell["acc"], cell["seed"], cell["status"]) == ("0.850", "2 seeds", "done")
    assert panel.model.hasChildren(ewc)
    assert sorted(texts(panel, "seed", ewc)) == ["0", "1"]
    child = panel.model.index(1, 3, ewc)
    assert panel.model.parent(child) == ewc
    tip = panel.model.data(
        ewc.siblingAtColumn(panel.model.columns.index("acc")), Qt.ItemDataRole.ToolTipRole
    )
    assert "Mean of 2 runs" in str(tip)
    assert "standard deviation 0.0707" in str(tip)


def test_what_is_open_and_chosen_stays_so_while_runs_come_and_go(panel: RunsPanel) -> None:
    panel.table.setExpanded(group(panel, "ewc"), True)
    choose(panel, "ewc1", "plain0")
    panel.set_rows([row("new"), *ROWS])
    assert panel.table.isExpanded(group(panel, "ewc"))
    assert {one.run_id for one in panel.all_selected} == {"ewc1", "plain0"}
    panel.set_filter("plain")
    panel.set_filter("")
    assert panel.table.isExpanded(group(panel, "ewc"))
    panel.set_rows(ROWS[:1])
    assert [one.run_id for one in panel.all_selected] == []


def test_a_group_that_is_chosen_means_its_runs(panel: RunsPanel) -> None:
    panel.table.choose([group(panel, "ewc")])
    assert [one.run_id for one in panel.all_selected] == ["ewc0", "ewc1"]


def test_the_filter_says_how_many_runs_or_what_is_wrong(panel: RunsPanel, qtbot: QtBot) -> None:
    field, bar = panel.bar.field, panel.bar
    assert bar.said.text() == "4 runs"
    qtbot.keyClicks(field, "retention:ewc acc>0.85")
    assert texts(panel, "name") == ["ewc"]
    assert bar.said.text() == "1 of 4 runs"
    field.setText("retention:ewc acc>")
    assert bar.said.text() == "acc> lacks a value"
    assert field.property("invalid") is True
    assert texts(panel, "name") == ["ewc"]
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), bar.said.text()) == ("", "4 runs")
    qtbot.keyClicks(field, "nothing like it")
    assert panel._stack.currentIndex() == 2
    field.clear()
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert panel.table.currentIndex().isValid()


def test_groups_by_tag_and_by_setting(panel: RunsPanel) -> None:
    panel.set_group(BY_TAG)
    assert sorted(texts(panel, "name")) == ["no tag", "old", "paper"]
    panel.set_group("retention.kind")
    names = ["retention: ewc", "retention: none", "without retention"]
    assert sorted(texts(panel, "name")) == names
    assert "2 runs" in texts(panel, "seed")
    panel.set_group(BY_NOTHING)
    assert len(texts(panel, "name")) == 4
    assert panel.bar.group.text() == "Group: nothing"


def titles(menu: QMenu) -> dict[str, Any]:
    return {action.text().split("\t")[0]: action for action in menu.actions() if action.text()}


def below(menu: QMenu, title: str) -> QMenu:
    return next(one for one in menu.findChildren(QMenu) if one.title() == title)


def test_any_setting_and_any_measure_can_be_a_column(panel: RunsPanel) -> None:
    menu = QMenu(panel)
    panel._fill_columns(menu)
    assert set(titles(below(menu, "Settings"))) == {"device", "optimizer", "retention"}
    titles(below(menu, "optimizer"))["optimizer.lr"].trigger()
    titles(below(menu, "Measures"))["FWT"].trigger()
    assert panel.model.columns[-2:] == ["optimizer.lr", "fwt"]
    assert "0.1" in texts(panel, "optimizer.lr")
    assert panel.model.headerData(len(panel.model.columns) - 2, Qt.Orientation.Horizontal) == (
        "optimizer.lr"
    )
    titles(menu)["Columns as at first"].trigger()
    assert "fwt" not in panel.model.columns


def test_what_differs_is_shown_by_one_click_and_follows_the_filter(panel: RunsPanel) -> None:
    before = list(panel.model.columns)
    panel.set_filter("-odd")
    panel.bar.differs.click()
    assert [key for key in panel.model.columns if "." in key] == ["retention.kind"]
    panel.set_filter("ewc")
    assert panel.model.columns == before
    panel.set_filter("")
    assert "device" in panel.model.columns  # one run has no settings at all
    panel.bar.differs.click()
    assert panel.model.columns == before


def test_missing_values_are_last_by_a_click_on_the_header(panel: RunsPanel) -> None:
    place = panel.model.columns.index("acc")
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        panel.table.sortByColumn(place, order)
        assert texts(panel, "acc")[-1] == "–"
    assert texts(panel, "name")[0] == "ewc"


@pytest.mark.parametrize(
    ("key", "signal"),
    [(Qt.Key.Key_Delete, "delete_wanted"), (Qt.Key.Key_Space, "eye_wanted")],
)
def test_keys_act_on_what_is_chosen(
    key: Qt.Key, signal: str, panel: RunsPanel, qtbot: QtBot
) -> None:
    choose(panel, "plain0")
    with qtbot.waitSignal(getattr(panel, signal)) as told:
        qtbot.keyClick(panel.table, key)
    rows = told.args[-1]
    assert [one.run_id for one in rows] == ["plain0"]


def test_f2_renames_and_return_opens_a_run_or_a_group(panel: RunsPanel, qtbot: QtBot) -> None:
    choose(panel, "plain0")
    qtbot.keyClick(panel.table, Qt.Key.Key_F2)
    dialog = panel.findChild(QInputDialog)
    assert dialog is not None
    assert dialog.textValue() == "plain"
    with qtbot.waitSignal(panel.labels_wanted) as told:
        dialog.setTextValue(" Mine ")
        dialog.accept()
    assert told.args == [{"/plain0": {"name": "Mine"}}]
    ewc = group(panel, "ewc")
    panel.table.setCurrentIndex(ewc)
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    assert panel.table.isExpanded(ewc)
    qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    assert not panel.table.isExpanded(ewc)


def test_stars_and_eyes_are_clicked(panel: RunsPanel, qtbot: QtBot) -> None:
    ewc = group(panel, "ewc")

    def click(key: str) -> None:
        cell = ewc.siblingAtColumn(panel.model.columns.index(key))
        at = panel.table.visualRect(cell).center()
        qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=at)

    with qtbot.waitSignal(panel.labels_wanted) as told:
        click("starred")
    assert told.args == [{"/ewc0": {"starred": True}, "/ewc1": {"starred": True}}]
    with qtbot.waitSignal(panel.eye_wanted) as told:
        click("shown")
    assert told.args[:2] == ["experiment e", "ewc · 2 seeds"]
    before = panel.grab().toImage()
    panel.set_eyes(lambda key: 2 if key == "experiment e" else None)
    assert panel.grab().toImage() != before
    assert overlay_key(panel.model.line_at(ewc)) == "experiment e"


def test_a_colour_is_chosen_in_the_menu(panel: RunsPanel, qtbot: QtBot) -> None:
    choose(panel, "plain0")
    line = panel.table.chosen_lines[0]
    menu = panel.menu_of(line, panel.all_selected)
    found = [m for m in menu.findChildren(QMenu) if m.title() == "Draw it in this colour"]
    with qtbot.waitSignal(panel.colour_wanted) as told:
        found[0].actions()[3].trigger()
    assert told.args[0] == "/plain0"
    assert told.args[3] == 3


def test_a_group_that_is_no_experiment_opens_the_eyes_of_its_runs(panel: RunsPanel) -> None:
    panel.set_group("retention.kind")
    opened: list[str] = []
    panel.eye_wanted.connect(lambda key, *_: opened.append(key))
    panel.table.choose([group(panel, "retention: ewc")])
    panel.turn_eyes()
    assert sorted(opened) == ["/ewc0", "/ewc1"]


def test_the_menu_acts_on_all_that_are_chosen(panel: RunsPanel) -> None:
    choose(panel, "plain0", "odd0")
    line = panel.model.line_at(group(panel, "plain"))
    items = titles(panel.menu_of(line, panel.all_selected))
    said: list[Any] = []
    panel.labels_wanted.connect(said.append)
    panel.pin_wanted.connect(said.append)
    items["Star"].trigger()
    assert said.pop() == {"/plain0": {"starred": True}, "/odd0": {"starred": True}}
    items["Pin as baseline"].trigger()
    assert [one.run_id for one in said.pop()] == ["plain0"]
    assert "Resume" not in items
    assert "Compare these 2 runs" in items


def test_tags_that_only_some_have_are_left_to_them() -> None:
    rows = [row("a", tag="x, y"), row("b", tag="y, z")]
    assert with_tags(rows, ["y"], "new, y,, ") == {
        "/a0": {"tag": "x, new, y"},
        "/b0": {"tag": "z, new, y"},
    }
    assert with_tags(rows, ["y"], "") == {"/a0": {"tag": "x"}, "/b0": {"tag": "z"}}


def test_columns_widths_group_and_order_are_kept(
    panel: RunsPanel, qtbot: QtBot, tmp_path: Any
) -> None:
    settings = QSettings(str(tmp_path / "a.ini"), QSettings.Format.IniFormat)
    panel._columns.turn("optimizer.lr")
    panel._columns.turn("bwt")
    panel.table.header().resizeSection(panel.model.columns.index("acc"), 123)
    panel.table.header().moveSection(panel.model.columns.index("acc"), 3)
    panel.set_group("retention.kind")
    panel.table.sortByColumn(panel.model.columns.index("acc"), Qt.SortOrder.AscendingOrder)
    panel.save(settings)
    settings.sync()
    other = RunsPanel(DARK)
    qtbot.addWidget(other)
    other.restore(QSettings(str(tmp_path / "a.ini"), QSettings.Format.IniFormat))
    assert other.model.columns[3] == "acc"
    assert "optimizer.lr" in other.model.columns
    assert "bwt" not in other.model.columns
    assert other.table.columnWidth(3) == 123
    runs = other.model.list
    assert (runs.group_by, runs.sort_by, runs.is_descending) == ("retention.kind", "acc", False)


def test_settings_that_say_nonsense_leave_the_table_as_at_first(
    qtbot: QtBot, tmp_path: Any
) -> None:
    settings = QSettings(str(tmp_path / "a.ini"), QSettings.Format.IniFormat)
    for key in ("group", "sort", "is_descending", "columns", "widths"):
        settings.setValue(f"runs/{key}", {"x": 1})
    panel = RunsPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.restore(settings)
    panel.set_rows(ROWS)
    assert panel.model.list.group_by == BY_EXPERIMENT
    assert len(texts(panel, "name")) == 3


def test_the_menu_opens_where_a_run_is_and_the_theme_changes(panel: RunsPanel) -> None:
    panel._menu(QPoint(10, 5000))  # below the last line there is nothing
    panel.set_theme(DARK)
    place = panel.model.columns.index("status")
    row_of_odd = texts(panel, "name").index("odd")
    colour = panel.model.data(panel.model.index(row_of_odd, place), Qt.ItemDataRole.ForegroundRole)
    assert colour == QColor(DARK.danger)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("seed:", "seed: 缺少值"),
        ('"open', "引号没有闭合"),
        ("seed:x", "seed 是数字；找到的是 x"),
        ("acc>1,2", "acc> 只能与一个数比较，不能与多个数比较"),
        ("name>a", "name 是文本：name:a"),
        ("starred:maybe", "starred 只能是 yes 或 no：starred:yes"),
    ],
)
def test_what_is_wrong_with_a_filter_is_said_in_the_windows_language(
    panel: RunsPanel, qapp: QApplication, text: str, said: str
) -> None:
    translators = use_language(qapp, "zh_CN")
    try:
        panel.set_filter(text)
        assert panel.bar.said.text() == said
    finally:
        for translator in translators:
            qapp.removeTranslator(translator)


def test_an_experiment_of_one_seed_that_was_run_twice_has_one_seed() -> None:
    line = Line(None, "ewc", "e", [Line(ListedRun(FakeRow(n, "ewc", 4, path=n))) for n in "ab"])
    assert of_group(line, "seed", "experiment") == "1 seed"
    assert plain_name(line) == "ewc · 1 seed"
