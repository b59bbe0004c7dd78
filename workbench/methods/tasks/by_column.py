"""by-column: the rows of a table, those with each value of a column as a task."""

from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor

from workbench.engine.blocks.tasks.made.columns import Column, column_of
from workbench.engine.blocks.tasks.made.inputs import n_bytes, named
from workbench.engine.blocks.tasks.made.picked import Picked
from workbench.engine.roles.made import Maker, Source, source
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Task
from workbench.spec.settings import Settings, setting

#: Groups that a sentence names; the others are counted.
_NAMED = 3


class ByColumn(Maker):
    """The rows of a table as tasks: one for each site, year or user that a column names.

    The column is one of the inputs, and is none of those of the tasks made: it would tell which
    task a row is of. Rows stay in the split they are in; values with no row in a split are left
    out.
    """

    key = "by-column"
    title = "By a column"
    helps = "Does what is learned at one site, or of one user, hold at the next?"

    class Settings(Settings):
        """Which column, and how many of its values become tasks."""

        of: Source = source({"family": "diabetes"}, "The family with the table, with its settings.")
        column: str = setting(
            "sex", "The input column whose values are tasks: a site, a year.", max_length=1000
        )
        n_tasks: int = setting(
            20, "Tasks at most: the values with the most rows.", ge=1, le=1000, title="Tasks"
        )
        keeps_column: bool = setting(False, "The column stays an input of the tasks.")
        scenario: Literal["domain", "task"] = setting(
            "domain", "One head that does not know the task, or a head for each task."
        )

    def make(self, sources: Sequence[Sequence[Task]]) -> list[Task]:
        (tasks,) = sources
        by_task = self.settings.scenario == "task"
        picked = Picked()
        made: list[Task] = []
        for task in tasks:
            column = column_of(task, self.settings.column)
            kept = self._inputs(task, column)
            values, notices = self._groups(task, column)
            head = "" if by_task else f"{self.key} of {task.head_identity}"
            for i, value in enumerate(values):
                name = f"{column.name} {column.text(value)}"
                rows = {s: (v == value).nonzero().squeeze(1) for s, v in column.values.items()}
                one = picked.of(task, name, rows, kept)
                one.notices = () if i else (*task.notices, *notices)
                made.append(named(one, task, name, head, len(tasks)))
        return made

    def n_made(self, sources: Sequence[Sequence[Task]]) -> int:
        return n_bytes(sources[0])

    def _inputs(self, task: Task, column: Column) -> Tensor | None:
        if self.settings.keeps_column:
            return None
        kept = [i for i in range(len(task.columns)) if i not in column.features]
        if not kept:
            message = f"is the only input of {task.name}: nothing is left to learn from"
            raise BadSpecError("column", message)
        return torch.tensor(kept)

    def _groups(self, task: Task, column: Column) -> tuple[list[float], tuple[str, ...]]:
        """The values that become tasks, in their order, and what to say of the others."""
        counts: dict[float, dict[str, int]] = {}
        for split, values in column.values.items():
            distinct, n_rows = values.unique(return_counts=True)
            for value, n in zip(distinct.tolist(), n_rows.tolist(), strict=True):
                counts.setdefault(value, {})[split] = n
        wanted = [s for s in column.values if task.is_taught or s != "train"]
        whole = [value for value, of in counts.items() if all(split in of for split in wanted)]
        if not whole:
            message = f"'{column.name}' has no value with rows to train, validate and test on"
            raise BadSpecError("column", f"{message}, of {len(counts):,} values")
        largest = sorted(whole, key=lambda v: -sum(counts[v].values()))[: self.settings.n_tasks]
        few = [value for value in counts if value not in largest]
        if not few:
            return sorted(largest), ()
        shown = ", ".join(f"'{column.text(v)}' ({sum(counts[v].values()):,})" for v in few[:_NAMED])
        more = f" and {len(few) - _NAMED:,} more" if len(few) > _NAMED else ""
        notice = f"{task.name}: rows of {column.name} {shown}{more} are left out: too few"
        return sorted(largest), (notice,)
