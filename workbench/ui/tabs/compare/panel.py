"""Compare: experiments held against each other: the answer, then a picture, then the table."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QSizePolicy, QSplitter, QStackedLayout, QWidget

from workbench.spec.experiment import Spec
from workbench.spec.run_row import RunRow
from workbench.study.comparison.experiments import Comparison
from workbench.study.comparison.sentences import answer, notes
from workbench.study.interval import load_distributions
from workbench.ui.look.run_colours import MOST_RUNS
from workbench.ui.look.theme import Theme
from workbench.ui.model.run_model import RunModel
from workbench.ui.model.task_colours import orders_of
from workbench.ui.services.history_backend import RunRecord
from workbench.ui.services.tab_context import TabContext
from workbench.ui.services.worker import Calls
from workbench.ui.tab import Tab
from workbench.ui.tabs.compare.answer_view import AnswerView
from workbench.ui.tabs.compare.curve_plot import line_icon
from workbench.ui.tabs.compare.experiment_model import Shown
from workbench.ui.tabs.compare.experiment_table import ExperimentTable
from workbench.ui.tabs.compare.more_seeds import MoreSeeds
from workbench.ui.tabs.compare.pictures import Pictures
from workbench.ui.tabs.compare.recorded import light_model
from workbench.ui.tabs.compare.setups import Setup, SetupCache
from workbench.ui.tabs.compare.words import figure_title, say
from workbench.ui.widgets.basics import (
    EmptyState,
    FlowLayout,
    WheelGuard,
    column,
    guard_wheel,
    label,
    row,
    scrolling,
)
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import offer, set_hint

tr = translator("Compare")

#: What came meanwhile is drawn so much later, together.
_SOON_MS = 200
#: Of picture and table together: in a lower window the tab is scrolled.
_LEAST_HEIGHT = 258


class ComparePanel(Tab):
    """The runs chosen in Runs, and those that go on; several seeds of a setup are one."""

    name = "compare"
    order = 34

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._read: dict[str, RunModel] = {}
        self._awaited: set[str] = set()
        self._is_loaded = False
        self._cache = SetupCache()
        self._setups: list[Setup] = []
        self._comparison: Comparison | None = None
        self._live: list[RunModel] = []
        self._seen: object = None
        #: What the user chose: the key of a setup, and the title of a figure.
        self._base_key = self._figure_title = ""
        #: The key of the setup of the run that is pinned.
        self._pinned = ""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON_MS)
        self._soon.timeout.connect(self.redraw)
        self.figure = self._combo("figure", tr("What is compared"))
        self.base = self._combo("base", tr("The experiment that the others are compared with"))
        self.answer = AnswerView()
        self.more = MoreSeeds()
        self.pictures = Pictures(theme)
        self.table = ExperimentTable(theme)
        self._build()
        self.figure.activated.connect(self._choose_figure)
        self.base.activated.connect(self._choose_base)
        self.table.base_wanted.connect(self._choose_base)
        self.table.selection_changed.connect(self._draw)
        self.pictures.views.chosen.connect(self._draw)

    def _combo(self, name: str, title: str) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName(f"compare.{name}")
        combo.setAccessibleName(title)
        set_hint(combo, title)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(10)
        guard_wheel(WheelGuard(self), combo)
        return combo

    def _build(self) -> None:
        self._empty = EmptyState(
            tr("Nothing to compare yet"),
            tr(
                "Choose several runs in Runs with Ctrl or Shift, or right-click one and duplicate "
                "it with another method: both are drawn here."
            ),
        )
        content = QWidget()
        layout = column(content, (12, 10, 12, 8), 8)
        against = QWidget()
        against.setLayout(row(label(tr("Compared with"), "muted"), self.base))
        choices = FlowLayout(spacing=12)
        choices.addWidget(self.figure)
        choices.addWidget(against)
        choices.addWidget(self.more)
        layout.addLayout(choices)
        layout.addWidget(self.answer)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.pictures)
        splitter.addWidget(self.table)
        splitter.setSizes([150, 100])
        splitter.setMinimumHeight(_LEAST_HEIGHT)
        # What plots would like to have is no reason to scroll: they take what is left.
        splitter.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        layout.addWidget(splitter, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(scrolling(content))

    @classmethod
    def title(cls) -> str:
        """What its tab says."""
        return tr("Co&mpare")

    def join(self, context: TabContext) -> None:
        """Follow the session, and what is chosen among the runs."""
        self.more.join(context)
        super().join(context)
        self._calls = Calls(lambda message: context.presenter.notice("compare", message), self)
        context.run_history.chosen_changed.connect(self._choose)
        context.run_history.changed.connect(self._follow_pin)

    def applies(self, spec: Spec, model: RunModel) -> bool:
        """Whether runs were chosen."""
        del spec, model
        return bool(self.context.run_history.chosen)

    def set_models(self, current: RunModel, models: Sequence[RunModel]) -> None:
        """The launch that goes on is one more setup."""
        self._live = [*models, *([] if current in models else [current])]
        self.refresh()

    def _choose(self) -> None:
        """Read the runs that are not known yet; each is drawn when it is there."""
        chosen = self.context.run_history.chosen
        wanted = {row.run_id for row in chosen}
        self._read = {key: model for key, model in self._read.items() if key in wanted}
        self._cache.keep([*self._read.values(), *self._live])
        if not self._is_loaded:
            self._calls.make(load_distributions, self._begin)
        self._base_key = self._pinned = next((row.fingerprint for row in chosen if row.pinned), "")
        self._awaited = wanted - self._read.keys()
        for run_row in chosen:
            if run_row.run_id in self._awaited:
                self.context.run_history.read(run_row, self._take, self._miss)
        self.redraw()

    def _follow_pin(self) -> None:
        """Another run was pinned: what is compared is held against it, if it is among that."""
        chosen = {row.run_id for row in self.context.run_history.chosen}
        rows = (row for row in self.context.run_history.rows if row.pinned)
        pinned = next((row.fingerprint for row in rows if row.run_id in chosen), "")
        if pinned != self._pinned:
            self._base_key = self._pinned = pinned
            self.redraw()

    def _begin(self, _: object) -> None:
        """What is needed to compare was imported."""
        self._is_loaded = True
        self.redraw()

    def _take(self, chosen: RunRow, recorded: RunRecord) -> None:
        if chosen.run_id in self._awaited:
            orders = orders_of(self.context.presenter.catalogue)
            model = light_model(recorded, orders)
            self._cache.name(model, chosen.fingerprint)
            self._read[chosen.run_id] = model
            self._miss(chosen)

    def _miss(self, chosen: RunRow) -> None:
        """One less is awaited."""
        self._awaited.discard(chosen.run_id)
        if not self._soon.isActive():
            self._soon.start()

    def refresh(self) -> None:
        """Draw what is new, where the panel can be seen."""
        if not (self.isVisible() and self.has_joined and self._is_loaded):
            return
        # Those that were chosen stay as they are; only what goes on is looked at each time.
        seen = [(id(m), m.scores_version, m.matrix_version, m.ending) for m in self._live]
        if seen == self._seen:
            return
        self._seen = seen
        read = [self._read.get(row.run_id) for row in self.context.run_history.chosen]
        chosen = [model for model in read if model is not None]
        self._setups = self._cache.setups([*chosen, *self._live] if chosen else [])
        self._stack.setCurrentIndex(1 if self._setups else 0)
        self.more.offer(self._setups)
        if self._setups:
            catalogue = self.context.presenter.catalogue
            experiments = [self._cache.experiment(setup, catalogue) for setup in self._setups]
            self._comparison = Comparison(experiments, self._base(), self._comparison)
            self._offer()
            self._draw()

    def redraw(self, *_: object) -> None:
        """Draw everything again."""
        self._seen = None
        self.refresh()

    def showEvent(self, event: object) -> None:
        """What happened unseen is drawn now."""
        self.redraw()

    @property
    def setups(self) -> list[Setup]:
        """What is compared."""
        return list(self._setups)

    @property
    def n_compared(self) -> int:
        """How many runs are compared."""
        return sum(len(setup.models) for setup in self._setups)

    def _choose_base(self, place: int) -> None:
        if 0 <= place < len(self._setups):
            self._base_key = self._setups[place].key
            self.redraw()

    def _choose_figure(self) -> None:
        self._figure_title = self.figure.currentData()
        self._draw()

    def _base(self) -> int:
        keys = [setup.key for setup in self._setups]
        return keys.index(self._base_key) if self._base_key in keys else 0

    def _offer(self) -> None:
        assert self._comparison is not None
        titles = [figure_title(figure) for figure in self._comparison.figures]
        if offer(self.figure, titles):
            self.figure.setCurrentIndex(max(self.figure.findData(self._figure_title), 0))
        offer(self.base, [setup.name for setup in self._setups])
        self.base.setCurrentIndex(self._comparison.base)

    @property
    def drawn(self) -> list[int]:
        """The setups whose curves are drawn: the baseline, those chosen in the table, the first."""
        everyone = range(len(self._setups))
        wanted = dict.fromkeys((self._base(), *self.table.chosen, *everyone))
        return sorted([i for i in wanted if i in everyone][:MOST_RUNS])

    def _draw(self, *_: object) -> None:
        comparison = self._comparison
        if comparison is None or not comparison.figures:
            return
        figure = comparison.figures[max(self.figure.currentIndex(), 0)]
        said = answer(comparison, figure, say)
        self.answer.set_answer(said[0], said[1:], notes(comparison, figure, say))
        drawn = self.drawn
        setups = [self._setups[i] for i in drawn]
        task = figure.task or None
        self.pictures.draw(
            comparison,
            figure,
            [(setup, self._cache.curve(setup, task, self.spread)) for setup in setups],
            self.spread,
        )
        icons = [
            line_icon(self._theme, drawn.index(i), self.devicePixelRatioF()) if i in drawn else None
            for i in range(len(self._setups))
        ]
        self.table.show_experiments(Shown(comparison, figure, self.spread, tuple(icons)))

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        super().set_theme(theme)
        self.pictures.set_theme(theme)
        self.table.set_theme(theme)
        self.redraw()
