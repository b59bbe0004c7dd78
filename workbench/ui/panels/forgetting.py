"""Forgetting: what each stage did to every task, and the figures that sum it up."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QStackedLayout, QWidget

from workbench.ui.decimation import Values
from workbench.ui.heatmap import Cells, Heatmap
from workbench.ui.plots import Plot, Table
from workbench.ui.run_model import RunModel
from workbench.ui.tab import Tab
from workbench.ui.theme import Theme
from workbench.ui.widgets import EmptyState, column, label, plot_pen, row


def _tr(text: str) -> str:
    return QCoreApplication.translate("Forgetting", text)


class FigureCard(QFrame):
    """One measure: its short name, its value, what it means on hover."""

    def __init__(self, name: str, title: str, meaning: str) -> None:
        super().__init__()
        self.setObjectName("figureCard")
        self.setToolTip(meaning)
        self.setAccessibleName(title)
        layout = column(self, (14, 8, 14, 8), 0)
        self._value = label("–", "figure")
        self._note = label("", "hint")
        top = row(label(name, "overline"), 1, self._note)
        layout.addLayout(top)
        layout.addWidget(self._value)
        layout.addWidget(label(title, "hint"))

    def set_value(self, values: list[float]) -> None:
        """Show the mean of what finished runs gave, with its spread."""
        text = f"{np.mean(values):.3f}".replace("-", "−") if values else "–"
        self._value.setText(text)
        spread = f"± {np.std(values, ddof=1):.3f}" if len(values) > 1 else ""
        self._note.setText(spread)
        self.setAccessibleDescription(f"{text} {spread}".strip())


class ForgettingPanel(Tab):
    """Figures above; the matrix and the scores across stages below."""

    name = "forgetting"
    order = 20

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._models: list[RunModel] = []
        self._seen: object = None
        self._lines: list[pg.PlotDataItem] = []
        self._colours: tuple[int, ...] = ()
        self.cards = {
            "acc": FigureCard(
                "ACC",
                _tr("final score"),
                _tr(
                    "Mean test score over all tasks after the last stage.\n"
                    "A share of the score; higher is better."
                ),
            ),
            "forgetting": FigureCard(
                _tr("FORGETTING"),
                _tr("lost since its best"),
                _tr(
                    "Mean over earlier tasks of their best score before the end minus their\n"
                    "score at the end. Lower is better; it may be below 0. (Chaudhry 2018)"
                ),
            ),
            "bwt": FigureCard(
                "BWT",
                _tr("backward transfer"),
                _tr(
                    "Mean change of earlier tasks since they were learned; below 0 is\n"
                    "forgetting. Higher is better. (Lopez-Paz & Ranzato 2017)"
                ),
            ),
            "fwt": FigureCard(
                "FWT",
                _tr("forward transfer"),
                _tr(
                    "How much better later tasks stand just before they are learned than\n"
                    "an untrained model. Higher is better. (Lopez-Paz & Ranzato 2017)"
                ),
            ),
        }
        self.heatmap = Heatmap(_tr("Score after each stage"), theme)
        self.lines = Plot(
            _tr("Score across stages"), _tr("score (test)"), theme, _tr("after stage")
        )
        self.lines.table = self._table
        self.lines.area.setMouseEnabled(x=False, y=False)
        self._build()

    def _build(self) -> None:
        self._empty = EmptyState(
            _tr("No stage has ended yet"),
            _tr(
                "Run a sequential curriculum. After each stage every task is tested again, "
                "and what was forgotten shows here."
            ),
        )
        content = QWidget()
        layout = column(content, (12, 12, 12, 10), 12)
        cards = QHBoxLayout()
        cards.setSpacing(10)
        for card in self.cards.values():
            cards.addWidget(card, 1)
        layout.addLayout(cards)
        self._note = label("", "muted", wraps=True)
        layout.addWidget(self._note)
        left, right = QWidget(), QWidget()
        for side, margins, title, view in (
            (left, (0, 0, 6, 0), _tr("Test score after each stage"), self.heatmap),
            (right, (6, 0, 0, 0), _tr("Each task across stages"), self.lines),
        ):
            inner = column(side, margins, 6)
            inner.addWidget(label(title, "section"))
            inner.addWidget(view, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setSizes([110, 100])
        layout.addWidget(splitter, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(content)

    @classmethod
    def title(cls) -> str:
        """What its tab says."""
        return _tr("&Forgetting")

    def set_models(self, current: RunModel, finished: Sequence[RunModel]) -> None:
        """Show the mean of the finished runs, or the current one while there is none."""
        self._models = [model for model in finished if len(model.matrix)] or [current]
        self.refresh()

    def refresh(self) -> None:
        """Draw what is new, where the panel can be seen."""
        if not self.isVisible():
            return
        seen = [(id(model), model.matrix_version) for model in self._models]
        if seen == self._seen:
            return
        self._seen = seen
        shown = [model for model in self._models if len(model.matrix)]
        if not shown or shown[0].began is None:
            self._stack.setCurrentIndex(0)
            return
        self._stack.setCurrentIndex(1)
        means, spreads = self._mean(shown)
        self._show_matrix(shown[0], means, spreads)
        self._show_lines(shown[0], means)
        self._show_figures(shown)

    def redraw(self) -> None:
        """Draw everything again."""
        self._seen = None
        self.refresh()

    def showEvent(self, event: object) -> None:
        """What happened unseen is drawn now."""
        self.redraw()

    def _mean(self, models: list[RunModel]) -> tuple[Values, Values]:
        n_stages = max(len(model.matrix) for model in models)
        whole = [model.matrix for model in models if len(model.matrix) == n_stages]
        stacked = np.stack(whole)
        if len(whole) == 1:
            return stacked[0], np.full_like(stacked[0], np.nan)
        return stacked.mean(axis=0), stacked.std(axis=0, ddof=1)

    def _show_matrix(self, model: RunModel, means: Values, spreads: Values) -> None:
        began = model.began
        if began is None:
            return
        names = tuple(task.name for task in began.tasks)
        missing = np.full((len(began.stages) - len(means), len(names)), np.nan)
        learned = tuple(
            tuple(j for j, name in enumerate(names) if name in stage.tasks)
            for stage in began.stages
        )
        rows = tuple(stage.name for stage in began.stages)
        if len(rows) == 1:
            learned = ((),)
        self.heatmap.set_cells(
            Cells(
                rows,
                names,
                learned,
                np.concatenate([means, missing]),
                np.concatenate([spreads, missing]),
                tuple(task.higher_is_better for task in began.tasks),
                model.colours,
            )
        )

    def _show_lines(self, model: RunModel, means: Values) -> None:
        began = model.began
        if began is None:
            return
        n_tasks = len(began.tasks)
        if len(self._lines) != n_tasks:
            for line in self._lines:
                self.lines.removeItem(line)
            self._lines = [self.lines.plot(symbol="o", symbolSize=6) for _ in range(n_tasks)]
            self._colours = ()
        if self._colours != model.colours:
            self._colours = model.colours
            self._style()
        with_start = np.concatenate([model.baseline[None], means])
        x = np.arange(len(with_start), dtype=np.float64)
        for j, line in enumerate(self._lines):
            line.setData(x, with_start[:, j], connect="finite")
        names = [_tr("start"), *(stage.name for stage in began.stages)]
        self.lines.area.getAxis("bottom").setTicks([list(enumerate(names))])
        self.lines.area.setXRange(0, len(names) - 1, padding=0.1)
        is_share = all(facts.metric == "accuracy" for facts in began.tasks)
        self.lines.fit_y(with_start, (0.0, 1.0) if is_share else None)
        self.lines.set_summary(self.heatmap.accessibleDescription())

    def _show_figures(self, models: list[RunModel]) -> None:
        found = [model.summary for model in models]
        for key, card in self.cards.items():
            values = [summary.get(key) for summary in found]
            card.set_value([value for value in values if value is not None])
        n, began = len(models), models[0].began
        words: list[str] = []
        if n > 1:
            words.append(_tr("Mean ± standard deviation over {} seeds.").format(n))
        if began is not None and len(began.stages) == 1:
            words.append(
                _tr("One stage: nothing could be forgotten. Choose the sequential curriculum.")
            )
        self._note.setText(" ".join(words))
        self._note.setVisible(bool(words))

    def _style(self) -> None:
        for line, number in zip(self._lines, self._colours, strict=True):
            colour = self._theme.task_colour(number)
            line.setPen(plot_pen(colour, number, 1.5, self))
            line.opts["antialias"] = True
            line.setSymbolBrush(colour)
            line.setSymbolPen(None)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        self._theme = theme
        self.heatmap.set_theme(theme)
        self.lines.set_theme(theme)
        self._style()

    def _table(self) -> Table:
        return self.heatmap.table
