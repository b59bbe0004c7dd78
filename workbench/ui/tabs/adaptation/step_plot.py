"""StepPlot: loss or score against the number of inner steps, a curve a run."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QPen

from workbench.spec.shown.adaptation import AdaptationAnswer
from workbench.ui.look.run_colours import run_colour, run_mark, run_pen
from workbench.ui.look.theme import Theme, soft
from workbench.ui.model.adaptation_record import StepCurve
from workbench.ui.model.decimation import Values
from workbench.ui.model.smoothing import log10_of
from workbench.ui.plots.exports import Table
from workbench.ui.plots.line_plot import Plot
from workbench.ui.tabs.adaptation.drawn_curve import DrawnCurve
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import in_html, set_axis_title

LOSS, SCORE = "loss", "score"

#: Up to so many steps each has its number on the axis.
_MOST_TICKS = 12
#: Up to so many steps each has its dot.
_MOST_DOTS = 30

tr = translator("Adaptation")


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """A run's curve; `when` says at which step of the run."""

    name: str
    when: str
    curve: DrawnCurve


def tried_series(tried: AdaptationAnswer, *, has_points: bool) -> Series:
    """What a recorded run answered when it was asked."""
    steps = tried.inner_steps
    told = StepCurve.of(steps, tried.losses, np.full(len(steps), np.nan, np.float32))
    curve = DrawnCurve.of_one(told)
    when = tr("step {}").format(f"{tried.step:,}")
    if has_points:
        return Series(tr("Your points"), when, curve)
    rate = "" if tried.rate is None else tr("inner rate {}").format(f"{tried.rate:.3g}")
    return Series(tr("Tried"), rate or when, curve)


class _Items:
    """What one run is drawn with."""

    def __init__(self, plot: Plot) -> None:
        self.low, self.high = pg.PlotCurveItem(pen=None), pg.PlotCurveItem(pen=None)
        self.band = pg.FillBetweenItem(self.low, self.high)
        self.ends = pg.PlotCurveItem(connect="pairs")
        self.mean = pg.PlotDataItem(connect="finite", symbolPen=None)
        for item in (self.low, self.high, self.band, self.ends, self.mean):
            plot.area.addItem(item)

    def hide(self) -> None:
        """Draw nothing."""
        for item in (self.low, self.high, self.ends, self.mean):
            item.setData([], [])
        self.band.setVisible(False)


