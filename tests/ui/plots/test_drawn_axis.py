"""DrawnAxis: looks as the axis that it stands for, in lines that cost little."""

from pathlib import Path
from typing import Any

import numpy as np
import pyqtgraph as pg
import pytest
from pytestqt.qtbot import QtBot

from workbench.ui.look.theme import DARK, LIGHT, Theme
from workbench.ui.plots.drawn_axis import DrawnAxis
from workbench.ui.plots.line_plot import Plot


def _plot(qtbot: QtBot, axes: dict[str, Any], theme: Theme) -> Any:
    plot = pg.PlotWidget(axisItems=axes, background=theme.surface)
    qtbot.addWidget(plot)
    plot.resize(500, 320)
    for axis in ("left", "bottom"):
        plot.getAxis(axis).setPen(pg.mkPen(theme.muted))
    plot.getAxis("left").setGrid(60)
    plot.setXRange(0, 17.3)
    plot.setYRange(-2, 1.7)
    plot.show()
    return plot


def _dots(plot: Any) -> Any:
    image = plot.grab().toImage().convertToFormat(plot.grab().toImage().Format.Format_RGB32)
    shape = (image.height(), image.bytesPerLine() // 4, 4)
    return np.array(image.constBits(), dtype=np.uint8).reshape(shape)[..., :3].astype(int)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_it_looks_as_the_axis_that_it_stands_for(qtbot: QtBot, theme: Theme) -> None:
    mine = _plot(qtbot, {side: DrawnAxis(side) for side in ("left", "bottom")}, theme)
    other = _plot(qtbot, {}, theme)
    apart = np.abs(_dots(mine) - _dots(other)).max(axis=-1)
    assert _dots(other).std() > 1  # there is something to see
    # a line's end on the axis' own line is blended with it there, in a dot
    assert (apart > 2).mean() < 0.001


def test_a_plot_shows_the_axes_that_it_showed(qtbot: QtBot) -> None:
    plot = Plot("Scores", "score", LIGHT)
    qtbot.addWidget(plot)
    assert not plot.area.getAxis("right").isVisible()


def test_no_line_behind_the_curves_is_blended_dot_by_dot(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    plot = Plot("Scores", "score", LIGHT)
    qtbot.addWidget(plot)
    plot.resize(500, 320)
    plot.area.setYRange(0, 1)
    seen: list[int] = []
    drawn = pg.AxisItem.drawPicture

    def note(axis: Any, painter: Any, line: Any, ticks: Any, texts: Any) -> None:
        if axis.grid:
            seen.extend(pen.color().alpha() for pen, _, _ in ticks)
        drawn(axis, painter, line, ticks, texts)

    monkeypatch.setattr(pg.AxisItem, "drawPicture", note)
    plot.show()
    plot.grab()
    assert all(alpha == 255 for alpha in seen)
    plot._write(tmp_path / "plot.svg")
    assert min(seen) < 255
