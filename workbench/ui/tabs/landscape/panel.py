"""Landscape: where each balancing method goes on the two-task landscape, live."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path as Folder

import numpy as np
from PySide6.QtWidgets import QPushButton, QSizePolicy, QSplitter, QWidget

from workbench.spec.event import Reported
from workbench.spec.experiment import Spec
from workbench.spec.fingerprint import fingerprint
from workbench.study.plan import with_each
from workbench.ui.look.theme import Theme
from workbench.ui.model.run_model import RunModel
from workbench.ui.services.history_backend import RunRecord
from workbench.ui.services.run_session import Job
from workbench.ui.services.tab_context import TabContext
from workbench.ui.services.worker import Calls
from workbench.ui.tab import Tab
from workbench.ui.tabs.landscape.landscape_map import START, Numbers, grid, heights
from workbench.ui.tabs.landscape.landscape_plot import LandscapePlot, Path, legend_html
from workbench.ui.widgets.basics import column, label, row
from workbench.ui.widgets.methods_button import MethodsButton
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import html_label, set_hint

FAMILY = "landscape"

#: The papers' five, in the order in which they are usually told.
FIVE = ("fixed", "mgda", "pcgrad", "cagrad", "nash-mtl")

#: Points to a side of the map.
_GRID = 320

#: Paths kept from earlier runs.
_MOST_EARLIER = 10

tr = translator("Landscape")


def is_landscape(spec: Spec | None) -> bool:
    """Whether a setup learns the landscape and nothing else."""
    return spec is not None and all(choice.family == FAMILY for choice in spec.tasks)


def start_of(spec: Spec) -> tuple[float, float]:
    """Where a setup's point starts."""
    start = spec.tasks[0].settings.get("start", START)
    return float(start[0]), float(start[1])


