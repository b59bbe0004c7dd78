"""Points of Trade-offs: named at first sight, and each opens its run."""

import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from workbench.spec.run_row import RunRow
from workbench.spec.score import Score
from workbench.study.compare import Group
from workbench.study.spread import Spread
from workbench.ui.look.theme import LIGHT
from workbench.ui.tabs.tradeoffs.points import Told, placed
from workbench.ui.tabs.tradeoffs.tradeoff_plot import TradeoffPlot


def group(number: int) -> Group:
    share = number / 20
    scores = tuple(Score(task, "accuracy", share, True, share) for task in ("a", "b"))
    row = RunRow(
        f"r{number}",
        f"Run {number}",
        0,
        "done",
        "2026-01-01T00:00:00",
        1.0,
        10,
        None,
        None,
        None,
        f"/runs/{number}",
        scores=scores,
    )
    return Group(row.name, (row,))


@pytest.mark.parametrize(("n", "are_named"), [(1, True), (8, True), (9, False)])
def test_a_few_points_are_all_named(n: int, are_named: bool) -> None:
    groups = [group(i + 1) for i in range(n)]
    _, points = placed(groups, ("a", "b"), [Told("", False, None)] * n, Spread.RANGE)
    names = [f"Run {i + 1}" for i in range(n)]
    assert [point.label for point in points] == (names if are_named else [""] * n)


def test_a_click_on_a_point_asks_for_its_run(qtbot: QtBot) -> None:
    plot = TradeoffPlot("Scores", LIGHT)
    qtbot.addWidget(plot)
    groups = [group(1), group(2)]
    axes, points = placed(groups, ("a", "b"), [Told("", False, None)] * 2, Spread.RANGE)
    plot.set_points(points, axes)
    (spot,) = plot._named.pointsAt(QPointF(points[1].x, points[1].y))
    with qtbot.waitSignal(plot.opened) as asked:
        plot._named.sigClicked.emit(plot._named, [spot], None)
    assert asked.args == ["/runs/2"]
