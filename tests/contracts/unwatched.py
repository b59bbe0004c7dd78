"""A run that nobody looks at: what is measured costs time, and must change nothing."""

import numpy as np

from workbench.engine.measure.evaluation import Evaluator
from workbench.engine.training.observers.live_changes import LiveChanges
from workbench.engine.training.observers.stream_watch import StreamWatch
from workbench.engine.training.trainer import Trainer
from workbench.spec.event import Floats, Split


class Unmeasured(Evaluator):
    """Scores nothing."""

    def scores(self, split: Split, n_written: int | None = None) -> tuple[Floats, Floats]:
        del split, n_written
        none = np.zeros(len(self.tasks), dtype=np.float32)
        return none, none

    def more_scores(self) -> dict[str, Floats]:
        return {}

    def all_scores(
        self, split: Split, *, is_known: bool = False
    ) -> dict[str, dict[str, float | None]]:
        del split, is_known
        return {}


def unwatched(trainer: Trainer) -> None:
    """Leave out what only looks at a run, which must end where one that is looked at does."""
    update = trainer.update
    trainer.results.evaluator = Unmeasured(update.model, update.tasks, {})
    acting = LiveChanges | StreamWatch
    trainer.observers.all = [each for each in trainer.observers.all if isinstance(each, acting)]
