"""Boundaries: what each task's answer is all over its plane, live, and back through the stages."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QGridLayout, QScrollArea, QStackedLayout, QWidget

from workbench.spec.command import WatchPlanes
from workbench.spec.experiment import Spec
from workbench.ui.look.theme import Theme
from workbench.ui.model.plane_record import Moment
from workbench.ui.model.run_model import RunModel
from workbench.ui.tab import Tab
from workbench.ui.tabs.boundaries.plane_view import AROUND, NARROWEST, PlaneView
from workbench.ui.widgets.basics import EmptyState, column, scrolling
from workbench.ui.widgets.moment_bar import MomentBar
from workbench.ui.words.language import translator
from workbench.ui.words.spread_words import one_of_words

#: Between two pictures.
_GAP = 14

tr = translator("Boundaries")


def columns_for(n: int, width: int, height: int) -> int:
    """As many pictures a row as makes them largest; where they do not fit, the rest is scrolled."""
    best, side = 1, 0.0
    for n_columns in range(1, n + 1):
        n_rows = -(-n // n_columns)
        across = (width + _GAP) / n_columns - _GAP
        down = (height + _GAP) / n_rows - _GAP - AROUND
        if min(across, down) > side:
            best, side = n_columns, min(across, down)
    if n and side < NARROWEST:
        fits = max(min((width + _GAP) // (NARROWEST + _GAP), n), 1)
        best = -(-n // -(-n // fits))  # rows of about one length
    return best


class BoundariesPanel(Tab):
    """A picture a task, side by side, over a scrubber through the moments of the run."""

    name = "boundaries"
    order = 33
    is_by_task = True

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._model = RunModel()
        self._seen: tuple[int, int] | None = None
        self._planes: object = None
        self._seeds: list[int] = []
        #: The moment that is looked at, None for the newest.
        self._moment: Moment | None = None
        self.views: list[PlaneView] = []
        # Layouts are not changed while Qt is busy showing or resizing them.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._settle)
        self._inner = QWidget()
        self._grid = QGridLayout(self._inner)
        self._grid.setContentsMargins(14, 12, 14, 8)
        self._grid.setSpacing(_GAP)
        self._area: QScrollArea = scrolling(self._inner)
        empty = EmptyState(
            tr("No boundary yet"),
            tr("Press Run. What each task answers is drawn all over its plane while it learns."),
        )
        content = QWidget()
        layout = column(content, (0, 0, 0, 0), 0)
        layout.addWidget(self._area, 1)
        self.bar = MomentBar("boundaries.moment", theme)
        self.bar.scrubbed.connect(self._scrub)
        self.bar.followed.connect(self._follow)
        layout.addWidget(self.bar)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(empty)
        self._stack.addWidget(content)

    # what is looked at

    @classmethod
    def title(cls) -> str:
        """What its tab says."""
        return tr("&Boundaries")

    @classmethod
    def absence(cls) -> tuple[str, str]:
        """What would fill it."""
        hint = tr("Choose the tasks 2-D boundaries, or the preset Tasks one can see.")
        return tr("No task in the plane"), hint

    def applies(self, spec: Spec, model: RunModel) -> bool:
        """Only tasks of points in a plane can be drawn."""
        catalogue = self.context.presenter.catalogue if self.has_joined else {}
        entries = (catalogue.get(("tasks", choice.family)) for choice in spec.tasks)
        is_chosen = any(entry is not None and "plane" in entry.gives for entry in entries)
        return is_chosen or bool(model.planes.planes)

    def set_models(self, current: RunModel, models: Sequence[RunModel] = ()) -> None:
        """Show another run; of several seeds the current one, and which."""
        self._seeds = [model.seed for model in models]
        if current is not self._model:
            self._model, self._moment = current, None
        self.redraw()
        if self.isVisible():
            self._watch(True)

    def _watch(self, is_on: bool) -> None:
        """Maps between stage ends are worked out only while somebody sees them."""
        model = self._model
        if self.has_joined and model.began is not None and not model.is_over:
            self.context.session.send(WatchPlanes(is_on))

    def showEvent(self, event: object) -> None:
        """What happened unseen is drawn now, and the run is watched."""
        self._soon.start()
        self._watch(True)

    def hideEvent(self, event: object) -> None:
        """Nobody looks."""
        self._watch(False)

    def _scrub(self, at: int) -> None:
        moments = self._model.planes.moments
        self._moment = moments[at] if at < len(moments) - 1 else None
        self._draw()

    def _follow(self) -> None:
        self._moment = None
        self.redraw()

    @property
    def _at(self) -> int:
        """Position of the moment that is shown; the nearest, where it was let go."""
        moments = self._model.planes.moments
        if self._moment is None:
            return len(moments) - 1
        steps = [abs(moment.step - self._moment.step) for moment in moments]
        exact = [i for i, moment in enumerate(moments) if moment is self._moment]
        return exact[0] if exact else steps.index(min(steps))

    # drawing

    def refresh(self) -> None:
        """Draw what is new, where the panel can be seen."""
        seen = (id(self._model), self._model.planes_version)
        if not self.isVisible() or seen == self._seen:
            return
        self._seen = seen
        record = self._model.planes
        if record.planes is not self._planes:
            self._make_views()
        self._stack.setCurrentIndex(1 if record.planes and record.moments else 0)
        if not record.moments:
            return
        ends = [i for i, moment in enumerate(record.moments) if not moment.is_timed]
        self.bar.set_moments(len(record.moments), self._at, ends)
        self._draw()

    def redraw(self, *_: object) -> None:
        """Draw everything again."""
        self._seen = None
        self.refresh()

    def _draw(self) -> None:
        moments = self._model.planes.moments
        if not moments:
            return
        shown = moments[self._at]
        for view in self.views:
            view.set_map(shown.maps.get(view.plane.task))
        words = (self._moment_words(shown), one_of_words(self._model.seed, self._seeds))
        self.bar.tell(" · ".join(filter(None, words)), is_newest=self._moment is None)

    def _moment_words(self, moment: Moment) -> str:
        began = self._model.began
        if moment.stage < 0 or began is None:
            return tr("Before training")
        name = began.stages[moment.stage].name if moment.stage < len(began.stages) else ""
        words = tr("In {}, step {}") if moment.is_timed else tr("After {}, step {}")
        return words.format(name, f"{moment.step:,}")

    def _make_views(self) -> None:
        record = self._model.planes
        self._planes = record.planes
        for old in self.views:
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        numbers = {
            facts.name: number
            for facts, number in zip(self._model.tasks, self._model.colours, strict=True)
        }
        self.views = [
            PlaneView(plane, numbers.get(plane.task, i), self._theme)
            for i, plane in enumerate(record.planes)
        ]
        self._place()

    def _place(self) -> None:
        n = len(self.views)
        room = self._area.viewport().size()
        n_columns = columns_for(n, room.width() - 2 * _GAP, room.height() - 20)
        for j in range(n):
            self._grid.setColumnStretch(j, 1 if j < n_columns else 0)
        for i, view in enumerate(self.views):
            self._grid.addWidget(view, i // n_columns, i % n_columns)

    def resizeEvent(self, event: object) -> None:
        """Another room, another grid."""
        self._soon.start()

    def _settle(self) -> None:
        self.redraw()
        self._place()

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        super().set_theme(theme)
        for view in self.views:
            view.set_theme(theme)
        self.bar.set_theme(theme)
