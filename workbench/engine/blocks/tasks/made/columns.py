"""Columns: what a column of a task's inputs was before it became numbers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import torch
from torch import Tensor

from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Task, Vector
from workbench.spec.experiments.nested import OF
from workbench.spec.trained.preparation import NumberColumn, TablePreparation

#: What single precision takes off a number a few deviations from the mean, as a share of one.
_LOST = 2e-6
_FIRST_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column by split: numbers [N], or the places [N] of `names`; `features` are its numbers'.

    What is a date counts days since 1970.
    """

    name: str
    values: Mapping[str, Tensor]
    names: tuple[str, ...]
    features: tuple[int, ...]
    is_time: bool = False

    def text(self, value: float) -> str:
        """A value as the file has it, about."""
        if self.names:
            return self.names[int(value)]
        if self.is_time and value.is_integer():
            return (_FIRST_DAY + timedelta(days=int(value))).isoformat()
        return str(int(value)) if value.is_integer() else f"{value:.10g}"


def column_of(task: Task, name: str) -> Column:
    """A column among the inputs of a task. Raises BadSpecError where there is none of the name."""
    kinds = list(task.inputs.values())
    if len(kinds) != 1 or not isinstance(kinds[0], Vector) or not task.columns:
        raise BadSpecError(OF, f"has to be of a table with columns; {task.name} is not")
    if name in task.columns:
        return _numbers(task, name)
    features = [i for i, one in enumerate(task.columns) if one.startswith(f"{name} = ")]
    if not features:
        known = ", ".join(dict.fromkeys(one.partition(" = ")[0] for one in task.columns))
        message = f"is '{name}', which is not among the inputs of {task.name} (they are: {known})"
        raise BadSpecError("column", message)
    return _categories(task, name, features)


def _values(task: Task) -> dict[str, Tensor]:
    return {split: next(iter(part.inputs.values())) for split, part in task.data.items()}


def _numbers(task: Task, name: str) -> Column:
    place = task.columns.index(name)
    mean, deviation, is_time = 0.0, 1.0, False
    if isinstance(task.preparation, TablePreparation):
        for column in task.preparation.columns:
            if isinstance(column, NumberColumn) and column.name == name:
                mean, deviation, is_time = column.mean, column.deviation, column.is_time
    values = {split: v[:, place].double() * deviation + mean for split, v in _values(task).items()}
    rounded = {split: _rounded(v, deviation) for split, v in values.items()}
    more = [i for i, one in enumerate(task.columns) if one == f"{name} missing"]
    return Column(name, rounded, (), (place, *more), is_time)


def _rounded(values: Tensor, deviation: float) -> Tensor:
    """Numbers with the digits that they still have after they were scaled in single precision."""
    unit = 10.0 ** math.ceil(math.log10(max(deviation, 1e-300) * _LOST))
    return (values / unit).round() * unit + 0.0


def _categories(task: Task, name: str, features: list[int]) -> Column:
    names = tuple(task.columns[i].removeprefix(f"{name} = ") for i in features)
    more = [i for i, one in enumerate(task.columns) if one == f"{name} missing"]
    values: dict[str, Tensor] = {}
    for split, of in _values(task).items():
        own = of[:, features]
        is_none = own.amax(1) < 0.5
        values[split] = torch.where(is_none, len(names), own.argmax(1)).double()
    return Column(name, values, (*names, "missing"), (*features, *more))
