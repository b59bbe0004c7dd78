"""Pointing: the curves of the tab under the pointer, and the way back to all of them."""

from collections.abc import Callable, Sequence
from typing import Any

from workbench.ui.plots.curve_pointer import Curve, CurvePointer
from workbench.ui.plots.end_names import EndNames
from workbench.ui.plots.line_plot import Plot
from workbench.ui.tabs.curves.curve_tools import CurveTools
from workbench.ui.tabs.curves.legend import TaskChip

#: The tasks of the legend, their lines with the values, and all else that is drawn of each.
Drawn = Callable[[], tuple[Sequence[TaskChip], Sequence[Any], *tuple[Sequence[Any], ...]]]


def pointing(
    loss: tuple[Plot, Drawn],
    score: tuple[Plot, Drawn],
    tools: CurveTools,
    x_words: Callable[[float], str],
    reset: Callable[[], object],
) -> tuple[CurvePointer, list[EndNames]]:
    """Values where the pointer is in either plot, and the tasks' names at the ends of lines."""

    def height_as_loss(height: float) -> float:
        return 10.0**height if tools.log_scale.isChecked() else height

    ofs = _curves(loss[1], height_as_loss), _curves(score[1], float)
    plots = ((loss[0], ofs[0]), (score[0], ofs[1]))
    return CurvePointer(plots, x_words, reset), [EndNames(*each) for each in plots]


def _curves(drawn: Drawn, value: Callable[[float], float]) -> Callable[[], Sequence[Curve]]:
    def curves() -> list[Curve]:
        chips, *parts = drawn()
        return [
            Curve(chip.facts.name, chip.colour.name(), own[0], own, value)
            for chip, *own in zip(chips, *parts, strict=True)
            if chip.isChecked()
        ]

    return curves