class StepPlot(Plot):
    """The first curve is that of the run on the screen: solid, in the accent's colour."""

    def __init__(self, theme: Theme) -> None:
        self._items: list[_Items] = []
        self._references: list[pg.InfiniteLine] = []
        self._chosen = pg.InfiniteLine(angle=90)
        self.series: tuple[Series, ...] = ()
        super().__init__(tr("Loss against inner steps"), tr("loss"), theme, tr("inner steps"))
        self._chosen.setZValue(-10)
        self.area.addItem(self._chosen, ignoreBounds=True)
        self.area.setMouseEnabled(x=False, y=False)
        self.area.getAxis("left").setWidth(46)
        self.table = self._numbers
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        super().set_theme(theme)
        self._chosen.setPen(pg.mkPen(theme.border, width=1))
        for line in self._references:
            line.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DashLine))

    def set_title(self, title: str) -> None:
        """Say what is drawn: a loss, or a metric's name."""
        axis = self.area.getAxis("left")
        if axis.labelText != title:
            set_axis_title(axis, title)
            super().set_theme(self.theme)

    def _say_bottom(self, title: str) -> None:
        axis = self.area.getAxis("bottom")
        if axis.labelText != title:
            set_axis_title(axis, title)
            super().set_theme(self.theme)

    def set_chosen(self, step: int) -> None:
        """Mark a number of steps."""
        self._chosen.setPos(step)

    def show_series(
        self,
        series: Sequence[Series],
        measure: str,
        references: Sequence[float] = (),
        *,
        is_log: bool = False,
    ) -> None:
        """Draw these runs; `references` are values that no step changes."""
        self.series = tuple(series)
        while len(self._items) < len(series):
            self._items.append(_Items(self))
        everything = [np.asarray(references, dtype=np.float64)]
        for i, items in enumerate(self._items):
            if i < len(series):
                everything += self._draw(items, i, series[i].curve, measure, is_log)
            else:
                items.hide()
        self._draw_references(references, is_log)
        self.area.getAxis("left").setLogMode(False, is_log)
        shown = np.concatenate(everything[1:] or everything)
        if not is_log:
            shown = np.concatenate([shown, everything[0]])
        is_share = measure == SCORE and len(shown) > 0 and bool(np.nanmax(shown, initial=0) <= 1)
        self.fit_y(shown, (0.0, 1.0) if is_share else None if is_log else (0.0, 0.0))
        self._fit_x(series)

    def _draw(
        self, items: _Items, number: int, curve: DrawnCurve, measure: str, is_log: bool
    ) -> list[Values]:
        """Draw one run and give what is to be in view."""
        x = np.asarray(curve.steps, dtype=np.float64)
        mean = curve.mean if measure == LOSS else curve.scores
        ends = (curve.low, curve.high) if measure == LOSS else (curve.score_low, curve.score_high)
        low, high = ends
        has_band = bool((np.isfinite(low) & np.isfinite(high)).any())
        if is_log:
            # an interval that reaches below 0 has no end on this scale: it goes on downwards
            low = np.where(np.isfinite(low), np.maximum(low, mean * 1e-2), low)
            mean, low, high = log10_of(mean), log10_of(low), log10_of(high)
        low, high = (np.where(np.isfinite(end), end, mean) for end in (low, high))
        colour = self._colour(number)
        pen = self._pen(number)
        items.mean.setPen(pen)
        items.mean.setSymbolBrush(colour)
        dot = "o" if len(x) <= _MOST_DOTS else None
        size = (6 if number == 0 else 5) + 5 * (len(x) == 1)
        items.mean.setData(x, mean, symbol=dot, symbolSize=size)
        items.mean.setZValue(10 - number)
        items.low.setData(x, low, connect="finite")
        items.high.setData(x, high, connect="finite")
        items.band.setBrush(pg.mkBrush(soft(colour, 40)))
        items.band.setVisible(has_band and len(x) > 1)
        items.ends.setPen(pg.mkPen(colour, width=2))
        is_single = has_band and len(x) == 1
        items.ends.setData(*((x.repeat(2), np.array([low[0], high[0]])) if is_single else ([], [])))
        return [low, high, mean]

    def _colour(self, number: int) -> str:
        return self.theme.accent if number == 0 else run_colour(self.theme, number + 1)

    def _pen(self, number: int) -> QPen:
        ratio = self.devicePixelRatioF()
        if number == 0:
            return pg.mkPen(self.theme.accent, width=2.2 * ratio)
        return run_pen(self.theme, number + 1, 1.5 * ratio)

    def _draw_references(self, references: Sequence[float], is_log: bool) -> None:
        while len(self._references) < len(references):
            line = pg.InfiniteLine(angle=0)
            line.setPen(pg.mkPen(self.theme.muted, width=1, style=Qt.PenStyle.DashLine))
            self._references.append(line)
            self.area.addItem(line, ignoreBounds=True)
        for i, line in enumerate(self._references):
            line.setVisible(i < len(references) and not is_log)
            if i < len(references):
                line.setPos(references[i])

    def _fit_x(self, series: Sequence[Series]) -> None:
        """Steps from the left; where no run takes any, its one mark in the middle, named."""
        last = max((one.curve.steps[-1] for one in series), default=1)
        is_one_mark = bool(series) and all(len(one.curve.steps) == 1 for one in series)
        self._say_bottom("" if is_one_mark else tr("inner steps"))
        self._chosen.setVisible(not is_one_mark)
        if is_one_mark:
            self.area.getAxis("bottom").setTicks([[(last, tr("after it adapted"))]])
            self.area.setXRange(last - 1, last + 1, padding=0)
            return
        ticks = [[(i, str(i)) for i in range(last + 1)]] if last <= _MOST_TICKS else None
        self.area.getAxis("bottom").setTicks(ticks)
        room = max(last, 2)
        self.area.setXRange(-0.04 * room, 1.06 * room, padding=0)

    def legend(self) -> str:
        """The runs in their colours, as HTML."""
        own = f"<b style='color:{self.theme.accent}'>━</b>"
        marks = [own, *(run_mark(self.theme, i + 1) for i in range(1, len(self.series)))]
        return "&nbsp;&nbsp;&nbsp; ".join(
            f"{mark} {in_html(one.name)} ({in_html(one.when)})"
            for mark, one in zip(marks, self.series, strict=False)
        )

    def _numbers(self) -> Table:
        rows: list[list[object]] = []
        for one in self.series:
            curve = one.curve
            columns = (curve.mean, curve.low, curve.high, curve.scores, curve.n_finite)
            rows.extend(
                [one.name, step, *(float(c[k]) for c in columns), curve.n_tasks, curve.n_seeds]
                for k, step in enumerate(curve.steps)
            )
        heads = [
            "run",
            "inner steps",
            "mean loss",
            "low",
            "high",
            "score",
            "finite",
            "tasks",
            "seeds",
        ]
        return heads, rows
