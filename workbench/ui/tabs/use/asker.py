"""Asker: what the models of one run, or of all seeds of its setup, say of rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from workbench.spec.question import Predict, RefusedError
from workbench.spec.run_row import RunRow
from workbench.spec.trained.prediction import Prediction, over_seeds
from workbench.store.stored_run import read
from workbench.study.interval import t_quantile
from workbench.ui.model.run_model import RunModel
from workbench.ui.services.tab_context import TabContext
from workbench.ui.words.language import translator

_TOPIC = "predict"

tr = translator("Use the model")


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: a file, or rows that were typed; at which checkpoint, and of every seed."""

    file: str = ""
    rows: tuple[Mapping[str, str], ...] = ()
    support: str = ""
    step: int | None = None
    has_seeds: bool = False


class Asker(QObject):
    """Asks one model after the other, and puts together what they say."""

    #: An answer came, or the reason why there is none.
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context: TabContext | None = None
        self._model = RunModel()
        self.prediction: Prediction | None = None
        self.reason = ""
        self._told: list[Prediction] = []

    def join(self, context: TabContext) -> None:
        """The training process can be asked from now on."""
        self._context = context

    def set_model(self, model: RunModel) -> None:
        """Another run is asked; what the one before said is forgotten."""
        self._model = model
        self.prediction, self.reason = None, ""
        if self._context is not None:
            self._context.questions.cancel(_TOPIC)

    @property
    def is_asking(self) -> bool:
        """Whether an answer is still to come."""
        return self._context is not None and self._context.questions.is_busy(_TOPIC)

    @property
    def row(self) -> RunRow | None:
        """The run in the history; None where it is not there."""
        began = self._model.began
        if self._context is None or began is None:
            return None
        rows = self._context.run_history.rows
        return next((row for row in rows if row.run_id == began.run_id), None)

    @property
    def folder(self) -> Path | None:
        """Where the run is recorded; None where that is not known, or nothing is saved yet."""
        row, saved = self.row, self._model.checkpoint
        if row is not None:
            return Path(row.path)
        return Path(saved.path).parent.parent if saved is not None and saved.path else None

    @property
    def seeds(self) -> list[RunRow]:
        """The run, and those of its setup on other seeds that are done, the newest of each."""
        own = self.row
        if own is None or self._context is None:
            return []
        by_seed = {own.seed: own}
        for row in self._context.run_history.rows:
            is_same = bool(row.fingerprint) and row.fingerprint == own.fingerprint
            if is_same and row.status == "done":
                by_seed.setdefault(row.seed, row)
        return [by_seed[seed] for seed in sorted(by_seed)]

    def ask(self, request: Request) -> None:
        """Ask this; a newer request takes the place of an older one."""
        folder, spec = self.folder, self._model.spec
        if self._context is None or folder is None or spec is None:
            self.reason = tr("There is no checkpoint yet: the run must have saved one.")
            self.changed.emit()
            return
        self._told, self.reason = [], ""
        questions: list[Callable[[], Predict]] = []
        if request.has_seeds and len(self.seeds) > 1:
            questions = [lambda row=row: _of_row(row, request) for row in self.seeds]
        else:
            question = _question(Predict(spec, self._model.seed, str(folder)), request)
            questions = [lambda: question]
        self._next(questions)
        self.changed.emit()

    def _next(self, questions: list[Callable[[], Predict]]) -> None:
        assert self._context is not None
        if not questions:
            n = len(self._told)
            self.prediction = over_seeds(self._told, t_quantile(n - 1) if n > 1 else 0.0)
            self.changed.emit()
            return

        def take(answer: Prediction) -> None:
            self._told.append(answer)
            self._next(questions[1:])

        def refuse(error: RefusedError) -> None:
            self.prediction, self.reason = None, error.message
            self.changed.emit()

        self._context.questions.ask(_TOPIC, questions[0](), take, refuse)


def _of_row(row: RunRow, request: Request) -> Predict:
    stored = read(Path(row.path))
    return _question(Predict(stored.spec, stored.seed, row.path), request)


def _question(of: Predict, request: Request) -> Predict:
    return Predict(
        of.spec,
        of.seed,
        of.folder,
        request.file,
        request.rows,
        request.support,
        request.step,
    )
