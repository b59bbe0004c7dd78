"""ScoreRecord: validation scores of a run, by each task's own metric and by others (Qt-free)."""

import numpy as np

from workbench.spec.event import Evaluated
from workbench.ui.model.decimation import Values


class ScoreRecord:
    """A row of scores for each validation, in the order of steps."""

    def __init__(self) -> None:
        self._steps: list[int] = []
        self._rows: list[Values] = []
        self._more: list[dict[str, Values]] = []

    def add(self, event: Evaluated) -> None:
        """Take a row in; a resumed run tells those after its checkpoint again."""
        while self._steps and self._steps[-1] >= event.step:
            for column in (self._steps, self._rows, self._more):
                column.pop()
        self._steps.append(event.step)
        self._rows.append(np.asarray(event.scores, dtype=np.float64))
        more = {key: np.asarray(row, dtype=np.float64) for key, row in event.more.items()}
        self._more.append(more)

    def table(self, n_tasks: int) -> tuple[Values, Values]:
        """Steps [M] and scores [M, T] by each task's own metric."""
        if not self._rows:
            return np.empty(0), np.empty((0, n_tasks))
        return np.array(self._steps, dtype=np.float64), np.stack(self._rows)

    @property
    def more_metrics(self) -> tuple[str, ...]:
        """The metrics by which tasks are scored beside their own."""
        return tuple(dict.fromkeys(key for more in self._more for key in more))

    def by(self, metric: str, n_tasks: int) -> tuple[Values, Values]:
        """Steps [M] and scores [M, T] by one of `more_metrics`; NaN where there is none."""
        steps, scores = self.table(n_tasks)
        nothing = np.full(n_tasks, np.nan)
        rows = [more.get(metric, nothing) for more in self._more]
        return steps, np.stack(rows) if rows else scores
