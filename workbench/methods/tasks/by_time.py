"""by-time: the rows of any data, stretch by stretch as they came."""

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor

from workbench.engine.blocks.tasks.made.columns import column_of
from workbench.engine.blocks.tasks.made.inputs import n_bytes, named
from workbench.engine.blocks.tasks.made.picked import Picked
from workbench.engine.roles.made import Maker, Source, source
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Task
from workbench.spec.experiments.nested import OF
from workbench.spec.settings import Settings, setting


class ByTime(Maker):
    """Data as a stream that was cut into stretches, each a task, the earliest first.

    By a column of times or numbers, whose equal values stay together, or, with none, by the order
    of the rows in the file. Rows stay in the split they are in.
    """

    key = "by-time"
    title = "By time"
    helps = "Data that change over time: how long does what was learned hold?"

    class Settings(Settings):
        """What the time is, and how many stretches there are."""

        of: Source = source({"family": "diabetes"}, "The family with the data, with its settings.")
        column: str = setting(
            "age",
            "The input column that says when: a date or a number; the order of the rows if empty.",
            max_length=1000,
        )
        n_tasks: int = setting(
            5, "Number of stretches, of about equally many rows.", ge=1, le=1000, title="Tasks"
        )
        scenario: Literal["domain", "task"] = setting(
            "domain", "One head that does not know the task, or a head for each task."
        )

    def make(self, sources: Sequence[Sequence[Task]]) -> list[Task]:
        (tasks,) = sources
        by_task = self.settings.scenario == "task"
        picked = Picked()
        made: list[Task] = []
        for task in tasks:
            stretches = self._stretches(task)
            head = "" if by_task else f"{self.key} of {task.head_identity}"
            for i in range(self.settings.n_tasks):
                name = f"stretch-{i + 1}"
                rows = {split: (at == i).nonzero().squeeze(1) for split, at in stretches.items()}
                self._require(task, rows, name)
                one = picked.of(task, name, rows)
                one.notices = () if i else task.notices
                made.append(named(one, task, name, head, len(tasks)))
        return made

    def n_made(self, sources: Sequence[Sequence[Task]]) -> int:
        return n_bytes(sources[0])

    def _stretches(self, task: Task) -> dict[str, Tensor]:
        """By split the stretch [N] of each row, from 0."""
        n_tasks = self.settings.n_tasks
        if self.settings.column:
            column = column_of(task, self.settings.column)
            if column.names:
                message = f"'{column.name}' holds categories, which are no times: use by-column"
                raise BadSpecError("column", message)
            together = torch.cat(list(column.values.values())).sort().values
            ends = together[[len(together) * i // n_tasks for i in range(1, n_tasks)]]
            return {s: torch.searchsorted(ends, v, right=True) for s, v in column.values.items()}
        if not task.rows:
            message = f"{task.name} has no order in time: name a column"
            raise BadSpecError(OF if not task.columns else "column", message)
        # Each split by itself: the test set of a standard data set comes after all else.
        return {
            split: rows.argsort().argsort() * n_tasks // max(len(rows), 1)
            for split, rows in task.rows.items()
        }

    def _require(self, task: Task, rows: dict[str, Tensor], name: str) -> None:
        for split, chosen in rows.items():
            if not len(chosen) and (task.is_taught or split != "train"):
                message = (
                    f"{name} of {task.name} has no row to {split} with: {self.settings.n_tasks} "
                    "stretches are too many, or too many rows have one time"
                )
                raise BadSpecError("n_tasks", message)
