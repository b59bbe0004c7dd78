"""Pointing: the curves of the tab under the pointer, and the way back to all of them."""

from collections.abc import Callable, Sequence
from typing import Any

from workbench.ui.plots.curve_pointer import Curve, CurvePointer
from workbench.ui.plots.line_plot import Plot
from workbench.ui.tabs.curves.curve_tools import CurveTools
from workbench.ui.tabs.curves.legend import TaskChip
from workbench.ui.words.language import translator

tr = translator("CurvePointing")

#: The tasks of the legend, their lines with the values, and all else that is drawn of each.
Drawn = Callable[[], tuple[Sequence[TaskChip], Sequence[Any], *tuple[Sequence[Any], ...]]]


def pointing(
    loss: tuple[Plot, Drawn],
    score: tuple[Plot, Drawn],
    tools: CurveTools,
    reset: Callable[[], object],
) -> CurvePointer:
    """Values, and the nearest task alone in full, where the pointer is in either plot."""

    def height_as_loss(height: float) -> float:
        return 10.0**height if tools.log_scale.isChecked() else height

    plots = ((loss[0], _curves(loss[1], height_as_loss)), (score[0], _curves(score[1], float)))
    return CurvePointer(plots, _step, reset)


def _curves(drawn: Drawn, value: Callable[[float], float]) -> Callable[[], Sequence[Curve]]:
    def curves() -> list[Curve]:
        chips, *parts = drawn()
        return [
            Curve(chip.facts.name, chip.colour.name(), own[0], own, value)
            for chip, *own in zip(chips, *parts, strict=True)
            if chip.isChecked()
        ]

    return curves


def _step(x: float) -> str:
    return tr("step {}").format(f"{max(round(x), 0):,}")
