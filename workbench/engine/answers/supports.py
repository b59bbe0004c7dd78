"""Supports: the few rows with answers that a model which adapts is shown first."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from workbench.engine.build.trained import inputs
from workbench.engine.build.trained.answers import class_names
from workbench.engine.build.trained.model import TrainedModel
from workbench.engine.readers.errors import DataError
from workbench.engine.readers.frame import Frame
from workbench.engine.roles.batch import Part
from workbench.engine.roles.loading import run_to_end
from workbench.engine.roles.task import Classes, Task, Values
from workbench.spec.question import Predict, RefusedError, Tell


@dataclass(frozen=True, slots=True, eq=False)
class Support:
    """The rows that one task adapts to, and the names of its classes, empty for values."""

    part: Part
    answers: tuple[str, ...] = ()


def supports_of(asked: TrainedModel, question: Predict, tell: Tell) -> dict[str, Support]:
    """The rows of a table that a model adapts to, for each task that has answers in it.

    The answer to a task is in the column of its name. Raises RefusedError and DataError.
    """
    title = asked.learner.title
    if not question.support:
        message = (
            f"{title} adapts before it answers: give a table with a few rows and their answers"
        )
        raise RefusedError(message)
    path = Path(question.support)
    named = {name: task.own_name or name for name, task in asked.tasks.items()}
    rows = run_to_end(inputs.reading(asked.tasks, path, tuple(named.values())), tell)
    if rows.frame is None:
        raise RefusedError("rows to adapt to are read from a table, whose columns have names")
    supports: dict[str, Support] = {}
    for name, views in rows.inputs.items():
        if named[name] not in rows.frame.names:
            raise DataError(path, f"lacks the column '{named[name]}' with the answers")
        supports[name] = _support(asked.tasks[name], named[name], rows.frame, views)
    return supports


def _support(task: Task, column: str, frame: Frame, views: dict[str, Tensor]) -> Support:
    is_known = ~frame.is_missing(column)
    if not is_known.any():
        raise DataError(frame.path, "has no answer in any row", column=column)
    rows = torch.from_numpy(np.flatnonzero(is_known))
    target, answers = _target(task, column, frame.where(is_known))
    return Support(Part({view: values[rows] for view, values in views.items()}, target), answers)


def _target(task: Task, column: str, frame: Frame) -> tuple[Tensor, tuple[str, ...]]:
    if isinstance(task.output, Values):
        values = torch.from_numpy(frame.numbers(column).values.astype(np.float64)).unsqueeze(1)
        scaled = values if task.scaling is None else task.scaling.scaled(values)
        return scaled.float(), ()
    if not isinstance(task.output, Classes):
        raise RefusedError(f"{task.name} answers with neither a class nor a value")
    there = frame.categories(column)
    answers = class_names(task)
    places = {name: i for i, name in enumerate(answers)}
    unknown = [name for name in there.names if name not in places]
    if unknown and task.answers:
        known = ", ".join(task.answers[:10])
        raise DataError(frame.path, f"'{unknown[0]}' is no class of it ({known})", column=column)
    if unknown:  # the classes of a small task have no names of their own
        if len(there.names) > task.output.n:
            message = f"has {len(there.names)} classes; {task.output.n} at most are told apart"
            raise DataError(frame.path, message, column=column)
        places = {name: i for i, name in enumerate(there.names)}
        answers = (*there.names, *answers[len(there.names) :])
    codes = np.array([places[name] for name in there.names], dtype=np.int64)
    return torch.from_numpy(codes[there.codes]), answers
