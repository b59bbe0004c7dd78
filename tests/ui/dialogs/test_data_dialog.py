"""The data dialog: columns sorted, searched and changed, and a file read otherwise."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatch
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLineEdit,
    QSpinBox,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tests.ui.dialogs.data import (
    HOUSES,
    TEXT,
    WHOLE,
    asked_of,
    by_depth,
    catalogue,
    opened,
    settled,
)
from tests.ui.fakes import FakeRunner
from workbench.spec.question import Columns, RefusedError
from workbench.spec.user_files.file_facts import ColumnFacts, FileFacts, ReadSetting
from workbench.spec.user_files.reading import Reading
from workbench.ui.dialogs.columns.column_model import (
    MISSING,
    NAME,
    REMARK,
    SPREAD,
    TYPE,
    USE,
)
from workbench.ui.dialogs.data_dialog import DataDialog
from workbench.ui.dialogs.data_files import ask_data
from workbench.ui.dialogs.file_page import READING

Role = Qt.ItemDataRole


@pytest.fixture
def runner() -> FakeRunner:
    made = FakeRunner()
    made.answers[Columns] = by_depth(HOUSES, WHOLE)
    return made


@pytest.fixture
def dialog(qtbot: QtBot, runner: FakeRunner) -> Iterator[DataDialog]:
    with opened(qtbot, runner, catalogue()) as made:
        made.open_path("/data/houses.csv")
        qtbot.waitUntil(settled(made))
        yield made


def names(dialog: DataDialog) -> list[str]:
    proxy = dialog.page.columns.proxy
    return [proxy.index(row, NAME).data() for row in range(proxy.rowCount())]


def select(dialog: DataDialog, *rows: int) -> None:
    table = dialog.page.columns
    table.view.clearSelection()
    for row in rows:
        flags = table.view.selectionModel().SelectionFlag
        table.view.selectionModel().select(table.proxy.index(row, 0), flags.Select | flags.Rows)


def settings_of(dialog: DataDialog) -> dict[str, Any]:
    task = dialog.task()
    assert task is not None
    return task.settings


def test_the_first_rows_are_shown_at_once_and_then_all_are_read(
    qtbot: QtBot, runner: FakeRunner, dialog: DataDialog
):
    quick = [question.is_quick for question in asked_of(runner)]
    assert quick == [True, False]
    assert settings_of(dialog)["sha256"] == WHOLE.sha256


def test_columns_can_be_changed_while_the_rest_is_read_and_keep_what_was_chosen(
    qtbot: QtBot, runner: FakeRunner
):
    goes_on = threading.Event()

    def answer(question: Columns, _tell: object) -> FileFacts:
        if question.is_quick:
            return HOUSES
        goes_on.wait(60)
        return WHOLE

    runner.answers[Columns] = answer
    with opened(qtbot, runner, catalogue()) as dialog:
        dialog.open_path("/data/houses.csv")
        qtbot.waitUntil(lambda: dialog.choice is not None)
        assert not dialog.use.isEnabled()
        assert dialog.task() is None
        assert dialog.page.isEnabled()
        assert dialog.model.setData(dialog.model.index(1, USE), "classes")
        goes_on.set()
        qtbot.waitUntil(settled(dialog))
        assert settings_of(dialog)["targets"] == {"site": "classes", "price": "values"}
        assert settings_of(dialog)["inputs"] == ["area"]


def test_a_file_whose_reading_was_stopped_can_be_used_without_its_hash(
    qtbot: QtBot, runner: FakeRunner
):
    goes_on = threading.Event()

    def answer(question: Columns, _tell: object) -> FileFacts:
        if not question.is_quick:
            goes_on.wait(60)
        return HOUSES

    runner.answers[Columns] = answer
    with opened(qtbot, runner, catalogue()) as dialog:
        dialog.open_path("/data/houses.csv")
        qtbot.waitUntil(lambda: dialog.choice is not None)
        dialog.look.stop.click()
        goes_on.set()
        assert settings_of(dialog)["sha256"] == ""


def test_what_was_not_changed_is_not_written(dialog: DataDialog):
    assert settings_of(dialog) == {
        "file": "/data/houses.csv",
        "sha256": WHOLE.sha256,
        "inputs": ["site", "area"],
        "targets": {"price": "values"},
    }


def test_cells_tell_share_spread_and_what_looks_odd(dialog: DataDialog):
    model = dialog.model
    assert [model.index(row, MISSING).data() for row in (0, 2, 3)] == ["0 %", "3.0 %", "100 %"]
    assert model.index(0, REMARK).data().startswith("Has 400 different values")
    assert model.index(3, REMARK).data() == "left out: it has no value in any row"
    words = model.index(1, SPREAD).data(Role.AccessibleTextRole)
    assert words == "Spread: a: 200\nb: 100\nothers: 100".replace("\n", "\\n")
    reason = model.index(4, USE).data(Role.ToolTipRole)
    assert reason == "Proposed: predict: values, because it is the last column"


def test_columns_are_searched_and_sorted_and_found_again_in_their_order(dialog: DataDialog):
    table = dialog.page.columns
    assert names(dialog) == ["id", "site", "area", "all", "price"]
    table.search.setText("IDENT")
    assert names(dialog) == ["id"]
    assert table.count.text() == "1 of 5 columns"
    table.search.setText("")
    table.view.sortByColumn(MISSING, Qt.SortOrder.DescendingOrder)
    assert names(dialog)[:2] == ["all", "area"]
    table.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert names(dialog) == ["id", "site", "area", "all", "price"]


def test_a_row_that_is_changed_stays_where_it_is(dialog: DataDialog):
    table = dialog.page.columns
    table.view.sortByColumn(USE, Qt.SortOrder.AscendingOrder)
    before = names(dialog)
    assert dialog.model.setData(dialog.model.index(2, USE), "leave out")
    assert names(dialog) == before


def test_several_columns_are_set_at_once_those_that_may_be(dialog: DataDialog):
    select(dialog, 0, 2, 3)
    table = dialog.page.columns
    assert list(table.offers(USE))[-1] == "leave out"
    assert table.set_selected(USE, "input") == 2  # the empty column may not
    assert settings_of(dialog)["inputs"] == ["id", "site", "area"]
    assert table.use_button.isEnabled()
    table.view.clearSelection()
    assert not table.use_button.isEnabled()


def test_a_type_is_asked_for_and_the_file_read_again(
    qtbot: QtBot, runner: FakeRunner, dialog: DataDialog
):
    as_classes = replace(HOUSES.columns[4], type="category", target="classes", is_given=True)
    typed = replace(HOUSES, columns=(*HOUSES.columns[:4], as_classes))
    runner.answers[Columns] = by_depth(typed, replace(typed, sha256="cd" * 32))
    assert dialog.model.setData(dialog.model.index(4, TYPE), "category")
    qtbot.waitUntil(settled(dialog))
    assert asked_of(runner)[-2] == Columns(
        "/data/houses.csv", Reading(types=(("price", "category"),)), is_quick=True
    )
    assert settings_of(dialog)["types"] == {"price": "category"}
    assert settings_of(dialog)["targets"] == {"price": "classes"}
    runner.answers[Columns] = by_depth(HOUSES, WHOLE)
    assert dialog.model.setData(dialog.model.index(4, TYPE), "")
    qtbot.waitUntil(settled(dialog))
    assert "types" not in settings_of(dialog)
    assert settings_of(dialog)["targets"] == {"price": "values"}


def test_a_column_that_can_be_read_now_is_proposed_unless_the_user_said_otherwise(
    qtbot: QtBot, runner: FakeRunner, dialog: DataDialog
):
    readable = ColumnFacts("all", "text", "classes", 0, 3, type="category", may_be=TEXT)
    mended = replace(WHOLE, columns=(*HOUSES.columns[:3], readable, HOUSES.columns[4]))
    dialog.model.setData(dialog.model.index(1, USE), "leave out")
    runner.answers[Columns] = mended
    dialog.page.reading.edited.emit("missing_marks", ["-"])
    qtbot.waitUntil(settled(dialog))
    assert settings_of(dialog)["inputs"] == ["area", "all"]


def test_each_setting_of_reading_shows_what_was_guessed_and_can_be_given(
    qtbot: QtBot, runner: FakeRunner, dialog: DataDialog
):
    panel = dialog.page.reading
    separator: Any = panel.editors["separator"]
    assert separator.currentText() == "guessed: semicolon ;"
    marks: Any = panel.editors["missing_marks"]
    assert marks.placeholderText() == "guessed: ?"
    assert panel.lines.toPlainText().splitlines()[1] == "1;a;0,5;;7"
    assert panel.rows.model().index(1, 1).data() == "b"
    given = tuple(
        replace(one, value="tab", is_given=True) if one.name == "separator" else one
        for one in HOUSES.reading
    )
    runner.answers[Columns] = replace(WHOLE, reading=given)
    separator.setCurrentIndex(separator.findData("tab"))
    separator.activated.emit(separator.currentIndex())
    qtbot.waitUntil(settled(dialog))
    assert asked_of(runner)[-1].reading.separator == "tab"
    assert separator.currentText() == "tab"
    assert settings_of(dialog)["separator"] == "tab"
    runner.answers[Columns] = WHOLE
    separator.setCurrentIndex(0)
    separator.activated.emit(0)
    qtbot.waitUntil(settled(dialog))
    assert asked_of(runner)[-1].reading == Reading()
    assert "separator" not in settings_of(dialog)


@pytest.mark.parametrize(
    ("name", "act", "value"),
    [
        ("header", lambda editor: editor.activated.emit(1), False),
        ("skip", lambda editor: editor.setValue(3), 3),
        ("missing_marks", lambda editor: enter(editor, "-, n/k"), ["-", "n/k"]),
        ("date_format", lambda editor: enter(editor.lineEdit(), "%d/%m/%Y"), "%d/%m/%Y"),
        ("comment", lambda editor: enter(editor.lineEdit(), "%"), "%"),
        ("encoding", lambda editor: editor.activated.emit(1), "utf-8"),
    ],
)
def test_every_editor_of_reading_tells_its_value(
    qtbot: QtBot, dialog: DataDialog, name: str, act: Any, value: object
):
    act(dialog.page.reading.editors[name])
    qtbot.waitUntil(settled(dialog))
    assert settings_of(dialog)[name] == value


def enter(editor: Any, text: str) -> None:
    editor.setText(text)
    editor.editingFinished.emit()


def test_what_would_seem_better_is_offered_and_taken_with_one_click(
    qtbot: QtBot, runner: FakeRunner, dialog: DataDialog
):
    words = "the first line looks like counts, not names: '150, 4, setosa, …'; skip it?"
    doubted = (
        ReadSetting("header", True, True, False, words),
        ReadSetting("skip", 0, proposed=1, words=words),
    )
    runner.answers[Columns] = replace(WHOLE, reading=doubted)
    dialog.open_path("/data/houses.csv")
    qtbot.waitUntil(settled(dialog))
    assert dialog.reading.why.text().startswith("The first line looks like counts")
    assert dialog.reading.take.text() == "First line: is a row, Lines to skip: 1"
    dialog.reading.take.click()
    qtbot.waitUntil(settled(dialog))
    asked = asked_of(runner)[-1].reading
    assert (asked.header, asked.skip) == (False, 1)


def test_a_file_that_cannot_be_read_as_it_is_shows_its_lines_and_can_be_mended(
    qtbot: QtBot, runner: FakeRunner
):
    broken = replace(
        HOUSES, columns=(), rows=(), problem="houses.csv is not UTF-8 text", is_whole=False,
        reading=(ReadSetting("encoding", "utf-8", True),),
    )  # fmt: skip

    def answer(question: Columns, _tell: object) -> FileFacts:
        return broken if question.reading.encoding == "auto" else WHOLE

    runner.answers[Columns] = answer
    with opened(qtbot, runner, catalogue()) as dialog:
        dialog.open_path("/data/houses.csv")
        qtbot.waitUntil(settled(dialog))
        assert dialog.words.text() == "houses.csv is not UTF-8 text"
        assert dialog.page.currentIndex() == READING
        assert not dialog.use.isEnabled()
        assert [question.is_quick for question in asked_of(runner)] == [True]
        dialog.page.reading.edited.emit("encoding", "cp1252")
        qtbot.waitUntil(lambda: dialog.use.isEnabled())
        assert settings_of(dialog)["encoding"] == "cp1252"


def test_a_fault_far_down_is_said_and_the_file_is_not_used(qtbot: QtBot, runner: FakeRunner):
    def answer(question: Columns, _tell: object) -> Any:
        return HOUSES if question.is_quick else RefusedError("line 70,000: has 3 values")

    runner.answers[Columns] = answer
    with opened(qtbot, runner, catalogue()) as dialog:
        dialog.open_path("/data/houses.csv")
        qtbot.waitUntil(lambda: "70,000" in dialog.words.text())
        assert not dialog.use.isEnabled()
        assert dialog.task() is None


def test_rows_that_are_left_are_said_and_few_are_warned_of(dialog: DataDialog):
    assert dialog.page.rows_left.text() == ""
    dialog._set("missing", "drop")
    assert dialog.page.rows_left.text() == "388 of 400 rows have no gap and are left"
    dialog.model.setData(dialog.model.index(2, USE), "values")
    dialog._set("missing", "mean")
    assert dialog.page.rows_left.text() == "area: 388 of 400 rows have an answer"
    assert dialog.reason.text() == ""
    dialog._set("test", 0.01)
    assert dialog.reason.text() == "Few rows to judge by: test: 4"
    assert dialog.use.isEnabled()


def test_a_cell_is_opened_by_a_key_and_left_by_another(qtbot: QtBot, dialog: DataDialog):
    view = dialog.page.columns.view
    view.setFocus()
    view.setCurrentIndex(dialog.page.columns.proxy.index(2, USE))
    QTest.keyClick(view, Qt.Key.Key_Return)
    combo = view.indexWidget(view.currentIndex()) or view.findChild(QComboBox)
    assert isinstance(combo, QComboBox)
    combo.setCurrentIndex(combo.findData("values"))
    combo.activated.emit(combo.currentIndex())
    assert dialog.choice is not None
    assert dialog.choice.use_of("area") == "values"


def test_every_control_has_a_name_and_tab_reaches_the_table_and_leaves_it(dialog: DataDialog):
    kinds = (QAbstractButton, QComboBox, QLineEdit, QSpinBox, QTableView)
    nameless = [
        part.objectName() or type(part).__name__
        for part in dialog.findChildren(QWidget)
        if isinstance(part, kinds)
        and part.focusPolicy() & Qt.FocusPolicy.TabFocus
        and part.focusProxy() is None
        and part is not dialog.reading.take  # it is called after what it offers
        and not part.objectName().startswith("qt_")
        and not isinstance(part.parent(), (QComboBox, QSpinBox))
        and not (part.accessibleName() or getattr(part, "text", str)())
    ]
    assert nameless == []
    seen: list[QWidget] = []
    part = dialog.nextInFocusChain()
    while part is not dialog:
        seen.append(part)
        part = part.nextInFocusChain()
    table = dialog.page.columns
    parts = (table.search, table.type_button, table.use_button, table.view, dialog.use)
    order = [seen.index(one) for one in parts]
    assert order == sorted(order)
    assert not table.view.tabKeyNavigation()


@pytest.mark.parametrize(
    "end", [".csv", ".csv.gz", ".xlsx", ".ods", ".parquet", ".feather", ".npy"]
)
def test_the_files_that_are_read_are_among_those_to_choose(dialog: DataDialog, end: str):
    chooser = ask_data(dialog, "/data/a.csv")
    (names, _) = chooser.nameFilters()
    patterns = names.partition("(")[2].strip(")").split()
    assert any(fnmatch(f"mine{end}", pattern) for pattern in patterns)
    chooser.deleteLater()
