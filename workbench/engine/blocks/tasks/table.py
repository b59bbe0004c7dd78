"""Table: rows and columns as tasks that share their inputs."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from workbench.engine.numerics.scaling import scaling_of
from workbench.engine.roles.task import Classes, Task, Values, Vector, divided, parts, split_indices
from workbench.spec.trained.preparation import NumberColumn, TablePreparation


class Table:
    """The input columns of a table [N, n]; each target column becomes a task.

    Rows are split in shuffled order, equal rows together, so that none is in two splits; `val` and
    `test` are their shares, the rest is to train on.
    Inputs, and targets that are values, are standardised by the training rows alone.
    """

    def __init__(
        self,
        inputs: NDArray[Any],
        columns: Sequence[str],
        val: float = 0.1,
        test: float = 0.2,
        seed: int = 0,
    ) -> None:
        self.columns = tuple(columns)
        self.splits = _split(inputs, val, test, seed)
        values = torch.from_numpy(np.ascontiguousarray(inputs, dtype=np.float64))
        scaling = scaling_of(values, self.splits["train"])
        scaled = scaling.scaled(values).float()
        self.preparation = TablePreparation(
            columns=tuple(
                NumberColumn(name=name, fill=mean, mean=mean, deviation=deviation)
                for name, mean, deviation in zip(
                    self.columns, scaling.mean.tolist(), scaling.deviation.tolist(), strict=True
                )
            )
        )
        self.inputs = divided({"row": scaled}, self.splits)
        self.kind = Vector(len(self.columns))

    def values(self, name: str, target: NDArray[Any]) -> Task:
        """The task to predict a column [N] of numbers, standardised."""
        column = torch.from_numpy(np.asarray(target, dtype=np.float64)).unsqueeze(1)
        scaling = scaling_of(column, self.splits["train"])
        task = self._task(name, Values(1), scaling.scaled(column).float(), "r2", ("rmse", "mae"))
        task.scaling = scaling
        return task

    def classes(self, name: str, target: NDArray[Any], answers: Sequence[str]) -> Task:
        """The task to predict a column [N] of whole numbers, which stand for `answers`."""
        column = torch.from_numpy(np.asarray(target, dtype=np.int64))
        task = self._task(
            name, Classes(len(answers)), column, "accuracy", ("balanced-accuracy", "macro-f1")
        )
        task.answers = tuple(answers)
        return task

    def train_rows(self, column: NDArray[Any]) -> NDArray[Any]:
        """The training rows of a column [N], to derive a target from them alone."""
        return column[self.splits["train"].numpy()]

    def _task(
        self,
        name: str,
        output: Classes | Values,
        target: Tensor,
        metric: str,
        more_metrics: tuple[str, ...],
    ) -> Task:
        data = parts(self.inputs, target, self.splits)
        return Task(
            name,
            {"row": self.kind},
            output,
            data,
            metric,
            more_metrics,
            columns=self.columns,
            preparation=self.preparation,
        )


def _split(inputs: NDArray[Any], val: float, test: float, seed: int) -> dict[str, Tensor]:
    """Positions by split, where equal rows are one."""
    _, group_of_row = np.unique(inputs, axis=0, return_inverse=True)
    row_group = torch.from_numpy(group_of_row.reshape(-1))
    groups = split_indices(int(row_group.max()) + 1, seed, val, test)
    result: dict[str, Tensor] = {}
    for split, chosen in groups.items():
        rows = torch.isin(row_group, chosen).nonzero().squeeze(1)
        generator = torch.Generator().manual_seed(seed)
        result[split] = rows[torch.randperm(len(rows), generator=generator)]
    return result
