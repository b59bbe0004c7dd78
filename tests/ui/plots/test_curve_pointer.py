"""Pointing at curves: the values there, the nearest alone in full, a pin, and the way back."""

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from workbench.ui.look.theme import LIGHT
from workbench.ui.plots.curve_pointer import FAINT, MOST_WRITTEN, Curve, CurvePointer, height_at
from workbench.ui.plots.line_plot import Plot

#: A graphics view takes a click and does not say so.
with_clicks = pytest.mark.qt_log_ignore(
    "not accepted by receiving widget", "This plugin does not support"
)

X = np.arange(101.0)


class Made:
    """Two plots on one axis, with a flat curve a name in each."""

    def __init__(self, qtbot: QtBot, names: list[str], heights: list[float]) -> None:
        self.plots = [Plot("one", "y", LIGHT), Plot("other", "y", LIGHT)]
        self.lines = [[pg.PlotCurveItem(X, np.full(101, h)) for h in heights] for _ in range(2)]
        self.names = names
        self.n_resets = 0
        for plot, lines in zip(self.plots, self.lines, strict=True):
            qtbot.addWidget(plot)
            for line in lines:
                plot.addItem(line)
            plot.resize(500, 300)
            plot.area.setXRange(0, 100, padding=0)
            plot.area.setYRange(0, 10, padding=0)
            plot.show()
        self.pointer = CurvePointer(
            [(plot, lambda i=i: self.curves(i)) for i, plot in enumerate(self.plots)],
            lambda x: f"at {x:.0f}",
            self.reset,
        )

    def curves(self, i: int) -> list[Curve]:
        pairs = zip(self.names, self.lines[i], strict=True)
        return [Curve(name, "#336699", line, [line]) for name, line in pairs]

    def reset(self) -> None:
        self.n_resets += 1

    def place(self, x: float, y: float) -> QPoint:
        plot = self.plots[0]
        return plot.mapFromScene(plot.area.vb.mapViewToScene(QPointF(x, y)))

    def point(self, x: float, y: float) -> None:
        plot = self.plots[0]
        plot.scene().sigMouseMoved.emit(plot.area.vb.mapViewToScene(QPointF(x, y)))
        self.pointer.show()

    def opacities(self, i: int) -> list[float]:
        return [line.opacity() for line in self.lines[i]]


@pytest.fixture
def made(qtbot: QtBot) -> Made:
    return Made(qtbot, ["a & <b>", "c"], [2.0, 8.0])


def test_the_values_at_the_step_stand_beside_the_line_in_every_plot(made: Made) -> None:
    made.point(40, 5)
    for note in made.pointer.notes:
        assert note.isVisibleTo(note.parentWidget())
        assert "at 40" in note.text()
        assert "a &amp; &lt;b&gt;" in note.text()
        assert ">8<" in note.text()
    assert made.pointer.nearest == "", "none is near"
    assert made.opacities(0) == [1, 1]


def test_the_nearest_curve_is_lit_and_the_others_are_dimmed_in_every_plot(made: Made) -> None:
    made.point(40, 7.9)
    assert made.pointer.nearest == "c"
    for i in (0, 1):
        assert made.opacities(i) == [FAINT, 1]
    made.point(40, 2.1)
    for i in (0, 1):
        assert made.opacities(i) == [1, FAINT]


def test_the_mouse_is_followed(made: Made, qtbot: QtBot) -> None:
    QTest.mouseMove(made.plots[0].viewport(), made.place(40, 7.9))
    qtbot.waitUntil(lambda: made.pointer.nearest == "c")
    made.plots[0].left.emit()
    assert made.pointer.nearest == ""


def test_who_leaves_takes_it_all_along(made: Made) -> None:
    made.point(40, 7.9)
    made.pointer.hide()
    assert made.opacities(0) == made.opacities(1) == [1, 1]
    assert not any(note.isVisibleTo(note.parentWidget()) for note in made.pointer.notes)


@with_clicks
def test_a_click_pins_it_and_another_lets_go(made: Made) -> None:
    view = made.plots[0].viewport()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=made.place(40, 7.9))
    assert made.pointer.pinned
    made.point(90, 2.1)
    assert made.pointer.nearest == "c"
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=made.place(90, 2.1))
    assert not made.pointer.pinned


@with_clicks
def test_esc_lets_go_first_and_shows_all_then(made: Made) -> None:
    QTest.mouseClick(made.plots[0].viewport(), Qt.MouseButton.LeftButton, pos=made.place(40, 7.9))
    QTest.keyClick(made.plots[0], Qt.Key.Key_Escape)
    assert (made.pointer.pinned, made.pointer.nearest, made.n_resets) == (False, "", 0)
    QTest.keyClick(made.plots[0], Qt.Key.Key_Escape)
    assert made.n_resets == 1


@with_clicks
def test_a_double_click_shows_all(made: Made) -> None:
    view, place = made.plots[0].viewport(), made.place(40, 5)
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=place)
    assert made.n_resets == 1
    assert not made.pointer.pinned


def test_of_fifty_the_nearest_are_written_and_the_rest_counted(qtbot: QtBot) -> None:
    made = Made(qtbot, [f"task {i}" for i in range(50)], [i / 5 for i in range(50)])
    made.point(50, 4.0)
    text = made.pointer.notes[0].text()
    assert text.count("■") == MOST_WRITTEN
    assert f"+ {50 - MOST_WRITTEN}" in text
    assert "task 20<" in text
    assert made.pointer.notes[0].height() < made.plots[0].height()


def test_the_note_stays_in_the_plot(made: Made) -> None:
    for x in (1, 50, 99):
        made.point(x, 5)
        note = made.pointer.notes[0]
        assert made.plots[0].rect().contains(note.geometry())


@pytest.mark.parametrize(
    ("x", "height"),
    [(0.0, 1.0), (0.4, 1.0), (0.6, 2.0), (1.0, 2.0), (2.1, np.nan), (3.0, 4.0), (-1, np.nan)],
)
def test_the_height_is_that_of_the_nearest_point(x: float, height: float) -> None:
    line = pg.PlotCurveItem(np.arange(4.0), np.array([1.0, 2.0, np.nan, 4.0]), connect="finite")
    assert np.array_equal(height_at(line, x), height, equal_nan=True)


def test_nothing_is_known_of_an_empty_line() -> None:
    assert np.isnan(height_at(pg.PlotCurveItem(), 1.0))
