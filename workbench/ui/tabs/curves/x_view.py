"""XView: what the x-axis of both plots counts, how much of it is in view, and its words."""

from collections.abc import Sequence
from dataclasses import replace

from workbench.ui.model.decimation import Values
from workbench.ui.model.run_model import RunModel
from workbench.ui.model.stage_bands import Band
from workbench.ui.plots.line_plot import Plot
from workbench.ui.plots.x_scale import XScale, XUnit, scale_of
from workbench.ui.tabs.curves.change_words import mark_words
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_axis_title

#: A mark this near to the pointer, in pixels, is told in words.
_NEAR = 8

tr = translator("CurvePointing")


class XView:
    """Of several seeds the first one's scale counts."""

    def __init__(self, loss: Plot, score: Plot) -> None:
        self._plots = (loss, score)
        self._model = RunModel()
        self.unit = XUnit.STEP
        self.scale = XScale()
        self._whole = 0.0

    def follow(self, model: RunModel, unit: XUnit) -> None:
        """Measure this run, in this unit; while it grows in time, so does the whole view."""
        is_other = unit is not self.unit
        self._model, self.unit = model, unit
        self.scale = scale_of(model, unit)
        axis = self._plots[1].area.getAxis("bottom")
        if is_other:
            titles = {XUnit.STEP: tr("step"), XUnit.EPOCH: tr("epoch")}
            title = titles.get(unit, tr("seconds of training"))
            theme = self._plots[1].theme
            set_axis_title(axis, title, color=theme.muted, **{"font-size": "11px"})
        grows = self.is_whole and abs(self.end - self._whole) > 0.02 * self._whole
        if is_other or grows:
            self.show_all()

    @property
    def end(self) -> float:
        """Where the run ends on the axis."""
        return self.scale.place(max(self._model.total_steps, 1))

    @property
    def is_whole(self) -> bool:
        """Whether all of the run is in view."""
        low, high = self._plots[0].x_range
        return low <= 0 and high >= 0.999 * self._whole

    def show_all(self) -> None:
        """Have the whole run in view, and all heights of it."""
        self._whole = self.end
        for plot in self._plots:
            plot.holds_y = False
        self._plots[0].area.setXRange(0, self.end, padding=0.01)

    def fit_scores(self, x: Values, y: Values, ends: tuple[float, float] | None) -> None:
        """Have the scores in view in sight: y [K M, T] at x [M]; all, with `ends`, of a whole."""
        first, plot = self._plots  # the second one's view follows the first one's
        low, high = first.x_range
        inside = (x >= low) & (x <= high)
        if self.is_whole or not inside.any():
            plot.fit_y(y, ends)
        else:
            plot.fit_y(y.reshape(-1, len(x), y.shape[1])[:, inside])

    def draw_marks(self) -> None:
        """Draw stages, changes and drifts where they stand."""
        model, place = self._model, self.scale.place
        bands: Sequence[Band] = model.bands
        if not self.scale.is_plain:
            bands = [replace(b, start=place(b.start), end=place(b.end)) for b in bands]
        changes = [place(step) for step in model.change_steps]
        drifts = [place(drift.step) for drift in model.drifts]
        for plot in self._plots:
            is_first = plot is self._plots[0]
            plot.set_bands(list(bands), changes, names=is_first, drifts=drifts)

    def words(self, x: float) -> str:
        """A place on the axis, and what mark stands there."""
        step = tr("step {}").format(f"{max(round(self.scale.step(x)), 0):,}")
        if self.unit is XUnit.EPOCH:
            step = f"{tr('epoch {}').format(f'{max(x, 0.0):.2f}')} · {step}"
        elif self.unit is XUnit.TIME and not self.scale.is_plain:
            step = f"{tr('{} s').format(f'{max(x, 0.0):.3g}')} · {step}"
        low, high = self._plots[0].x_range
        near = _NEAR * (high - low) / max(self._plots[0].area.vb.width(), 1.0)
        marks = mark_words(self._model)
        there = [words for at, words in marks if abs(self.scale.place(at) - x) <= near]
        return "\n".join([step, *there])
