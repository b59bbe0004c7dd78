"""EarlyStopping: ends a stage that has stopped getting better, and goes back to its best model.

It looks at validation scores and losses alone, never at those of the test split.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from torch import Tensor

from workbench.engine.roles.metric import Metric
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Task
from workbench.engine.training.checkpoint import put_values, tensors_of
from workbench.engine.training.observers.observer import Events, Observer
from workbench.engine.training.plan import Plan
from workbench.engine.training.progress import Progress
from workbench.spec.event import Evaluated, Event, Noticed, Replanned
from workbench.spec.experiments.training import Stopping


class EarlyStopping(Observer):
    """The best validation of the stage that is on, and what follows from it.

    A better one is lower in loss, or better in score, by more than the least change. Its
    parameters are held beside the model's where the best is kept.
    """

    state_key = "stopping"

    def __init__(
        self,
        settings: Stopping,
        model: Sharing,
        tasks: Mapping[str, Task],
        metrics: Mapping[str, Metric],
        plan: Plan,
    ) -> None:
        self.settings = settings
        self.model = model
        self.tasks = tasks
        self.metrics = metrics
        self.plan = plan
        self._names = list(tasks)
        self._forget()

    def _forget(self) -> None:
        self.best, self.best_step, self.n_since, self.seen_at = math.inf, -1, 0, -1
        self._values: dict[str, Tensor] = {}

    def figure(self, evaluated: Evaluated) -> float | None:
        """What is to become small: the loss, or minus the score; None where no task counts."""
        stage = self.plan.stages[evaluated.stage].tasks
        names = [self.settings.on] if self.settings.on else list(stage)
        names = [name for name in names if name in stage]
        if not names:
            return None
        values = [self._one(evaluated, name) for name in names]
        weights = [self.tasks[name].weight for name in names]
        if self.settings.of == "score" or not sum(weights):
            weights = [1.0] * len(names)
        pairs = zip(values, weights, strict=True)
        return sum(value * weight for value, weight in pairs) / sum(weights)

    def _one(self, evaluated: Evaluated, name: str) -> float:
        place = self._names.index(name)
        if self.settings.of == "loss":
            return float(evaluated.losses[place])
        score = float(evaluated.scores[place])
        return -score if self.metrics[self.tasks[name].metric].higher_is_better else score

    def on_run_start(self, at: Progress) -> Events:
        if self.settings.patience and self.plan.is_stream:
            message = "a stream is as long as it was drawn: patience ends none of its stages"
            return [Noticed(at.step, "stopping", message)]
        return ()

    def take(self, at: Progress, evaluated: Evaluated) -> Iterator[Event]:
        """A validation of the stage that is on: note it, and end the stage where it is time."""
        figure = self.figure(evaluated)
        self.seen_at = at.step
        if figure is None:
            return
        # A figure that is no number is no better than any.
        if figure < self.best - (self.settings.least_change if self.best_step >= 0 else 0.0):
            self.best, self.best_step, self.n_since = figure, at.step, 0
            if self.settings.keep_best:
                self._values = {n: x.detach().clone() for n, x in tensors_of(self.model).items()}
            return
        self.n_since += 1
        patience = self.settings.patience
        if not patience or self.n_since < patience or self.plan.is_stream:
            return
        if at.stage_step >= self.plan.steps[at.stage]:
            return
        self.plan.steps[at.stage] = at.stage_step
        message = (
            f"stage {at.stage + 1} ends here: {self.n_since} validations in a row were no better"
            f" than that of step {self.best_step:,} ({self._words})"
        )
        yield Noticed(at.step, "stopping", message)
        yield Replanned(at.step, self.plan.facts, at.stage + 1)

    def end(self, at: Progress) -> Iterator[Event]:
        """The stage took its last step: go back to its best model, where that is to be kept."""
        values, best_step = self._values, self.best_step
        if values and best_step < at.step:
            put_values(values, self.model)
            message = f"back to the model of step {best_step:,}, the best of stage {at.stage + 1}"
            yield Noticed(at.step, "stopping", f"{message} ({self._words})")
        self._forget()

    @property
    def _words(self) -> str:
        of = self.settings.on or "mean"
        if self.settings.of == "loss":
            return f"validation loss, {of}: {self.best:.4g}"
        names = [self.settings.on] if self.settings.on else self._names
        is_higher = self.metrics[self.tasks[names[0]].metric].higher_is_better
        return f"validation score, {of}: {-self.best if is_higher else self.best:.4g}"

    def state_dict(self) -> dict[str, Any]:
        """What is needed to go on, the best parameters among it."""
        return {
            "best": self.best,
            "best_step": self.best_step,
            "n_since": self.n_since,
            "values": dict(self._values),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take back what `state_dict` gave."""
        self.best, self.best_step = state["best"], state["best_step"]
        self.n_since = state["n_since"]
        device = next(self.model.parameters()).device
        values: Mapping[str, Tensor] = state["values"]
        self._values = {name: x.to(device) for name, x in values.items()}
