"""Inside: what the methods of a run hold, weigh and hide, as tables at any recorded step."""

from collections.abc import Sequence

import numpy as np
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
from workbench.ui.tab import Tab
from workbench.ui.tabs.inside.column_plot import ColumnPlot
from workbench.ui.tabs.inside.image_grid import ImageGrid
from workbench.ui.tabs.inside.report_choice import HELD, STREAM, shown_tables, swatches_of
from workbench.ui.tabs.inside.report_table_layout import TOTAL, written
from workbench.ui.tabs.inside.report_table_view import TableDrawing
from workbench.ui.tabs.inside.seed_tables import SeedTables, SeenTable
from workbench.ui.widgets.basics import (
    EmptyState,
    WheelGuard,
    column,
    guard_wheel,
    label,
    row,
    scrolling,
)
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint
from workbench.ui.words.report_names import column_titles, source_title, table_meaning, table_title
from workbench.ui.words.spread_words import part_words

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
        self._models: list[RunModel] = []
        self._seen: object = None
        self._column = ""
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
        self.over_time = ColumnPlot(theme)
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
        self._wall_title = label("", "section")
        wall.addWidget(self._wall_title)
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
        """Show other runs: the mean of what they told, `current` where there is none."""
        shown = [current, *(model for model in models if model is not current)]
        if shown != self._models:
            self._is_newest = self._is_newest or current is not self._model
            self._model, self._models = current, shown
            self.redraw()

    def refresh(self) -> None:
        """Draw what is new, where the panel can be seen."""
        seen = [(id(each), each.reports_version, each.marks_version) for each in self._models]
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
        tables = SeedTables(self._models, source, name, self.spread)
        self._set_slider(len(tables))
        seen = tables.newest() if self._is_newest else tables.at(self.slider.value())
        table, step = seen.table, seen.step
        if self._column not in table.columns:
            self._column = table.columns[0]
        rows = tuple(row_name for row_name in tables.rows if row_name != TOTAL)
        is_timed = len(tables) > 1 and len(rows) <= _MANY_LINES
        swatches = swatches_of(self._model, rows, self._theme) if is_timed else {}
        self.drawing.set_table(table, self._column, swatches, column_titles(), seen.spreads)
        self._meaning.setText(visible(table_meaning(table)))
        self._meaning.setVisible(bool(self._meaning.text()))
        self._at.setText(" · ".join([*self._held(step), *self._in_words(seen)]))
        blocks = self._model.reports.pictures(source, step) if name == "memory" else ()
        alone = tr("seed {}").format(self._model.seed) if len(self._models) > 1 else ""
        self._wall_title.setText(" · ".join(filter(None, (tr("Some of what it holds"), alone))))
        self._wall.setVisible(bool(blocks))
        self.pictures.set_blocks(blocks)
        self.over_time.setVisible(is_timed)
        self._divide(_WALL if blocks else 0)
        self._line.setVisible(len(tables) > 1)
        if is_timed:
            self.over_time.show_column(tables, rows, self._column, swatches, step)
            self._draw_marks(source)

    def _in_words(self, seen: SeenTable) -> list[str]:
        """Of how many seeds the numbers are, and of which step."""
        told = [
            model for model in self._models if self.chosen[1] in model.reports.names(self.chosen[0])
        ]
        words = [part_words(seen.n_seeds, len(told), self.spread)]
        first, last = (f"{step:,}" for step in seen.steps)
        at = tr("at step {}").format(last)
        words.append(at if first == last else tr("steps {} to {}").format(first, last))
        return [text for text in words if text]

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
        told = [model.reports.at("retention", HELD, step) for model in self._models]
        held = [table.values for table in told if table is not None]
        if not held or self.chosen != ("retention", "memory"):
            return []
        (n, size), (most, _) = np.stack(held).astype(np.float64).mean(axis=0).tolist()
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

    def _draw_marks(self, source: str) -> None:
        plot, model = self.over_time, self._model
        drifts = [float(drift.step) for drift in model.drifts] if source == "stream" else []
        plot.set_bands(model.bands, model.change_steps, drifts=drifts)
        plot.area.setXRange(0, max(model.total_steps, 1), padding=0.01)
        plot.set_summary(self.drawing.accessibleDescription())

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        super().set_theme(theme)
        for part in (self.drawing, self.pictures, self.over_time):
            part.set_theme(theme)
        self.redraw()
