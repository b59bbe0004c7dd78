"""The pictures and the table of a comparison: what each says, drawn and as numbers."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from tests.study.comparison.made import experiment, spec
from workbench.study.comparison.experiments import Comparison, Experiment
from workbench.study.comparison.method_ranks import method_ranks
from workbench.study.spread import Spread
from workbench.ui.look.theme import DARK, LIGHT
from workbench.ui.plots.canvas import Canvas
from workbench.ui.tabs.compare.answer_view import AnswerView
from workbench.ui.tabs.compare.difference_plot import DifferencePlot
from workbench.ui.tabs.compare.experiment_model import Shown
from workbench.ui.tabs.compare.experiment_table import ExperimentTable
from workbench.ui.tabs.compare.rank_diagram import RankDiagram
from workbench.ui.tabs.compare.words import number, places_of

BASE = [0.70, 0.72, 0.68, 0.71, 0.69]
BETTER = [0.80, 0.83, 0.77, 0.82, 0.79]


def several() -> list[Experiment]:
    """One that is better, one on a seed alone, one that cannot be compared, one with lost seeds."""
    return [
        experiment("base", BASE),
        experiment("b & <i>b</i>", BETTER, setup=spec("ewc")),
        experiment("one", {0: 0.6}, setup=spec("si")),
        experiment("odd", BASE, metric="f1"),
        experiment("lost", BASE, setup=spec("lwf"), status={0: "diverged", 1: "stopped"}),
    ]


def painted(canvas: Canvas, width: int = 600, height: int = 300) -> QImage:
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    canvas.draw(painter, QRectF(0, 0, width, height))
    painter.end()
    return image


@pytest.mark.parametrize("size", [(900, 400), (380, 160), (60, 40)])
def test_differences_are_drawn_best_first_at_any_size(qtbot: QtBot, size: tuple[int, int]) -> None:
    plot = DifferencePlot(LIGHT)
    qtbot.addWidget(plot)
    blank = painted(plot, *size)
    comparison = Comparison(several(), 0)
    plot.show_comparison(comparison, comparison.figures[0])
    assert painted(plot, *size) != blank
    head, rows = plot.table
    assert [row[0] for row in rows] == ["b & <i>b</i>", "lost", "one", "odd"]
    assert rows[0][head.index("finding")] == "better"
    assert rows[0][1] == pytest.approx(0.102)
    assert plot._explained(QRectF(0, 0, 600, 300), 300, 12).startswith("b & <i>b</i> reaches 0.102")


def test_less_of_a_loss_stands_on_top(qtbot: QtBot) -> None:
    many = [
        experiment(name, scores, metric="mse", higher_is_better=False, setup=spec(name))
        for name, scores in (("base", BASE), ("more", BETTER), ("less", [0.1] * 5))
    ]
    comparison = Comparison(many, 0)
    plot = DifferencePlot(DARK)
    qtbot.addWidget(plot)
    plot.show_comparison(comparison, comparison.figures[0])
    assert [row[0] for row in plot.table[1]] == ["less", "more"]


@pytest.mark.parametrize("scale", [1e-300, 1e-9, 0.0, 1e9, 1e300])
def test_any_size_of_difference_is_drawn(qtbot: QtBot, scale: float) -> None:
    many = [experiment("a", [0.0] * 5), experiment("b", [scale * each for each in BETTER])]
    comparison = Comparison(many, 0)
    plot = DifferencePlot(LIGHT)
    qtbot.addWidget(plot)
    plot.show_comparison(comparison, comparison.figures[0])
    limit = plot._limit()
    assert limit > 0
    largest = max((row[1] for row in plot.table[1]), default=0.0)
    assert limit >= largest  # pyright: ignore[reportOperatorIssue]
    painted(plot)


@pytest.mark.parametrize("n_methods", [3, 4, 30])
def test_ranks_are_drawn_and_saved(qtbot: QtBot, tmp_path: Path, n_methods: int) -> None:
    tasks = ("a", "b", "c")
    many = [
        experiment(f"m{i}", [0.1 * i], setup=spec(f"m{i}"), tasks=tasks) for i in range(n_methods)
    ]
    diagram = RankDiagram(LIGHT)
    qtbot.addWidget(diagram)
    diagram.show_ranks(None)
    nothing = painted(diagram)
    assert diagram.accessibleDescription().startswith("Ranks need three methods")
    diagram.show_ranks(method_ranks(many))
    assert painted(diagram) != nothing
    head, rows = diagram.table
    assert head == ["method", "mean rank"]
    assert [row[0] for row in rows] == [f"m{i}" for i in reversed(range(n_methods))]
    for kind in ("svg", "png", "csv"):
        diagram.write(tmp_path / f"ranks.{kind}")
        assert (tmp_path / f"ranks.{kind}").stat().st_size > 30


def table_of(many: Sequence[Experiment], spread: Spread = Spread.INTERVAL) -> ExperimentTable:
    comparison = Comparison(many, 0)
    table = ExperimentTable(LIGHT)
    icons = (None,) * len(many)
    table.show_experiments(Shown(comparison, comparison.figures[0], spread, icons))
    return table


def texts(table: ExperimentTable, row: int) -> list[str]:
    rows = table.rows
    return [str(rows.data(rows.index(row, c))) for c in range(rows.columnCount())]


def test_the_table_says_each_difference_and_what_sets_it_apart(qtbot: QtBot) -> None:
    table = table_of(several())
    qtbot.addWidget(table)
    assert texts(table, 0)[:4] == ["base", "5", "0.700 ± 0.020", "baseline"]
    better = texts(table, 1)
    assert better[:5] == ["b & <i>b</i>", "5", "0.802 ± 0.030", "+0.102", "0.092 to 0.112"]
    assert better[5:8] == ["< 0.001", "0.12", "better"]
    assert texts(table, 2)[3:8] == ["−0.100", "–", "–", "–", "one seed shows nothing"]
    assert texts(table, 3)[3:8] == ["–", "–", "–", "–", "cannot be compared"]
    assert texts(table, 4)[1] == "3 of 5"
    rows = table.rows
    heads = [rows.headerData(c, Qt.Orientation.Horizontal) for c in range(rows.columnCount())]
    assert heads[8:] == ["retention.kind", "retention.strength"]
    assert better[8:] == ["ewc", "1.0"] or better[8:] == ["ewc", "1"]
    good = rows.data(rows.index(1, 7), Qt.ItemDataRole.ForegroundRole)
    assert good.name().lower() == LIGHT.good.lower()


def test_the_spread_is_named_and_shown(qtbot: QtBot) -> None:
    shown = {}
    for spread in Spread:
        table = table_of(several(), spread)
        qtbot.addWidget(table)
        shown[spread] = texts(table, 0)[2]
        hint = table.rows.headerData(2, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        assert spread.value in hint
    assert shown[Spread.SD] == "0.700 ± 0.016"
    assert shown[Spread.RANGE] == "0.700 (0.680–0.720)"


def test_a_row_can_be_made_the_baseline(qtbot: QtBot) -> None:
    table = table_of(several())
    qtbot.addWidget(table)
    with qtbot.waitSignal(table.base_wanted) as asked:
        table.doubleClicked.emit(table.rows.index(2, 0))
    assert asked.args == [2]
    with qtbot.waitSignal(table.selection_changed):
        table.selectRow(1)
    assert table.chosen == [1]


def test_many_notes_are_few_lines_and_the_rest_on_hover(qtbot: QtBot) -> None:
    view = AnswerView()
    qtbot.addWidget(view)
    view.set_answer("Better by 5 %.", [], [f"note {i}" for i in range(9)])
    assert view.sentence.text() == "Better by 5\u00a0%."
    assert view.notes.text().splitlines()[-1].startswith("… and 6 more")
    assert view.notes.toolTip().splitlines() == [f"note {i}" for i in range(3, 9)]


def test_numbers_have_no_sign_where_they_are_nothing() -> None:
    assert [number(v, 3, "+") for v in (0.0001, -0.0001, 0.02, None)] == [
        "0.000",
        "0.000",
        "+0.020",
        "–",
    ]
    assert [places_of(v) for v in (0.5, 5.0, 0.0004, 120.0, 0.0)] == [3, 3, 6, 1, 3]
