"""StabilityPlasticityPlot: plasticity against stability, a point a setup of the history."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from workbench.spec.text import visible
from workbench.ui.look.run_colours import run_colour
from workbench.ui.look.theme import Theme, soft
from workbench.ui.plots.exports import Table
from workbench.ui.plots.line_plot import Plot
from workbench.ui.tabs.forgetting.stability_plasticity import Place
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_axis_title

#: More points than this go without their names; hovering tells them.
_MANY = 12
_LONGEST_NAME = 26

tr = translator("StabilityPlasticityPlot")


class StabilityPlasticityPlot(Plot):
    """Right is what is kept, up is what is learned; the run shown is filled."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._places: tuple[Place, ...] = ()
        self._joint = float("nan")
        self._fine = ""
        self._is_share = True
        self._labels: list[pg.TextItem] = []
        super().__init__(
            tr("Plasticity against stability"), tr("plasticity (learning accuracy)"), theme
        )
        self.table = self._table
        self._each = pg.ScatterPlotItem(pxMode=True)
        self._means = pg.ScatterPlotItem(pxMode=True, hoverable=True, tip=self._tip)
        self._line = pg.InfiniteLine(angle=0, movable=False)
        for item in (self._line, self._each, self._means):
            self.area.addItem(item, ignoreBounds=True)
        self.area.setMouseEnabled(x=False, y=False)
        self.area.getAxis("bottom").setGrid(28)
        self.resized.connect(self._draw)
        self._draw()

    @property
    def places(self) -> tuple[Place, ...]:
        """What is shown."""
        return self._places

    def set_places(
        self, places: Sequence[Place], is_share: bool, joint: float, fine_tuning: str
    ) -> None:
        """Show these setups.

        `joint` is the score of joint training (NaN: not known), `fine_tuning` the fingerprint of
        the lower bound.
        """
        self._places, self._joint, self._fine = tuple(places), joint, fine_tuning
        self._is_share = is_share
        title = tr("stability (1 − forgetting)") if is_share else tr("stability (BWT)")
        set_axis_title(self.area.getAxis("bottom"), title)
        super().set_theme(self.theme)
        self._draw()

    def _draw(self) -> None:
        theme = self.theme
        for text in self._labels:
            self.area.removeItem(text)
        self._labels = []
        self._line.setVisible(bool(np.isfinite(self._joint)))
        self._line.setPen(pg.mkPen(theme.good, width=1, style=Qt.PenStyle.DashLine))
        if np.isfinite(self._joint):
            self._line.setPos(self._joint)
        spots = [self._spot(place) for place in self._places]
        self._means.setData(spots)
        several = [place for place in self._places if len(place.seeds) > 1]
        x = [value for place in several for value in place.stability]
        y = [value for place in several for value in place.plasticity]
        self._each.setData(
            x=x, y=y, size=4, pen=None, brush=pg.mkBrush(soft(theme.muted, 130)), symbol="o"
        )
        self._fit()
        self._write_names()
        words = [
            tr("{}: stability {}, plasticity {}").format(
                place.name, *(f"{value:.3f}" for value in place.middle)
            )
            for place in self._places
        ]
        self.set_summary("; ".join(words))

    def _spot(self, place: Place) -> dict[str, object]:
        theme = self.theme
        colour = theme.danger if place.fingerprint == self._fine else theme.muted
        if place.number is not None:
            colour = run_colour(theme, place.number)
        if place.is_shown:
            colour = theme.accent
        return {
            "pos": place.middle,
            "size": 13 if _is_told(place) else 9,
            "brush": pg.mkBrush(soft(colour, 255 if _is_told(place) else 90)),
            "pen": pg.mkPen(colour, width=1),
            "symbol": "o",
            "data": place,
        }

    def _fit(self) -> None:
        xs = [value for place in self._places for value in place.stability]
        ys = [value for place in self._places for value in place.plasticity]
        ys += [self._joint] if np.isfinite(self._joint) else []
        for values, fit in ((xs, self.area.setXRange), (ys, self.area.setYRange)):
            low, high = (min(values), max(values)) if values else (0.0, 1.0)
            room = max(0.12 * (high - low), 0.05)
            # Of shares there is nothing beyond 1, but where forgetting is below 0.
            top = high + room if not self._is_share or high > 1 else min(high + room, 1.02)
            fit(low - room, top, padding=0)

    def _write_names(self) -> None:
        """Put names beside the points, on the side with room; none lies upon another."""
        if np.isfinite(self._joint):
            self._label(tr("joint training"), self.x_range[0], self._joint, self.theme.good, (0, 1))
        low, high = self.x_range
        taken: list[tuple[float, float]] = []
        per_pixel = (self.area.vb.viewRange()[1][1] - self.area.vb.viewRange()[1][0]) / max(
            self.area.vb.height(), 1.0
        )
        order = sorted(self._places, key=lambda place: not _is_told(place))
        for place in order[: _MANY if len(order) > _MANY else None]:
            x, y = place.middle
            is_near = any(
                abs(y - other) < 15 * per_pixel and abs(x - at) < 0.35 * (high - low)
                for at, other in taken
            )
            if is_near:
                continue
            taken.append((x, y))
            is_right = x > (low + high) / 2
            name = place.name
            if len(name) > _LONGEST_NAME:
                name = f"{name[:8]}…{name[-(_LONGEST_NAME - 9) :]}"
            colour = self.theme.text if _is_told(place) else self.theme.muted
            pad = "\u2002"
            text = f"{name}{pad}" if is_right else f"{pad}{name}"
            self._label(text, x, y, colour, (1, 0.5) if is_right else (0, 0.5))

    def _label(
        self, text: str, x: float, y: float, colour: str, anchor: tuple[float, float]
    ) -> None:
        item = pg.TextItem(visible(text), color=colour, anchor=anchor)
        font = self.font()
        font.setPixelSize(11)
        item.setFont(font)
        item.setPos(x, y)
        self.area.addItem(item, ignoreBounds=True)
        self._labels.append(item)

    def _tip(self, x: float, y: float, data: object) -> str:
        if not isinstance(data, Place):
            return ""
        seeds = ", ".join(str(seed) for seed in data.seeds)
        return tr("{}\nseeds {}\nstability {}, plasticity {}").format(
            data.name, seeds, f"{x:.3f}", f"{y:.3f}"
        )

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        super().set_theme(theme)
        if hasattr(self, "_means"):
            self._draw()

    def _table(self) -> Table:
        rows = [
            [place.name, seed, stability, plasticity]
            for place in self._places
            for seed, stability, plasticity in zip(
                place.seeds, place.stability, place.plasticity, strict=True
            )
        ]
        return ["run", "seed", "stability", "plasticity"], rows


def _is_told(place: Place) -> bool:
    """Whether it is the setup on the screen, or one whose eye is open."""
    return place.is_shown or place.number is not None