class LandscapePanel(Tab):
    """The mean on the left, both losses on the right; every path on all three."""

    name = "landscape"
    order = 56
    is_quick = True

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._model = RunModel()
        self._earlier: dict[str, tuple[str, Numbers]] = {}
        self._seen: object = None
        self._others: list[RunModel] = []
        self._numbers: dict[str, int] = {}
        self._calls = Calls(self._broke, self)
        self.mean = LandscapePlot(tr("Mean loss"), theme)
        self.first = LandscapePlot(tr("First loss"), theme)
        self.second = LandscapePlot(tr("Second loss"), theme)
        self.plots = (self.mean, self.first, self.second)
        self.methods = MethodsButton(FIVE)
        self.earlier = QPushButton(tr("Add earlier runs"))
        set_hint(self.earlier, tr("Draw the newest finished run of each landscape setup"))
        self.clear = QPushButton(tr("Clear"))
        set_hint(self.clear, tr("Take the paths of earlier runs off the map"))
        self.legend = html_label("hint")
        self.legend.setWordWrap(True)
        self.legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._build()
        self._has_map = False

    @classmethod
    def title(cls) -> str:
        """What its tab says."""
        return tr("&Landscape")

    @classmethod
    def absence(cls) -> tuple[str, str]:
        """What would fill it."""
        hint = tr("Choose the tasks Two-task landscape, or the preset Two valleys.")
        return tr("No landscape"), hint

    def _build(self) -> None:
        left, right = QWidget(), QWidget()
        for side, plots in ((left, self.plots[:1]), (right, self.plots[1:])):
            inner = column(side, (0, 0, 0, 0), 2)
            for plot in plots:
                inner.addWidget(label(plot.name, "hint"))
                inner.addWidget(plot, 1)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setSizes([1000, 560])
        whole = column(self, (12, 8, 12, 8), 6)
        whole.addLayout(row(self.methods, self.earlier, self.clear, 1, spacing=6))
        whole.addWidget(splitter, 1)
        whole.addWidget(self.legend)
        self.methods.chosen.connect(self.run_each)
        self.earlier.clicked.connect(self.add_earlier)
        self.clear.clicked.connect(self.forget)

    def join(self, context: TabContext) -> None:
        """Follow the session from now on."""
        self.methods.join(context.presenter)
        context.presenter.listeners.append(self._hear)
        super().join(context)
        self._hear("state")

    def _hear(self, topic: str) -> None:
        if topic in ("state", "catalogue", "spec", "problems"):
            presenter = self.context.presenter
            can_run = bool(presenter.catalogue) and not presenter.problems
            is_free = can_run and not presenter.is_live
            self.methods.setEnabled(is_free and is_landscape(presenter.spec))
            self.earlier.setEnabled(not presenter.is_live)

    def applies(self, spec: Spec, model: RunModel) -> bool:
        """Shown where the landscape is the setup, or the run."""
        return is_landscape(spec) or (model.spec is not None and is_landscape(model.spec))

    # what is drawn

    def set_models(self, current: RunModel, models: Sequence[RunModel]) -> None:
        """Show another run, with the paths of its other seeds; that of the one before stays."""
        self._others = [model for model in models if model is not current]
        if current is not self._model and self._model not in self._others:
            self._keep(self._model)
        self._model = current
        self.redraw()

    def _keep(self, model: RunModel) -> None:
        points = _points_of(model)
        if points is not None and model.spec is not None:
            self._remember(model.spec, model.seed, points)

    def _remember(self, spec: Spec, seed: int, points: Numbers) -> None:
        key = f"{fingerprint(spec)} {seed}"
        self._earlier.pop(key, None)
        self._earlier[key] = (self._name_of(spec), points)
        for old in list(self._earlier)[:-_MOST_EARLIER]:
            del self._earlier[old]

    def _name_of(self, spec: Spec) -> str:
        kind = spec.balancing.kind
        entry = (
            self.context.presenter.catalogue.get(("balancing", kind)) if self.has_joined else None
        )
        return entry.title if entry is not None else kind

    def paths(self) -> list[Path]:
        """Every path, that of the current run last. A method keeps its colour."""
        model = self._model
        points = _points_of(model)
        earlier = dict(self._earlier)
        for each in (model, *self._others):
            if each.spec is not None:
                earlier.pop(f"{fingerprint(each.spec)} {each.seed}", None)
        paths = [Path(name, positions, self._number(name)) for name, positions in earlier.values()]
        for other in self._others:
            positions = _points_of(other)
            if positions is not None and other.spec is not None:
                name = self._name_of(other.spec)
                paths.append(Path(name, positions, self._number(name)))
        if points is not None and model.spec is not None:
            name = self._name_of(model.spec)
            paths.append(Path(name, points, self._number(name), is_current=True))
        return paths

    def _number(self, name: str) -> int:
        return self._numbers.setdefault(name, len(self._numbers))

    def refresh(self) -> None:
        """Draw what is new, where the tab can be seen."""
        seen = tuple((id(each), each.reports_version) for each in (self._model, *self._others))
        if not self.isVisible() or seen == self._seen:
            return
        self._seen = seen
        self._draw_map()
        paths = self.paths()
        for plot in self.plots:
            plot.set_paths(paths)
        names = list({path.name: path for path in paths}.values())
        self.legend.setText(legend_html(names, self._theme))
        self.clear.setEnabled(len(paths) > 1)

    def _draw_map(self) -> None:
        """The maps are painted once, when first seen."""
        if self._has_map:
            return
        self._has_map = True
        first, second = heights(*grid(_GRID))
        for plot, values in zip(self.plots, ((first + second) / 2, first, second), strict=True):
            plot.set_heights(values)

    def redraw(self) -> None:
        """Draw everything again."""
        self._seen = None
        self.refresh()

    def showEvent(self, event: object) -> None:
        """What happened unseen is drawn now."""
        self.redraw()

    def set_theme(self, theme: Theme) -> None:
        """Use another theme's colours."""
        super().set_theme(theme)
        for plot in self.plots:
            plot.set_theme(theme)
        self.redraw()

    # what the buttons do

    def run_each(self, kinds: Sequence[str]) -> None:
        """Run the setup with each of these balancing methods."""
        spec, known = self.context.presenter.spec, self.context.presenter.catalogue
        jobs = [
            Job(each, spec.seeds[0], known[("balancing", kind)].title)
            for kind, each in zip(kinds, with_each(spec, "balancing", kinds), strict=True)
        ]
        self.context.session.start_jobs(jobs)

    def forget(self) -> None:
        """Take the paths of earlier runs away."""
        self._earlier.clear()
        self.redraw()

    def add_earlier(self) -> None:
        """Read the newest finished run of each landscape setup."""
        history = self.context.history

        def read() -> list[RunRecord]:
            newest = {
                row.fingerprint: row.path
                for row in reversed(history.rows())
                if row.status == "done" and [s.metric for s in row.scores] == ["value", "value"]
            }
            records: list[RunRecord] = []
            for path in list(newest.values())[-_MOST_EARLIER:]:
                with suppress(OSError):  # one that was taken away meanwhile hides no other
                    records.append(history.read(Folder(path)))
            return [recorded for recorded in records if is_landscape(recorded.spec)]

        self.earlier.setEnabled(False)
        self._calls.make(read, self._take_earlier)

    def _take_earlier(self, recorded: Sequence[RunRecord]) -> None:
        self.earlier.setEnabled(True)
        for one in recorded:
            points = _path_in(one.events, one.spec)
            if points is not None:
                self._remember(one.spec, one.seed, points)
        self.redraw()

    def _broke(self, message: str) -> None:
        self.earlier.setEnabled(True)
        self.context.presenter.notice("runs", message)


def _points_of(model: RunModel) -> Numbers | None:
    """Where the point of a run was so far, [N, 2]; None where it has none of its own."""
    if not is_landscape(model.spec) or model.spec is None:
        return None
    tables = model.reports.all("encoder", "point")
    if not tables and model.began is None:
        return None
    rows = [table.values[0] for _, table in tables if table.values.shape == (1, 2)]
    return np.array([start_of(model.spec), *rows], dtype=np.float64)


def _path_in(events: Sequence[object], spec: Spec) -> Numbers | None:
    reports = [e for e in events if isinstance(e, Reported) and e.source == "encoder"]
    rows = [e.tables[0].values[0] for e in reports if e.tables[0].values.shape == (1, 2)]
    return np.array([start_of(spec), *rows], dtype=np.float64) if rows else None
