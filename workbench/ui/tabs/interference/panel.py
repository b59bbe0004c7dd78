"""Interference: how the tasks' gradients stand to each other, and how that changes."""

from collections.abc import Sequence

from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QSplitter,
    QStackedLayout,
    QWidget,
)

from workbench.ui.look.theme import Theme
from workbench.ui.model.run_model import RunModel
from workbench.ui.services.tab_context import TabContext
from workbench.ui.tab import Tab
from workbench.ui.tabs.interference.pair_cells import affinity_cells, cosine_cells
from workbench.ui.tabs.interference.pair_figures import PairFigures, pair_of
from workbench.ui.tabs.interference.pair_heatmap import PairHeatmap
from workbench.ui.tabs.interference.probe_advice import Advice, AdvicePage, advice
from workbench.ui.tabs.interference.probe_plots import ProbePlots
from workbench.ui.tabs.interference.seed_probes import NEWEST, SeedProbes
from workbench.ui.tabs.interference.transfer_view import TransferView
from workbench.ui.tabs.interference.view_choices import AFFINITY, AT, MEAN, ViewChoices
from workbench.ui.widgets.basics import ElidedLabel, column, row
from workbench.ui.widgets.segmented_control import SegmentedControl
from workbench.ui.words.language import translator
from workbench.ui.words.mnemonics import plain
from workbench.ui.words.plain_text import set_hint
from workbench.ui.words.spread_words import part_words

GRADIENTS, TRANSFER = "gradients", "transfer"

tr = translator("Interference")


