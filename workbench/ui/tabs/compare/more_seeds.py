"""MoreSeeds: runs more seeds of what is compared, where one alone shows nothing."""

from collections.abc import Sequence

from PySide6.QtWidgets import QPushButton

from workbench.spec.experiments.job import Job
from workbench.ui.services.tab_context import TabContext
from workbench.ui.tabs.compare.setups import Setup
from workbench.ui.words.language import translator
from workbench.ui.words.plain_text import set_hint

tr = translator("Compare")

N_MORE = 4


class MoreSeeds(QPushButton):
    """A button that is there while a setup that is compared has one finished seed alone."""

    def __init__(self) -> None:
        super().__init__(tr("Add {} seeds to each").format(N_MORE))
        self.setObjectName("compare.more")
        set_hint(self, tr("Run the next seeds of what has one: a single seed shows nothing"))
        self._alone: list[Setup] = []
        #: Of setups whose seeds were asked for: what decides them.
        self._asked: set[str] = set()
        self.clicked.connect(self._add)
        self.hide()

    def join(self, context: TabContext) -> None:
        """Run through this session, and take what comes of it among what is compared."""
        self._session, self._history = context.session, context.run_history
        self._session.model_changed.connect(self._enable)
        self._session.ended.connect(self._enable)
        self._history.changed.connect(self._take)

    def offer(self, setups: Sequence[Setup]) -> None:
        """Offer more seeds of those of these that have one."""
        self._alone = [
            setup
            for setup in setups
            if len(setup.models) == 1
            and setup.models[0].ending == "done"
            and setup.models[0].spec is not None
        ]
        self.setVisible(bool(self._alone))
        self._enable()

    def _enable(self) -> None:
        self.setEnabled(not self._session.is_active)

    def _add(self) -> None:
        jobs: list[Job] = []
        for setup in self._alone:
            (model,) = setup.models
            if model.spec is not None:
                first = model.seed + 1
                seeds = tuple(range(first, first + N_MORE))
                spec = model.spec.model_copy(update={"seeds": seeds})
                jobs += [Job(spec, seed) for seed in seeds]
        self._asked = {setup.key for setup in self._alone}
        self._session.start_jobs(jobs)

    def _take(self) -> None:
        """Seeds that were asked for and have come to their end are compared too."""
        chosen = list(self._history.chosen)
        known = {row.run_id for row in chosen}
        new = [
            row
            for row in self._history.rows
            if row.fingerprint in self._asked and row.status == "done" and row.run_id not in known
        ]
        if new and not self._session.is_active:
            self._asked = set()
            self._history.choose([*chosen, *new])
