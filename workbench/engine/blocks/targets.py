"""Targets: what is to be predicted, a class or values, whatever kind of file it came from."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from workbench.engine.blocks.rows import Splits, as_positions
from workbench.engine.readers.frame import Frame
from workbench.engine.readers.problem import DataError
from workbench.engine.roles.task import Classes, InputKind, Task, Values, parts, standardised

#: What a target is: one of its classes, or values; auto decides by what is in it.
TargetKind = Literal["auto", "classes", "values"]

#: Whole numbers with no more different ones than this are taken for classes.
FEW_CLASSES = 20
MOST_CLASSES = 1000


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """A target by row: codes [N] of `answers`, or, where there are none, values [N, n]."""

    name: str
    values: NDArray[Any]
    answers: tuple[str, ...] = ()


def column_target(frame: Frame, name: str, kind: TargetKind) -> Target:
    """A column of a table as a target. Raises DataError, naming column and row."""
    if frame.n_missing(name):
        raise _missing(frame, name)
    if frame.is_categorical(name):
        if kind == "values" and frame.kind(name) == "text":
            frame.numbers(name)  # says which text is no number
        if kind != "values":
            found = frame.categories(name)
            return _classes(frame.path, name, found.codes.astype(np.int64), found.names)
    numbers = frame.numbers(name)
    is_whole = numbers.is_whole and frame.kind(name) != "time"
    return target_of(frame.path, name, numbers.values, kind, is_whole=is_whole)


def target_of(
    path: Path, name: str, values: NDArray[Any], kind: TargetKind, *, is_whole: bool
) -> Target:
    """Numbers [N] or [N, n] as a target; several a row are always values. Raises DataError."""
    if kind == "classes" or (kind == "auto" and is_whole and values.ndim == 1):
        if values.ndim > 1:
            message = f"has {values.shape[1]} numbers for each example; classes need one"
            raise DataError(path, message, column=name)
        found, codes = np.unique(values, return_inverse=True)
        if kind == "classes" or len(found) <= FEW_CLASSES:
            answers = tuple(f"{value:g}" if value % 1 else str(int(value)) for value in found)
            return _classes(path, name, codes.astype(np.int64), answers)
    columns = values.astype(np.float64).reshape(len(values), -1)
    if (columns == columns[:1]).all():
        raise DataError(path, f"is {columns[0, 0]:g} in every row: nothing to learn", column=name)
    return Target(name, columns)


def target_task(
    target: Target,
    inputs: Mapping[str, Mapping[str, Tensor]],
    kinds: Mapping[str, InputKind],
    splits: Splits,
    *,
    is_standardised: bool = True,
    columns: tuple[str, ...] = (),
) -> Task:
    """The task to predict a target from divided inputs (by split and view).

    Values are standardised by the training rows alone.
    """
    positions = as_positions(splits)
    values = torch.from_numpy(target.values)
    if target.answers:
        data = parts(inputs, values, positions)
        more = ("balanced-accuracy", "macro-f1")
        output = Classes(len(target.answers))
        return Task(
            target.name, kinds, output, data, "accuracy", more,
            columns=columns, answers=target.answers,
        )  # fmt: skip
    if is_standardised:
        values = standardised(values, positions["train"])
    data = parts(inputs, values.float(), positions)
    output = Values(values.shape[1])
    return Task(target.name, kinds, output, data, "r2", ("rmse", "mae"), columns=columns)


def strata_of(targets: list[Target]) -> NDArray[Any] | None:
    """The classes [N] that the splits should have alike: those of the first such target."""
    return next((target.values for target in targets if target.answers), None)


def _classes(path: Path, name: str, codes: NDArray[np.int64], answers: tuple[str, ...]) -> Target:
    if len(answers) == 1:
        message = f"has one class only, '{answers[0]}': nothing to tell apart"
        raise DataError(path, message, column=name)
    if len(answers) > MOST_CLASSES:
        message = (
            f"has {len(answers):,} different values, too many for classes ({MOST_CLASSES:,} at "
            f"most); is it an identifier, or are these values?"
        )
        raise DataError(path, message, column=name)
    return Target(name, codes, answers)


def _missing(frame: Frame, name: str) -> DataError:
    row = int(np.flatnonzero(frame.is_missing(name))[0])
    message = (
        f"the target has no value (in {frame.n_missing(name):,} of {frame.n_rows:,} rows); "
        "fill it in, or set missing to drop"
    )
    if frame.n_missing(name) == frame.n_rows:
        message = "has no value in any row, so it cannot be a target"
    return DataError(frame.path, message, column=name, place=frame.place(row))
