"""SeedsController: which seeds are shown, what is around their mean, and more of them."""

from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from workbench.study.spread import Spread
from workbench.ui.panels.seeds.bar import N_MORE, SeedBar
from workbench.ui.services.tab_context import TabContext
from workbench.ui.words.language import translator
from workbench.ui.words.spread_words import spread_title

tr = translator("SeedsController")

#: What may be chosen for how many runs go side by side; 0 stands for as many as there is room for.
JOBS = (0, 1, 2, 3, 4, 6, 8)


class SeedsController(QObject):
    """Joins the line of seeds and the menus of bands and of runs at once to the session."""

    def __init__(
        self,
        bar: SeedBar,
        bands: QMenu,
        jobs: QMenu,
        settings: QSettings,
        context: TabContext,
    ) -> None:
        super().__init__(bar)
        self._settings = settings
        self._context = context
        self._session = session = context.session
        self._bar = bar
        self._bar.picked.connect(session.pick)
        self._bar.more_wanted.connect(self.add)
        session.model_changed.connect(self.refresh)
        session.ended.connect(self.refresh)
        context.spread.changed.connect(self.refresh)
        context.presenter.listeners.append(self._hear)
        self._bands = QActionGroup(self)
        for kind in Spread:
            title = spread_title(kind)
            action = self._choice(self._bands, title, kind is context.spread.kind)
            action.triggered.connect(lambda _=False, kind=kind: context.spread.choose(kind))
            bands.addAction(action)
        session.n_jobs = int(str(settings.value("jobs", 0))) or None
        self._jobs = QActionGroup(self)
        for n in JOBS:
            title = tr("{} at once").format(n) if n else tr("As many as there is room for")
            action = self._choice(self._jobs, title, (session.n_jobs or 0) == n)
            action.triggered.connect(lambda _=False, n=n: self._set_jobs(n))
            jobs.addAction(action)
        self.refresh()

    def _choice(self, group: QActionGroup, title: str, is_on: bool) -> QAction:
        action = QAction(title, group)
        action.setCheckable(True)
        action.setChecked(is_on)
        return action

    def _set_jobs(self, n: int) -> None:
        self._session.n_jobs = n or None
        self._settings.setValue("jobs", n)

    def _hear(self, topic: str) -> None:
        if topic == "spec":
            self.refresh()

    def refresh(self, *_: object) -> None:
        """Show the seeds there are."""
        group, model = self._session.group, self._session.model
        seeds = group.seeds if model.began is not None or group.n_jobs > 1 else []
        if not seeds:
            self._bar.show_planned(
                len(self._context.presenter.spec.seeds), self._context.spread.kind
            )
            return
        is_alone = len(seeds) == 1 and model.ending == "done" and model.spec is not None
        self._bar.show_seeds(
            seeds,
            group.picked if group.picked in seeds else None,
            model.seed,
            self._context.spread.kind,
            can_add=is_alone and not self._session.is_active,
        )

    def add(self) -> None:
        """Run the setup that is shown on the next seeds, beside the one there is."""
        model, presenter = self._session.model, self._context.presenter
        if model.spec is None or self._session.is_active:
            return
        seeds = tuple(range(model.seed + 1, model.seed + 1 + N_MORE))
        spec = model.spec.model_copy(update={"seeds": (model.seed, *seeds)})
        presenter.adopt(spec)
        self._session.add_seeds(spec, seeds)
