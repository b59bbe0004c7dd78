"""ReportCollector: what the methods show of their inside, from those that show something."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import torch

from workbench.engine.measure.memory_tables import contents, holding, of_most, shown
from workbench.engine.measure.prequential import Prequential
from workbench.engine.roles.batch import Batch, slices
from workbench.engine.roles.encoder import ShownStage
from workbench.engine.roles.method import Method
from workbench.engine.roles.planned_run import Stages, planned
from workbench.engine.roles.retention import Retention
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Task
from workbench.spec.cost import Holding
from workbench.spec.event import Reported, Table
from workbench.spec.shown.samples import Pictures

#: Validation examples of each task that a report may look at.
_EXAMPLES = 128


class ReportCollector:
    """Asks each role's method for its tables, where it overrides `report`, and stages that show."""

    def __init__(
        self,
        methods: Mapping[str, Method],
        model: Sharing,
        tasks: Mapping[str, Task],
        stream: Prequential | None = None,
        stages: Stages = (),
    ) -> None:
        self.model = model
        self.stream = stream
        self.tasks = tasks
        self.methods = {
            role: method
            for role, method in methods.items()
            if type(method).report is not Method.report
        }
        self.stages = [stage for stage in model.modules() if isinstance(stage, ShownStage)]
        known = methods.get("retention")
        self.retention = known if isinstance(known, Retention) and _holds(known) else None
        self.most = Holding()
        if self.retention is not None:
            self.most = self.retention.capacity(planned(model, tasks, stages))
        self._batch: Batch | None = None

    def gather(self, step: int, stage: int = 0, *, ends_stage: bool = False) -> list[Reported]:
        """A Reported of every method that has something to show after `step` steps.

        What is held of the past is told of a method that holds something, by task and class where
        these are examples, with pictures when a stage ends.
        """
        reports = self.stream.report(step) if self.stream is not None else []
        if self.methods or self.stages or self.retention:
            reports += self._of_methods(step, stage, ends_stage=ends_stage)
        return reports

    def _of_methods(self, step: int, stage: int, *, ends_stage: bool) -> list[Reported]:
        was_training = self.model.training
        self.model.eval()
        with torch.no_grad():
            by_role = {role: [*method.report(self.batch)] for role, method in self.methods.items()}
            by_role["encoder"] = [*_numbered([stage.table() for stage in self.stages])]
        self.model.train(was_training)
        pictures: tuple[Pictures, ...] = ()
        if self.retention is not None:
            held = self.retention.stored_examples()
            table = contents(held, self.tasks, stage)
            tables = by_role.setdefault("retention", [])
            tables.extend([table] if table else [])
            now = holding(self.retention)
            tables.extend([of_most(now, self.most)] if now.bytes else [])
            pictures = shown(held, self.tasks) if ends_stage else ()
        return [
            Reported(step, role, tuple(tables), pictures if role == "retention" else ())
            for role, tables in by_role.items()
            if tables
        ]

    @property
    def batch(self) -> Batch:
        """The first validation examples of every task: the same at every report."""
        if self._batch is None:
            parts = {name: task.data["val"] for name, task in self.tasks.items()}
            self._batch = next(slices(parts, _EXAMPLES))
        return self._batch


def _numbered(tables: list[Table]) -> Sequence[Table]:
    """The tables of stages; where there are several, each name gets a number."""
    if len(tables) < 2:
        return tables
    return [
        replace(table, name=f"{table.name} {i}", title=f"{table.title} {i}" if table.title else "")
        for i, table in enumerate(tables, 1)
    ]


def _holds(method: Retention) -> bool:
    return type(method).capacity is not Retention.capacity
