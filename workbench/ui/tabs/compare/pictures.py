"""Pictures: what a comparison looks like: as curves, as differences, or as ranks."""

from collections.abc import Sequence

from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from workbench.study.comparison.experiments import Comparison, Experiment, Figure
from workbench.study.comparison.method_ranks import method_ranks
from workbench.study.spread import Spread
from workbench.ui.look.run_colours import run_mark
from workbench.ui.look.theme import Theme
from workbench.ui.plots.exports import Table
from workbench.ui.tabs.compare.curve_plot import CurvePlot
from workbench.ui.tabs.compare.difference_plot import DifferencePlot
from workbench.ui.tabs.compare.rank_diagram import RankDiagram
from workbench.ui.tabs.compare.setups import Curve, Setup
from workbench.ui.tabs.compare.words import spread_title
from workbench.ui.widgets.basics import column, row, scrolling
from workbench.ui.widgets.segmented_control import SegmentedControl
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import html_label, in_html

tr = translator("Compare")


class Pictures(QWidget):
    """Three views of one comparison, of which one is shown and drawn."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._curves: Sequence[tuple[Setup, Curve]] = ()
        self._spread = Spread.INTERVAL
        self._ranked: tuple[Experiment, ...] | None = None
        self.views = SegmentedControl(
            tr("Picture"),
            [
                ("curves", tr("Curves"), tr("Validation scores over the steps")),
                ("differences", tr("Differences"), tr("Each experiment minus the baseline")),
                ("ranks", tr("Ranks"), tr("Mean ranks of the methods over all tasks")),
            ],
        )
        self.curves = CurvePlot(theme)
        self.curves.table = self._numbers
        self.differences = DifferencePlot(theme)
        self.ranks = RankDiagram(theme)
        self.key = html_label("hint")
        self.key.setWordWrap(True)
        self.key.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._stack = QStackedWidget()
        for part in (self.curves, scrolling(self.differences), scrolling(self.ranks)):
            self._stack.addWidget(part)
        layout = column(self, (0, 0, 0, 0), 6)
        layout.addLayout(row(self.views, 1))
        layout.addWidget(self.key)
        layout.addWidget(self._stack, 1)

    def draw(
        self,
        comparison: Comparison,
        figure: Figure,
        curves: Sequence[tuple[Setup, Curve]],
        spread: Spread,
    ) -> None:
        """Draw the view that is shown; `curves` are of the setups that are drawn."""
        self._curves, self._spread = curves, spread
        view = self.views.current
        self._stack.setCurrentIndex(list(self.views.buttons).index(view))
        if view == "curves":
            models = [model for setup, _ in curves for model in setup.models]
            self.curves.show_curves([curve for _, curve in curves], models)
            self._say_key(len(comparison.experiments) - len(curves))
        elif view == "differences":
            self.differences.show_comparison(comparison, figure)
        else:
            if comparison.experiments != self._ranked:
                self._ranked = comparison.experiments
                self.ranks.show_ranks(method_ranks(comparison.experiments))
        self.key.setVisible(view == "curves")

    def _say_key(self, n_more: int) -> None:
        """Which line is whose, and what the bands are."""
        words = [
            f"{run_mark(self._theme, i)} {in_html(setup.name)}"
            for i, (setup, _) in enumerate(self._curves)
        ]
        if n_more:
            text = tr("{} more are in the table: choose a row to draw it")
            words.append(in_html(text.format(n_more)))
        if any(len(setup.models) > 1 for setup, _ in self._curves):
            words.append(in_html(tr("band: {}").format(spread_title(self._spread))))
        self.key.setText("&nbsp;&nbsp; ".join(words))

    def _numbers(self) -> Table:
        rows: list[list[object]] = []
        for setup, curve in self._curves:
            columns = zip(curve.steps, curve.mean, curve.low, curve.high, strict=True)
            rows.extend([setup.name, int(step), *map(float, rest)] for step, *rest in columns)
        spread = self._spread.value
        return ["setup", "step", "mean", f"low: {spread}", f"high: {spread}"], rows

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours, from the next drawing on."""
        self._theme = theme
        for part in (self.curves, self.differences, self.ranks):
            part.set_theme(theme)