class InterferencePanel(Tab):
    """The matrix and the chosen pair's figures on the left, time on the right."""

    name = "interference"
    order = 30
    is_by_task = True

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._model = RunModel()
        self._models: list[RunModel] = []
        self._probes = SeedProbes()
        self._began: object = None
        self._seen: object = None
        self._probed: object = None
        self._picked: tuple[int, int] | None = None
        self._at = 0
        self.heatmap = PairHeatmap(tr("How each two tasks interfere"), theme)
        self.figures = PairFigures(theme)
        self.plots = ProbePlots(theme)
        self._page, self._side = AdvicePage(), AdvicePage()
        self.choices = ViewChoices()
        self.choices.changed.connect(self.redraw)
        self.measure, self.when = self.choices.measure, self.choices.when
        self.layer = self.choices.layer
        self.transfer = TransferView(theme)
        self.caption = ElidedLabel("")
        self.caption.setObjectName("hint")
        self._is_bare = True
        self.views = SegmentedControl(
            plain(self.title()),
            ((GRADIENTS, tr("Gradients"), ""), (TRANSFER, tr("Transfer"), "")),
        )
        self.views.chosen.connect(self._show_page)
        self.measure_transfer = QPushButton(tr("Measure transfer"))
        self.measure_transfer.setObjectName("interference.transfer")
        set_hint(
            self.measure_transfer,
            tr("Run each task alone and each two together, with the same seeds, and compare.")
            + "\n"
            + tr("Runs that are there are used again."),
        )
        self.measure_transfer.clicked.connect(self._measure)
        self._build()
        self._page.go_wanted.connect(self.go_wanted)
        self._side.go_wanted.connect(self.go_wanted)
        self.heatmap.picked.connect(self._pick)
        self.plots.scrubbed.connect(self._scrub)
        self._show_advice(advice(self._model))

    def _build(self) -> None:
        matrix, right, content = QWidget(), QWidget(), QWidget()
        inner = column(matrix, (0, 0, 6, 0), 8)
        inner.addWidget(self.choices)
        inner.addWidget(self.heatmap, 1000)
        inner.addWidget(self.figures)
        inner.addStretch(1)
        left = QWidget()
        self._sides = QStackedLayout(left)
        self._sides.addWidget(matrix)
        self._sides.addWidget(self._side)
        column(right, (6, 0, 0, 0), 0).addWidget(self.plots)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(right)
        for at, (side, share) in enumerate(((left, 10), (right, 11))):
            side.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
            side.setMinimumWidth(220)
            splitter.setStretchFactor(at, share)
        splitter.setSizes([1000, 1060])
        column(content, (0, 0, 0, 0), 0).addWidget(splitter, 1)
        pages = QWidget()
        self._stack = QStackedLayout(pages)
        for page in (self._page, content, self.transfer):
            self._stack.addWidget(page)
        whole = column(self, (12, 8, 12, 8), 8)
        whole.addLayout(row(self.views, self.caption, 1, self.measure_transfer, spacing=6))
        whole.addWidget(pages, 1)

    def _show_advice(self, advised: Advice | None) -> None:
        """Say what to do, in place of the matrix; the weights stay where they mean something."""
        if advised is not None:
            self._page.set_advice(advised)
            self._side.set_advice(advised)
        self._is_bare = advised is not None and not advised.has_weights
        self._show_page()
        self._sides.setCurrentIndex(0 if advised is None else 1)

    def _show_page(self, *_: object) -> None:
        is_transfer = self.views.current == TRANSFER
        self._stack.setCurrentIndex(2 if is_transfer else 0 if self._is_bare else 1)
        self.caption.setVisible(not is_transfer and len(self._models) > 1)

    def join(self, context: TabContext) -> None:
        """Follow the session from now on."""
        super().join(context)
        self.transfer.join(context)
        context.presenter.listeners.append(self._hear)
        self._hear("state")

    def _hear(self, topic: str) -> None:
        if topic in ("state", "catalogue", "problems"):
            presenter = self.context.presenter
            can_start = bool(presenter.catalogue) and not presenter.problems
            self.measure_transfer.setEnabled(can_start and not presenter.is_live)

    def _measure(self) -> None:
        self.views.choose(TRANSFER)
        self.transfer.measure()

    # what is looked at

    @classmethod
    def title(cls) -> str:
        """What its tab says."""
        return tr("&Interference")

    def set_models(self, current: RunModel, models: Sequence[RunModel] = ()) -> None:
        """Show other runs: the mean of the seeds as far as each has come."""
        shown = [model for model in models if model.began is not None] or [current]
        if shown == self._models and shown[0].began is self._began:
            return
        if shown[0] is not self._model:
            self._began = None
        self._models, self._model = shown, shown[0]
        self.redraw()

    def _adopt(self) -> None:
        """A run's tasks are known.

        The pair and the time that were chosen go with the run before, unless it had the same tasks.
        """
        began, old = self._model.began, self.heatmap.pairs.names
        if began is None or began is self._began:
            return
        self._began = began
        if old != tuple(facts.name for facts in began.tasks):
            self._picked = None
        self._at = 0
        if self.when.currentData() == AT:
            self.when.setCurrentIndex(0)
        self.layer.clear()
        self.plots.set_model(self._model, self._colours)

    @property
    def pair(self) -> tuple[int, int] | None:
        """The chosen pair; until one is chosen, the one that fights the most."""
        probes = self._probes
        return (self._picked or probes.worst_pair(self._layer)) if len(probes) else None

    @property
    def _colours(self) -> tuple[int, ...]:
        return self._model.colours

    @property
    def _layer(self) -> int:
        return max(self.layer.currentIndex(), 0)

    @property
    def _probe(self) -> int | None:
        """The probe that is looked at, or the newest of each seed; None for the mean of all."""
        kind = self.when.currentData()
        at = min(self._at, len(self._probes) - 1)
        return None if kind == MEAN else at if kind == AT else NEWEST

    def _pick(self, i: int, j: int) -> None:
        """Choose a pair; the one that is chosen is let go again."""
        self._picked = None if self._picked == (i, j) else (i, j)
        self.redraw()

    def _scrub(self, at: int) -> None:
        self._at = at
        self.when.setCurrentIndex(self.when.findData(AT))
        self._draw_matrix()
        self._draw_figures()
        self._show_view()
        self.plots.mark_soon()

    # drawing

    def refresh(self) -> None:
        """Draw what is new, where the panel can be seen."""
        if not self.isVisible():
            return
        probed = [(id(model), model.probes_version) for model in self._models]
        seen = [(model.steps_version, model.marks_version) for model in self._models]
        if (probed, seen) == (self._probed, self._seen):
            return
        has_probes = self._seen is None or probed != self._probed
        self._probed, self._seen = probed, seen
        self._adopt()
        models = [model for model in self._models if len(model.probes)]
        if has_probes:
            self._probes = SeedProbes(models, self.spread)
        new_advice = None if models else advice(self._model)
        self._show_advice(new_advice)
        if self._model.began is None:
            return
        self.plots.set_seeds(self._models, self._probes, self.spread)
        if new_advice is None and has_probes:
            self.choices.offer(self._probes)
            self._draw_matrix()
            self._draw_figures()
        self._show_view()
        self.plots.draw_soon()
        self.plots.describe()

    def redraw(self, *_: object) -> None:
        """Draw everything again."""
        self._seen = None
        self.refresh()

    def showEvent(self, event: object) -> None:
        """What happened unseen is drawn now."""
        self.redraw()

    def _draw_matrix(self) -> None:
        if self.measure.currentData() == AFFINITY:
            cells = affinity_cells(self._model, self._probes, self._probe, self.spread)
        else:
            view = self._layer, self._probe, self.spread
            cells = cosine_cells(self._model, self._probes, *view)
        self.heatmap.set_pairs(cells, self.pair)
        self.caption.setText(self._in_words())
        set_hint(self.caption, self.caption.text())
        self._show_page()

    def _in_words(self) -> str:
        """Of how many seeds the figures are, and what is told around them."""
        probes, at = self._probes, self._probe
        words = [part_words(probes.n_at(at), len(self._models), self.spread)]
        first, last = probes.newest_steps
        if at == NEWEST and first < last:
            words.append(tr("steps {} to {}").format(f"{first:,}", f"{last:,}"))
        return " · ".join(words)

    def _draw_figures(self) -> None:
        at, pair = self._probe, self.pair
        if pair is None:
            self.figures.set_pair(None, "")
            return
        words = [] if self._picked or len(self._model.tasks) == 2 else [tr("fights most")]
        note = " · ".join([*words, tr("of {} probes").format(len(self._probes))])
        shown = pair_of(self._model, self._probes, self._layer, at, pair)
        self.figures.set_pair(shown, note, self.spread)

    def _show_view(self) -> None:
        at = self._probe if self.when.currentData() == AT else None
        steps = self._probes.steps
        text = tr("At a step") if at is None else tr("At step {}").format(f"{int(steps[at]):,}")
        self.when.setItemText(self.when.findData(AT), text)
        is_affinity = self.measure.currentData() == AFFINITY
        self.plots.set_view(self._layer, self.pair, at, is_affinity)

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        super().set_theme(theme)
        for part in (self.heatmap, self.figures, self.plots, self.transfer):
            part.set_theme(theme)
