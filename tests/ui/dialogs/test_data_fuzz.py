"""What hostile files are said to hold: the data dialog shows all of it and stays usable."""

import random
from dataclasses import fields
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.contracts.hostile import ALL, acting_in
from tests.fuzz import scaled
from tests.ui.dialogs.data import NUMBER, TEXT, catalogue, opened, settled
from tests.ui.fakes import FakeRunner
from workbench.spec.question import Columns
from workbench.spec.user_files.file_facts import (
    ROLES,
    ColumnFacts,
    FileFacts,
    Histogram,
    ReadSetting,
)
from workbench.spec.user_files.reading import Reading
from workbench.ui.dialogs.columns.column_model import NAME, SEARCH_ROLE, SORT_ROLE, TYPE, USE
from workbench.ui.dialogs.data_dialog import DataDialog

#: Made-up files in the usual tests; the slow test tries twenty times as many.
N_FILES = 10

NAMES = (*ALL, "", " ", "x" * 300, "שלום עולם", "👩‍👩‍👧" * 40, "\u200f", "&file", "%1 %s {} {0}")
KINDS = ("number", "whole number", "truth", "time", "text", "nothing", "list", "", "unheard of")
COUNTS = (None, 0, 1, 7, 10**12)
NUMBERS = (0.0, -1e308, 1e308, float("inf"), float("nan"), 1.5)


def bars(draw: random.Random) -> Histogram:
    n = draw.choice((0, 1, 2, 12, 40))
    counts = tuple(draw.choice((0, 1, 10**15)) for _ in range(n))
    labels = tuple(draw.choice(NAMES) for _ in range(draw.choice((n, 0, n + 1))))
    edges = tuple(draw.choice(NUMBERS) for _ in range(n + 1)) if draw.random() < 0.5 else ()
    return Histogram(labels, counts, edges, draw.choice((0, 3, 10**15)))


def column(draw: random.Random, name: str) -> ColumnFacts:
    return ColumnFacts(
        name,
        draw.choice(KINDS),
        draw.choice(("classes", "values")),
        draw.choice(COUNTS),
        draw.choice(COUNTS),
        shape=draw.choice(((), (3,), (10**9, 2, 2))),
        reason=draw.choice(("", "", "", draw.choice(NAMES))),
        type=draw.choice((*KINDS, "category", "ordered")),
        may_be=draw.choice((NUMBER, TEXT, (), ("leave out",), ("unheard of", "text"))),
        is_given=draw.random() < 0.2,
        role=draw.choice(ROLES),
        role_reason=draw.choice(NAMES),
        remark=draw.choice(NAMES),
        histogram=bars(draw),
    )


def setting(draw: random.Random, name: str) -> ReadSetting:
    values: tuple[Any, ...] = (*NAMES, True, False, 0, 10**9, (), ("?", "a, b"), "auto", "comma")
    proposed = draw.choice((None, None, *values))
    return ReadSetting(name, draw.choice(values), draw.random() < 0.5, proposed, draw.choice(NAMES))


def made_up(draw: random.Random, n_columns: int | None = None) -> FileFacts:
    n = draw.choice((0, 1, 2, 5, 30)) if n_columns is None else n_columns
    names = [f"{draw.choice(NAMES)}{i}" if i else draw.choice(NAMES) for i in range(n)]
    family, kind = draw.choice(
        (("table", "CSV"), ("table", "CSV"), ("arrays", "NPZ"), ("arrays", "IDX"), ("pictures", ""))
    )
    rows = tuple(
        tuple(draw.choice(NAMES) for _ in range(draw.choice((n, n, 0, n + 2))))
        for _ in range(draw.choice((0, 1, 20)))
    )
    read = [one.name for one in fields(Reading) if one.name != "types"]
    return FileFacts(
        f"/data/{draw.choice(NAMES)}",
        family,
        kind,
        draw.choice((0, 1, 3, 600, 10**12)),
        tuple(column(draw, name) for name in names),
        rows,
        draw.choice(("", "ab" * 32)),
        draw.choice(("", "/data/labels")),
        notes=tuple(draw.choice(NAMES) for _ in range(draw.choice((0, 1, 30)))),
        is_whole=draw.random() < 0.5,
        n_seen=draw.choice((0, 1, 600)),
        reading=tuple(setting(draw, name) for name in draw.sample(read, draw.randrange(len(read)))),
        sheets=tuple(draw.choice(NAMES) for _ in range(draw.choice((0, 2)))),
        lines=tuple(draw.choice(NAMES) for _ in range(draw.choice((0, 3)))),
        problem=draw.choice(("", "", "", draw.choice(NAMES))),
    )


