"""Inside: what the methods of a run hold, weigh and hide, as tables at any recorded step."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QSizePolicy,
    QSlider,
    QSplitter,
    QStackedLayout,
    QWidget,
)

from workbench.spec.experiment import Spec
from workbench.spec.text import visible
from workbench.ui.look.theme import Theme
from workbench.ui.model.run_model import RunModel
from workbench.ui.plots.exports import Table as Numbers
from workbench.ui.plots.line_plot import Plot
from workbench.ui.tab import Tab
from workbench.ui.tabs.inside.image_grid import ImageGrid
from workbench.ui.tabs.inside.report_choice import HELD, STREAM, shown_tables, swatches_of
from workbench.ui.tabs.inside.report_table_layout import TOTAL, values_over_time, written
from workbench.ui.tabs.inside.report_table_view import Swatch, TableDrawing
from workbench.ui.widgets.basics import (
    EmptyState,
    WheelGuard,
    column,
    guard_wheel,
    label,
    plot_pen,
    row,
    scrolling,
)
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_axis_title, set_hint
from workbench.ui.words.report_names import column_titles, source_title, table_meaning, table_title

#: Pixels that pictures beside a table want, and the share of the height that a plot leaves them;
#: of a stream it is the curve that is looked at.
_WALL, _MOST_ABOVE, _MOST_ABOVE_STREAM = 240, 0.63, 0.42

#: More rows than this are not drawn as lines over time.
_MANY_LINES = 16

tr = translator("Inside")


class InsidePanel(Tab):
    """One table, drawn as it is best read; below, a column of it over time, and a step slider."""

    name = "inside"
    order = 45

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._model = RunModel()
        self._seen: object = None
        self._column = ""
        self._lines: list[pg.PlotCurveItem] = []
        self._rows: tuple[str, ...] = ()
        self._is_newest = True
        self._is_chosen = False
        self._is_divided = False
        self.choice = QComboBox()
        self.choice.setObjectName("inside.table")
        self.choice.setAccessibleName(tr("The table that is shown"))
        self.choice.setMinimumWidth(220)
        guard_wheel(WheelGuard(self), self.choice)
        self.drawing = TableDrawing(tr("Inside a method"), theme)
        self.pictures = ImageGrid(tr("Examples in the memory"), theme)
        self.over_time = Plot(tr("Over time"), "", theme, tr("step"))
        self.over_time.setMinimumHeight(84)
        self.over_time.table = self._numbers
        self._now = pg.InfiniteLine(angle=90, movable=False)
        self.over_time.area.addItem(self._now, ignoreBounds=True)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("inside.step")
        self.slider.setAccessibleName(tr("The step that is looked at"))
        set_hint(self.slider, tr("Go back in time: show the table at an earlier step"))
        self._build()
        self.choice.activated.connect(self._chosen)
        self.drawing.picked.connect(self._pick)
        self.slider.valueChanged.connect(self._slid)

    def _build(self) -> None:
        self._empty = EmptyState(
            tr("Nothing to look into yet"),
            tr(
                "Methods with a memory, importances or masks show them here at every probe and at "
                "the end of each stage."
            ),
        )
        content = QWidget()
        layout = column(content, (12, 10, 12, 8), 8)
        self._meaning = label("", "hint", wraps=True)
        self._at = label("", "hint")
        layout.addLayout(row(self.choice, 1, self._at))
        layout.addWidget(self._meaning)
        self._wall = QWidget()
        wall = column(self._wall, (8, 0, 0, 0), 4)
        wall.addWidget(label(tr("Some of what it holds"), "section"))
        wall.addWidget(scrolling(self.pictures), 1)
        across = QSplitter()
        across.setChildrenCollapsible(False)
        across.addWidget(scrolling(self.drawing))
        across.addWidget(self._wall)
        across.setSizes([150, 100])
        self._down = QSplitter(Qt.Orientation.Vertical)
        self._down.setChildrenCollapsible(False)
        self._down.addWidget(across)
        self._down.addWidget(self.over_time)
        self._down.splitterMoved.connect(self._divide_as_asked)
        layout.addWidget(self._down, 1)
        self._line = QWidget()
        line = row(self.slider)
        line.setContentsMargins(53, 0, 0, 0)
        self._line.setLayout(line)
        self._line.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        layout.addWidget(self._line)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(content)

    @classmethod
    def title(cls) -> str:
        """What its tab says."""
        return tr("I&nside")

    def applies(self, spec: Spec, model: RunModel) -> bool:
        """Whether a method told of its inside."""
        del spec
        return bool(shown_tables(model))

    def set_models(self, current: RunModel, models: Sequence[RunModel]) -> None:
        """Show another run: the newest one of a launch."""
        del models
        if current is not self._model:
            self._model = current
            self._is_newest = True
            self.redraw()

    def refresh(self) -> None:
        """Draw what is new, where the panel can be seen."""
        seen = (id(self._model), self._model.reports_version, self._model.marks_version)
        if not self.isVisible() or seen == self._seen:
            return
        self._seen = seen
        tables = shown_tables(self._model)
        self._stack.setCurrentIndex(1 if tables else 0)
        if tables:
            self._offer(tables)
            self._draw()

    def redraw(self) -> None:
        """Draw everything again."""
        self._seen = None
        self.refresh()

    def showEvent(self, event: object) -> None:
        """What happened unseen is drawn now."""
        self.redraw()

    def _offer(self, tables: list[tuple[str, str]]) -> None:
        known = [self.choice.itemData(i) for i in range(self.choice.count())]
        if known == tables:
            return
        chosen = self.choice.currentData()
        self.choice.clear()
        for source, name in tables:
            table = self._model.reports.at(source, name)
            title = table_title(table) if table is not None else name
            self.choice.addItem(visible(f"{source_title(source)} · {title}"), (source, name))
        if chosen in tables and self._is_chosen:
            self.choice.setCurrentIndex(tables.index(chosen))

    @property
    def chosen(self) -> tuple[str, str]:
        """Source and name of the table that is shown."""
        source, name = self.choice.currentData()
        return source, name

    def _chosen(self) -> None:
        self._is_chosen = True
        self._column = ""
        self._is_newest = True
        self.redraw()

    def _pick(self, name: str) -> None:
        self._column = name
        self._draw()

    def _slid(self, place: int) -> None:
        self._is_newest = place == self.slider.maximum()
        self._draw()

    def _draw(self) -> None:
        source, name = self.chosen
        tables = self._model.reports.all(source, name)
        self._set_slider(len(tables))
        step, table = tables[self.slider.value()]
        if self._column not in table.columns:
            self._column = table.columns[0]
        self._rows = tuple(row_name for row_name in tables[-1][1].rows if row_name != TOTAL)
        is_timed = len(tables) > 1 and len(self._rows) <= _MANY_LINES
        swatches = self._swatches() if is_timed else {}
        self.drawing.set_table(table, self._column, swatches, column_titles())
        self._meaning.setText(visible(table_meaning(table)))
        self._meaning.setVisible(bool(self._meaning.text()))
        self._at.setText(" · ".join([*self._held(step), tr("at step {}").format(f"{step:,}")]))
        blocks = self._model.reports.pictures(source, step) if name == "memory" else ()
        self._wall.setVisible(bool(blocks))
        self.pictures.set_blocks(blocks)
        self.over_time.setVisible(is_timed)
        self._divide(_WALL if blocks else 0)
        self._line.setVisible(len(tables) > 1)
        if is_timed:
            self._draw_lines(step)

    def _divide(self, least: int) -> None:
        """Give the table the height that it wants, up to a share, and the plot the rest."""
        if not self._is_divided:
            whole = self._down.height()
            share = _MOST_ABOVE_STREAM if self.chosen[0] == STREAM else _MOST_ABOVE
            above = min(max(self.drawing.wanted_height, least), int(share * whole))
            self._down.setSizes([above, whole - above])

    def _divide_as_asked(self) -> None:
        self._is_divided = True

    def _held(self, step: int) -> list[str]:
        """How full the memory is, where it is that which is looked at."""
        table = self._model.reports.at("retention", HELD, step)
        if table is None or self.chosen != ("retention", "memory"):
            return []
        (n, size), (most, _) = table.values.tolist()
        return [
            tr("{} of {} examples").format(f"{n:,.0f}", f"{most:,.0f}"),
            written(size, "bytes"),
        ]

    def _set_slider(self, n: int) -> None:
        self.slider.blockSignals(True)
        self.slider.setRange(0, n - 1)
        if self._is_newest:
            self.slider.setValue(n - 1)
        self.slider.blockSignals(False)

    def _swatches(self) -> dict[str, Swatch]:
        return swatches_of(self._model, self._rows, self._theme)

    def _draw_lines(self, step: int) -> None:
        source, name = self.chosen
        steps, values = values_over_time(
            self._model.reports.all(source, name), self._rows, self._column
        )
        while len(self._lines) > len(self._rows):
            self.over_time.removeItem(self._lines.pop())
        while len(self._lines) < len(self._rows):
            self._lines.append(pg.PlotCurveItem())
            self.over_time.addItem(self._lines[-1])
        swatches = self._swatches()
        for k, line in enumerate(self._lines):
            line.setPen(plot_pen(*swatches[self._rows[k]], 1.5, self))
            line.setData(steps, values[:, k], connect="finite")
        plot = self.over_time
        set_axis_title(plot.area.getAxis("left"), column_titles().get(self._column, self._column))
        plot.set_theme(self._theme)
        drifts = [float(drift.step) for drift in self._model.drifts] if source == "stream" else []
        plot.set_bands(self._model.bands, self._model.change_steps, drifts=drifts)
        plot.area.setXRange(0, max(self._model.total_steps, 1), padding=0.01)
        plot.fit_y(values, (0.0, 0.0))
        self._now.setPos(step)
        self._now.setPen(pg.mkPen(self._theme.accent, width=1))
        plot.set_summary(self.drawing.accessibleDescription())

    def _numbers(self) -> Numbers:
        if self.choice.currentData() is None:
            return ["step"], []
        source, name = self.chosen
        tables = self._model.reports.all(source, name)
        steps, values = values_over_time(tables, self._rows, self._column)
        rows = [[int(s), *row_values] for s, row_values in zip(steps, values.tolist(), strict=True)]
        return ["step", *self._rows], rows

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        super().set_theme(theme)
        for part in (self.drawing, self.pictures, self.over_time):
            part.set_theme(theme)
        self.redraw()
