"""Reports: what the methods show of their inside, gathered from those that show something."""

from collections.abc import Mapping

import torch

from workbench.engine.batch import slices
from workbench.engine.roles.method import Method
from workbench.engine.roles.sharing import Batch, Sharing
from workbench.engine.roles.task import Task
from workbench.spec.event import Reported

#: Validation examples of each task that a report may look at.
_EXAMPLES = 128


class Reports:
    """Asks each role's method for its tables, where it overrides `report`."""

    def __init__(self, methods: Mapping[str, Method], model: Sharing, tasks: Mapping[str, Task]):
        self.model = model
        self.tasks = tasks
        self.methods = {
            role: method
            for role, method in methods.items()
            if type(method).report is not Method.report
        }
        self._batch: Batch | None = None

    def gather(self, step: int) -> list[Reported]:
        """A Reported of every method that has something to show after `step` steps."""
        if not self.methods:
            return []
        was_training = self.model.training
        self.model.eval()
        with torch.no_grad():
            found = {role: method.report(self.batch) for role, method in self.methods.items()}
        self.model.train(was_training)
        return [Reported(step, role, tuple(tables)) for role, tables in found.items() if tables]

    @property
    def batch(self) -> Batch:
        """The first validation examples of every task: the same at every report."""
        if self._batch is None:
            parts = {name: task.data["val"] for name, task in self.tasks.items()}
            self._batch = next(slices(parts, _EXAMPLES))
        return self._batch