def texts(model: QAbstractItemModel, n_most: int = 200) -> list[str]:
    """What a table shows, and says when it is pointed at."""
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
    return [
        str(model.index(row, at).data(role) or "")
        for row in range(min(model.rowCount(), n_most))
        for at in range(min(model.columnCount(), n_most))
        for role in roles
    ]


def handle(draw: random.Random, dialog: DataDialog) -> None:
    """Do with the columns what a user may."""
    table, model = dialog.page.columns, dialog.model
    for at in range(model.columnCount()):
        table.view.sortByColumn(at, draw.choice(list(Qt.SortOrder)))
    table.search.setText(draw.choice(NAMES))
    table.search.setText("")
    table.view.selectAll()
    for at in (TYPE, USE):
        for value in [*table.offers(at)][:3]:
            table.set_selected(at, value)
    for tab in range(dialog.page.count()):
        if dialog.page.isTabVisible(tab):
            dialog.page.setCurrentIndex(tab)
            dialog.grab()
    for name in [*dialog.page.reading.editors][:3]:
        dialog.page.reading.edited.emit(name, None)


def try_files(qtbot: QtBot, n: int, seed: int) -> None:
    draw = random.Random(seed)
    runner = FakeRunner()
    named = {name: {"type": "string", "default": ""} for name in ("row_weight", "labels")}
    with opened(qtbot, runner, catalogue(**named)) as dialog:
        for _ in range(n):
            facts = made_up(draw)
            runner.answers[Columns] = facts
            dialog.open_path(facts.path)
            qtbot.waitUntil(settled(dialog))
            assert dialog.model.rowCount() == len(facts.columns)
            handle(draw, dialog)
            qtbot.waitUntil(settled(dialog))
            shown = [*texts(dialog.model), *texts(dialog.page.reading.rows.model())]
            shown += [part.text() for part in dialog.findChildren(QLabel)]
            assert not [text for text in shown if acting_in(text)]
            plain = dialog.findChildren(QLabel)
            assert all(part.textFormat() == Qt.TextFormat.PlainText for part in plain)
            if (task := dialog.task()) is not None:
                assert set(task.settings.get("targets", {})).isdisjoint(
                    task.settings.get("inputs", ())
                )


def test_facts_of_hostile_files_are_shown_and_handled(qtbot: QtBot):
    try_files(qtbot, scaled(N_FILES), 0)


@pytest.mark.slow
def test_facts_of_many_hostile_files_are_shown_and_handled(qtbot: QtBot):
    try_files(qtbot, scaled(20 * N_FILES), 1)


@pytest.mark.parametrize("n", [0, 1, 3000])
def test_a_table_of_any_width_is_sorted_searched_and_set_as_a_whole(qtbot: QtBot, n: int):
    columns = tuple(
        ColumnFacts(f"c{i}", "number", "values", 0, 9, type="number", may_be=NUMBER)
        for i in range(n)
    )
    runner = FakeRunner()
    runner.answers[Columns] = FileFacts("/data/w.csv", "table", "CSV", 60, columns, sha256="a")
    with opened(qtbot, runner, catalogue()) as dialog:
        dialog.open_path("/data/w.csv")
        qtbot.waitUntil(settled(dialog))
        table = dialog.page.columns
        table.view.sortByColumn(NAME, Qt.SortOrder.DescendingOrder)
        table.search.setText("c29")
        assert table.proxy.rowCount() == sum(f"c{i}".startswith("c29") for i in range(n))
        table.search.setText("")
        table.view.selectAll()
        assert table.set_selected(USE, "leave out") == n
        assert dialog.choice is not None
        assert not dialog.choice.inputs
        assert table.set_selected(USE, "input") == n


def test_what_is_shown_of_one_row_is_worked_out_of_that_row_alone(qtbot: QtBot):
    """A view of thousands of columns asks for those that are seen: none may look at all others."""
    seen: list[str] = []

    class Counted(tuple[Any, ...]):
        def __iter__(self) -> Any:
            seen.append("all")
            return super().__iter__()

    columns = Counted(
        ColumnFacts(f"c{i}", "number", "values", 0, 9, type="number", may_be=NUMBER)
        for i in range(50)
    )
    runner = FakeRunner()
    runner.answers[Columns] = FileFacts("/data/w.csv", "table", "CSV", 60, columns, sha256="a")
    with opened(qtbot, runner, catalogue()) as dialog:
        dialog.open_path("/data/w.csv")
        qtbot.waitUntil(settled(dialog))
        seen.clear()
        roles = (*list(Qt.ItemDataRole)[:14], SORT_ROLE, SEARCH_ROLE)
        for at in range(dialog.model.columnCount()):
            index = dialog.model.index(25, at)
            dialog.model.flags(index)
            for role in roles:
                if role != Qt.ItemDataRole.ToolTipRole:
                    dialog.model.data(index, int(role))
    assert seen == []
