"""Bounds: the runs between which a lifelong method lies, found in the history or made."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal

from workbench.spec.experiment import Spec
from workbench.spec.fingerprint import fingerprint
from workbench.spec.run_row import RunRow
from workbench.study.plan import fine_tuning, joint
from workbench.ui.model.decimation import Values
from workbench.ui.model.run_model import RunModel
from workbench.ui.services.run_session import Job
from workbench.ui.services.tab_context import TabContext
from workbench.ui.words.language import translator

JOINT, FINE_TUNING = "joint", "fine-tuning"

tr = translator("Bounds")


@dataclass(frozen=True, slots=True)
class Bound:
    """The runs of one bound, on the seeds of the run shown: its rows, one a seed."""

    rows: tuple[RunRow, ...]

    def scores(self, tasks: Sequence[str]) -> Values:
        """Final test scores [T], the mean over the seeds; NaN where not known."""
        scores = np.full((max(len(self.rows), 1), len(tasks)), np.nan)
        for i, row in enumerate(self.rows):
            known = {score.task: score.value for score in row.scores}
            for j, task in enumerate(tasks):
                value = known.get(task)
                scores[i, j] = np.nan if value is None else value
        known_rows = scores[np.isfinite(scores).all(axis=1)]
        return known_rows.mean(axis=0) if len(known_rows) else np.full(len(tasks), np.nan)

    def scores_on(self, seed: int, tasks: Sequence[str]) -> Values:
        """Final test scores [T] on one seed; NaN where not known."""
        return Bound(tuple(row for row in self.rows if row.seed == seed)).scores(tasks)


class Bounds(QObject):
    """Looks for joint training and fine-tuning on the seeds of a launch, and runs what lacks."""

    changed = Signal()

    def __init__(self, context: TabContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._models: list[RunModel] = []
        self._spec: Spec | None = None
        self._is_running = False
        self.joint = Bound(())
        self.fine_tuning = Bound(())
        context.run_history.changed.connect(self._look)
        context.session.ended.connect(self._come_back)

    def set_models(self, models: Sequence[RunModel]) -> None:
        """Look for the bounds of these runs, of one setup."""
        if self._is_running:
            return
        self._models = list(models)
        self._spec = models[0].spec if models else None
        self._look()

    @property
    def is_running(self) -> bool:
        """Whether the bounds are being run."""
        return self._is_running

    @property
    def seeds(self) -> list[int]:
        """The seeds of the runs shown."""
        return [model.seed for model in self._models]

    def missing(self) -> list[Job]:
        """The runs that are not in the history yet."""
        if self._spec is None:
            return []
        jobs: list[Job] = []
        for kind, bound, spec in (
            (JOINT, self.joint, joint(self._spec)),
            (FINE_TUNING, self.fine_tuning, fine_tuning(self._spec)),
        ):
            known = {row.seed for row in bound.rows}
            jobs += [Job(spec, seed, kind) for seed in self.seeds if seed not in known]
        return jobs

    def run(self) -> None:
        """Run what is missing, then show again what is shown now."""
        jobs = self.missing()
        if jobs and not self._context.session.is_active:
            self._is_running = True
            self._context.session.start_jobs(jobs)
            self.changed.emit()

    def _come_back(self) -> None:
        if self._is_running:
            self._is_running = False
            models = self._models
            self._context.session.show_all(models)
            self._context.run_history.refresh()

    def _look(self) -> None:
        if self._spec is None:
            bounds = Bound(()), Bound(())
        else:
            bounds = self._bound_of(joint(self._spec)), self._bound_of(fine_tuning(self._spec))
        if bounds != (self.joint, self.fine_tuning):
            self.joint, self.fine_tuning = bounds
        self.changed.emit()

    def _bound_of(self, spec: Spec) -> Bound:
        wanted, seeds = fingerprint(spec), self.seeds
        by_seed: dict[int, RunRow] = {}
        for row in self._context.run_history.rows:  # the newest first
            if row.fingerprint == wanted and row.status == "done" and row.seed in seeds:
                by_seed.setdefault(row.seed, row)
        return Bound(tuple(by_seed[seed] for seed in seeds if seed in by_seed))
