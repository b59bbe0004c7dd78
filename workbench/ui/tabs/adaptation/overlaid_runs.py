"""OverlaidRuns: which runs are drawn on each other: that on the screen and those of the history."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from workbench.spec.event import Adapted
from workbench.spec.experiment import Spec
from workbench.spec.experiments.assignments import distinct_names
from workbench.spec.run_row import RunRow
from workbench.ui.look.run_colours import MOST_RUNS
from workbench.ui.model.adaptation_record import AdaptationRecord, AdaptedMoment
from workbench.ui.model.run_model import RunModel
from workbench.ui.services.history_backend import RunRecord
from workbench.ui.services.run_history import RunHistory
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
        self, current: RunModel, moment: AdaptedMoment | None, others: Sequence[RunModel], task: str
    ) -> list[Series]:
        """A curve a run: the current one's at `moment`, the others' at their newest."""
        shown: list[tuple[Spec | None, int, AdaptedMoment]] = []
        if moment is not None and task in moment.tasks:
            shown.append((current.spec, current.seed, moment))
        ids = {model.began.run_id for model in (current, *others) if model.began is not None}
        rest = [(m.spec, m.seed, m.adaptation) for m in others if m is not current]
        rest += [(r.spec, r.seed, r.record) for r in self._read.values() if r.run_id not in ids]
        for spec, seed, record in rest:
            newest = next((m for m in reversed(record.moments) if task in m.tasks), None)
            if newest is not None:
                shown.append((spec, seed, newest))
        shown = shown[:MOST_RUNS]
        plain = [spec.name if spec is not None else tr("This run") for spec, _, _ in shown]
        # Seeds of one setup have one name.
        of = {id(spec): (spec, name) for (spec, _, _), name in zip(shown, plain, strict=True)}
        specs, names = [spec for spec, _ in of.values()], [name for _, name in of.values()]
        named = dict(zip(of, distinct_names(specs, names), strict=True))
        return [
            Series(
                tr("{} · seed {}").format(named[id(spec)], seed),
                tr("step {}").format(f"{at.step:,}"),
                at.tasks[task].curve,
            )
            for spec, seed, at in shown
        ]
