"""OverlaidRuns: which runs are drawn on each other: that on the screen and those of the history."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from workbench.spec.event import Adapted
from workbench.spec.experiment import Spec
from workbench.spec.experiments.assignments import distinct_names
from workbench.spec.run_row import RunRow
from workbench.study.spread import Spread
from workbench.ui.look.run_colours import MOST_RUNS
from workbench.ui.model.adaptation_record import AdaptationRecord, AdaptedMoment
from workbench.ui.model.run_model import RunModel
from workbench.ui.services.history_backend import RunRecord
from workbench.ui.services.run_history import RunHistory
from workbench.ui.tabs.adaptation.drawn_curve import DrawnCurve
from workbench.ui.tabs.adaptation.step_plot import Series
from workbench.ui.words.language import translator

tr = translator("Adaptation")


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """A run of the history."""

    run_id: str
    spec: Spec
    seed: int
    record: AdaptationRecord


class OverlaidRuns(QObject):
    """Reads the runs that are chosen in Runs; `changed` tells that one more is there."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history: RunHistory | None = None
        self._read: dict[str, _Run] = {}
        self._awaited: set[str] = set()

    def join(self, history: RunHistory) -> None:
        """Follow what is chosen among the runs."""
        self._history = history
        history.chosen_changed.connect(self._choose)

    def _choose(self) -> None:
        assert self._history is not None
        chosen = {row.run_id: row for row in self._history.chosen}
        self._read = {key: run for key, run in self._read.items() if key in chosen}
        self._awaited = chosen.keys() - self._read.keys()
        for key in self._awaited.copy():
            self._history.read(chosen[key], self._take)
        self.changed.emit()

    def _take(self, row: RunRow, recorded: RunRecord) -> None:
        if row.run_id not in self._awaited:
            return
        self._awaited.discard(row.run_id)
        record = AdaptationRecord(most_bytes=0)
        for event in recorded.events:
            if isinstance(event, Adapted):
                record.add(event)
        self._read[row.run_id] = _Run(row.run_id, recorded.spec, recorded.seed, record)
        self.changed.emit()

    def series(
        self, seeds: Sequence[RunModel], step: int | None, task: str, kind: Spread
    ) -> list[Series]:
        """A curve for the runs on the screen, and for each that is chosen at its newest moment.

        Of several `seeds` of one setup it is their mean with a spread of this `kind`: at `step`,
        or where that is None the newest moment of each.
        """
        own = [moment for seed in seeds if (moment := _at(seed.adaptation, step, task)) is not None]
        ids = {model.began.run_id for model in seeds if model.began is not None}
        rest = [
            (run, newest)
            for run in self._read.values()
            if run.run_id not in ids and (newest := _at(run.record, None, task)) is not None
        ][: MOST_RUNS - bool(own)]
        first = [seeds[0].spec] if own else []
        specs = [*first, *(run.spec for run, _ in rest)]
        plain = [spec.name if spec is not None else tr("This run") for spec in specs]
        names = distinct_names(specs, plain)
        alone = tr("{} · seed {}")
        series = [
            Series(alone.format(name, run.seed), _when(at), DrawnCurve.of_one(at.tasks[task].curve))
            for name, (run, at) in zip(names[len(first) :], rest, strict=True)
        ]
        if own:
            curve = DrawnCurve.of_seeds([at.tasks[task].curve for at in own], kind)
            words = tr("{} · {} seeds").format(names[0], curve.n_seeds)
            if curve.n_seeds == 1:
                seed = next(one.seed for one in seeds if _at(one.adaptation, step, task) is own[0])
                words = alone.format(names[0], seed)
            series.insert(0, Series(words, _when(*own), curve))
        return series


def _at(record: AdaptationRecord, step: int | None, task: str) -> AdaptedMoment | None:
    """What was told of a task at a step, or last."""
    known = (m for m in reversed(record.moments) if task in m.tasks and step in (None, m.step))
    return next(known, None)


def _when(*moments: AdaptedMoment) -> str:
    steps = [moment.step for moment in moments]
    first, last = f"{min(steps):,}", f"{max(steps):,}"
    if first == last:
        return tr("step {}").format(last)
    return tr("steps {} to {}").format(first, last)
