"""A low plot has as many numbers up its axis as stand apart."""

import pytest
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication

from workbench.ui.plots.drawn_axis import DrawnAxis


@pytest.mark.parametrize("n_dots", [20, 40, 60, 300])
@pytest.mark.parametrize("high", [0.9, 1.0, 37.0])
def test_numbers_up_an_axis_stand_apart(qapp: QApplication, n_dots: int, high: float) -> None:
    axis = DrawnAxis("left")
    font = QFont(qapp.font())
    font.setPixelSize(11)
    axis.setTickFont(font)
    step = axis.tickSpacing(0.0, high, n_dots)[0][0]
    assert step / high * n_dots >= QFontMetricsF(font).height()
