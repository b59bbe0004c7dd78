"""Of many names those are written for which there is room; none runs into another."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from workbench.ui.look.theme import LIGHT
from workbench.ui.model.stage_bands import Band
from workbench.ui.plots.heatmap import Cells, Heatmap, _number_size
from workbench.ui.plots.line_plot import Plot
from workbench.ui.plots.thinning import every


@pytest.mark.parametrize(
    ("size", "needed", "step"), [(20, 13, 1), (13, 13, 1), (12.9, 13, 2), (4, 13, 4), (0, 13, 1)]
)
def test_every_so_many_of_names_that_stand_close(size: float, needed: float, step: int) -> None:
    assert every(size, needed) == step


def written(plot: Plot) -> list[tuple[float, str]]:
    return plot._bands_axis._written


@pytest.mark.parametrize("n_stages", [1, 2, 5, 20, 200])
def test_names_of_stages_never_run_into_each_other(qtbot: QtBot, n_stages: int) -> None:
    plot = Plot("a", "y", LIGHT)
    qtbot.addWidget(plot)
    plot.resize(600, 200)
    plot.show()
    plot.area.setXRange(0, 100 * n_stages, padding=0)
    bands = [Band(f"permuted-{i}", 100 * i, 100 * (i + 1)) for i in range(n_stages)]
    plot.set_bands(bands, [])
    names = written(plot)
    assert bool(names) == (n_stages > 1)
    if n_stages <= 5:
        assert len(names) == (n_stages if n_stages > 1 else 0)
    per_step = plot._bands_axis.width() / (100 * n_stages)
    metrics = QFontMetrics(plot._bands_axis._metrics)
    halves = [metrics.horizontalAdvance(name) / 2 for _, name in names]
    middles = [x * per_step for x, _ in names]
    ends = [(x - half, x + half) for x, half in zip(middles, halves, strict=True)]
    assert all(right < left for (_, right), (left, _) in pairwise(ends))
    if n_stages == 200:  # closer by, there is room for more of those in sight
        plot.area.setXRange(0, 500, padding=0)
        assert [name for _, name in written(plot)][:5] == [f"permuted-{i}" for i in range(5)]


def cells(n: int) -> Cells:
    names = tuple(f"a task with a long name {i}" for i in range(n))
    learned = tuple((i,) for i in range(n))
    return Cells(names, names, learned, np.full((n, n), 0.5), (), (True,) * n, tuple(range(n)))


@pytest.mark.parametrize("n", [1, 5, 20, 50, 200])
def test_a_matrix_keeps_its_cells_in_its_area(qtbot: QtBot, n: int) -> None:
    heatmap = Heatmap("scores", LIGHT)
    qtbot.addWidget(heatmap)
    heatmap.set_cells(cells(n))
    for width, height in ((340, 200), (700, 500)):
        area = QRectF(0, 0, width, height)
        frame = heatmap._frame(area)
        assert area.contains(frame.inner)
        assert frame.is_upright == (n >= 20 or (n == 5 and width == 340 and frame.width < 46))
        heatmap.resize(width, height)
        assert not heatmap.grab().isNull()


def test_numbers_shrink_and_then_go() -> None:
    sizes = [_number_size(QRectF(0, 0, w, h)) for w, h in ((60, 30), (24, 14), (20, 30), (12, 9))]
    assert sizes == [13, 11, 9, 0]
