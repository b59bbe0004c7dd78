"""Prediction: what a model says of the rows of a file, with how sure it is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class TaskPrediction:
    """What one task says of N rows: numbers `values` [N, n].

    With `answers` they are the probability of each of these classes, which sum to 1 unless
    `are_labels`: then each may be there or not. Without, they are values in the target's own unit.
    `low` and `high` bound the mean over seeds, where several models were asked.
    """

    task: str
    values: Numbers
    answers: tuple[str, ...] = ()
    are_labels: bool = False
    low: Numbers | None = None
    high: Numbers | None = None

    @property
    def chosen(self) -> tuple[str, ...]:
        """The likeliest class of each row; of labels those that are likelier there than not.

        Empty for values, and where a row has no answer that is a number.
        """
        if not self.answers:
            return ()
        if self.are_labels:
            pairs = (zip(self.answers, row, strict=True) for row in self.values.tolist())
            return tuple(", ".join(name for name, share in row if share > 0.5) for row in pairs)
        best = np.nan_to_num(self.values).argmax(1).tolist()
        unknown = [bool(np.isnan(row).any()) for row in self.values]
        pairs = zip(best, unknown, strict=True)
        return tuple("" if is_unknown else self.answers[i] for i, is_unknown in pairs)


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """What a model says of the rows of a file, task by task, from its checkpoint at `step`.

    `labels` [N] are what each row is called, such as a picture's file; empty where they are counted
    alone. `notices` are sentences on what was done with the file.
    """

    step: int
    n_rows: int
    tasks: tuple[TaskPrediction, ...]
    labels: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    n_models: int = 1


def columns_of(prediction: Prediction) -> dict[str, Sequence[Any]]:
    """A prediction as columns by name, as a table has them; one row each.

    A task with classes gives its answer and the probability of each; one of values the value. With
    several models each number has its bounds beside it.
    """
    columns: dict[str, Sequence[Any]] = {}
    if prediction.labels:
        columns["file"] = prediction.labels
    for task in prediction.tasks:
        n = task.values.shape[1]
        if task.answers:
            columns[task.task] = task.chosen
            titles = [f"{task.task} = {answer}" for answer in task.answers]
        else:
            titles = [task.task] if n == 1 else [f"{task.task} {i + 1}" for i in range(n)]
        for i, title in enumerate(titles):
            columns[title] = task.values[:, i].tolist()
            for name, bound in (("low", task.low), ("high", task.high)):
                if bound is not None:
                    columns[f"{title} ({name})"] = bound[:, i].tolist()
    return columns


def document_of(prediction: Prediction) -> dict[str, Any]:
    """A prediction as JSON has it; a number that is none is null."""
    tasks: dict[str, Any] = {}
    for task in prediction.tasks:
        told: dict[str, Any]
        if task.answers:
            told = {"classes": list(task.answers), "prediction": list(task.chosen)}
            told["probability"] = _plain(task.values)
        else:
            told = {"prediction": _plain(task.values)}
        for name, bound in (("low", task.low), ("high", task.high)):
            if bound is not None:
                told[name] = _plain(bound)
        tasks[task.task] = told
    return {
        "step": prediction.step,
        "rows": prediction.n_rows,
        "models": prediction.n_models,
        "labels": list(prediction.labels),
        "notices": list(prediction.notices),
        "tasks": tasks,
    }


def _plain(values: Numbers) -> list[list[float | None]]:
    return [[v if np.isfinite(v) else None for v in row] for row in values.tolist()]


def over_seeds(predictions: Sequence[Prediction], quantile: float) -> Prediction:
    """The mean over models of several seeds, with its interval: `quantile` · s / √n on each side.

    All were asked of the same rows. The mean of probabilities is one again; the bounds of a
    probability stay between 0 and 1.
    """
    first = predictions[0]
    n = len(predictions)
    if n == 1:
        return first
    tasks: list[TaskPrediction] = []
    for i, task in enumerate(first.tasks):
        stack = np.stack([each.tasks[i].values for each in predictions])
        mean, half = stack.mean(0), quantile * stack.std(0, ddof=1) / np.sqrt(n)
        low, high = mean - half, mean + half
        if task.answers:
            low, high = low.clip(0, 1), high.clip(0, 1)
        tasks.append(replace(task, values=mean, low=low, high=high))
    notices = dict.fromkeys(notice for each in predictions for notice in each.notices)
    return replace(first, tasks=tuple(tasks), notices=tuple(notices), n_models=n)
