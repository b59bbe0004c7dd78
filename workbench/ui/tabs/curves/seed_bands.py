"""SeedBands: the mean of several seeds' curves, and the bands around it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.study.spread import Bounds, Spread
from workbench.ui.look.theme import Theme, soft
from workbench.ui.model.decimation import Values
from workbench.ui.model.run_model import RunModel
from workbench.ui.model.smoothing import log10_of
from workbench.ui.plots.band_item import BandItem
from workbench.ui.plots.line_plot import Plot
from workbench.ui.plots.seed_curves import loss_spread, score_spread
from workbench.ui.plots.x_scale import XScale
from workbench.ui.tabs.curves.curve_tools import CurveTools
from workbench.ui.widgets.basics import label
from workbench.ui.words.spread_words import band_words

#: Which tasks are shown [T].
Shown = Sequence[bool] | NDArray[np.bool_]

#: How much of a task's colour a band has.
_ALPHA = 46


class SeedBands:
    """A band a task behind the curves of both plots; of one run there is none to draw."""

    def __init__(self, loss: Plot, score: Plot) -> None:
        self._plots = (loss, score)
        #: Where steps stand on the x-axis.
        self.scale = XScale()
        self._loss: list[BandItem] = []
        self._score: list[BandItem] = []
        self.caption = label("", "hint")
        self.caption.setParent(loss)  # until it has its place in the legend
        self.caption.hide()

    def make(self, n_tasks: int) -> None:
        """Make bands for so many tasks."""
        for plot, bands in zip(self._plots, (self._loss, self._score), strict=True):
            for band in bands:
                plot.removeItem(band)
            bands[:] = [BandItem() for _ in range(n_tasks)]
            for band in bands:
                plot.area.addItem(band, ignoreBounds=True)

    @property
    def of_losses(self) -> list[list[BandItem]]:
        """The bands of losses, of each task, where there are any."""
        return [self._loss] if self._loss else []

    @property
    def of_scores(self) -> list[list[BandItem]]:
        """The bands of scores, of each task, where there are any."""
        return [self._score] if self._score else []

    def style(self, theme: Theme, numbers: Sequence[int]) -> None:
        """Use these colours."""
        for bands in (self._loss, self._score):
            for band, number in zip(bands, numbers, strict=True):
                band.set_colour(soft(theme.task_colour(number), _ALPHA))

    def say(self, n_seeds: int, kind: Spread) -> bool:
        """Say in the legend what the curves and their bands are; whether that is news."""
        words = band_words(n_seeds, kind)
        if words == self.caption.text():
            return False
        self.caption.setText(words)
        self.caption.setVisible(bool(words))
        return True

    def losses(
        self, models: Sequence[RunModel], tools: CurveTools, kind: Spread, shown: Shown
    ) -> tuple[Values, Values, Values, Values]:
        """The curves to draw: x [M] and y [M, T] smoothed, and raw ones of a single run.

        Of several seeds the first are means, with bands around them; there is no raw curve then,
        and in its place all that is to be seen [K, T].
        """
        is_log, loss = tools.log_scale.isChecked(), self._plots[0]
        window, pixels = tools.window_steps, loss.pixels
        low, high = (self.scale.step(end) for end in loss.x_range)
        if len(models) > 1:
            x, around = loss_spread(models, window, (low, high), pixels // 2, kind)
            if is_log:
                ends = (log10_of(around.mean), log10_of(around.low), log10_of(around.high))
                around = Bounds(*ends, around.n)
            x = self.scale.at(x)
            return x, around.mean, x[:0], self._draw(self._loss, x, around, shown)
        steps = models[0].steps
        x, smooth = steps.loss_points("smoothed", window, low, high, pixels // 2)
        raw_x, raw = x[:0], smooth
        if tools.raw.isChecked() and window > 1:
            raw_x, raw = steps.loss_points("raw", 1, low, high, pixels)
        x, raw_x = self.scale.at(x), self.scale.at(raw_x)
        return (x, log10_of(smooth), raw_x, log10_of(raw)) if is_log else (x, smooth, raw_x, raw)

    def scores(
        self, models: Sequence[RunModel], metric: str, kind: Spread, shown: Shown
    ) -> tuple[Values, Values, Values]:
        """Validation scores: x [M], scores or their means [M, T], and all to be seen [K M, T].

        An interval may reach where no share can be: that need not be seen.
        """
        if len(models) == 1:
            steps, scores = models[0].scores_by(metric)
            return self.scale.at(steps), scores, scores
        steps, around = score_spread(models, metric, kind)
        steps = self.scale.at(steps)
        seen = self._draw(self._score, steps, around, shown)
        ends = self.ends(models, metric)
        return steps, around.mean, np.clip(seen, *ends) if ends else seen

    @staticmethod
    def ends(models: Sequence[RunModel], metric: str) -> tuple[float, float] | None:
        """Where the axis of scores ends whatever they are; None: where they do."""
        return (0.0, 1.0) if not metric and models[0].scores_are_shares else None

    def clear(self) -> None:
        """Show no band."""
        for band in (*self._loss, *self._score):
            band.clear()

    def _draw(self, bands: Sequence[BandItem], x: Values, around: Bounds, shown: Shown) -> Values:
        for j, band in enumerate(bands):
            if shown[j]:
                band.set_data(x, around.low[:, j], around.high[:, j])
            else:
                band.clear()
        return np.concatenate([around.mean, around.low, around.high])
