"""Targets: what is to be predicted, a class or values, whatever kind of file it came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from workbench.engine.blocks.tasks.splits import Splits, as_positions
from workbench.engine.numerics.scaling import scaling_of, varies
from workbench.engine.readers.columns.facts import FEW_CLASSES
from workbench.engine.readers.errors import DataError, check_numbers, in_single
from workbench.engine.readers.frame import Frame
from workbench.engine.roles.task import Classes, InputKind, Task, Values, parts

#: What a target is: one of its classes, or values; auto decides by what is in it.
TargetKind = Literal["auto", "classes", "values"]

MOST_CLASSES = 1000

#: Classes that a notice names; the others are counted.
_NAMED = 3


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """A target by row: codes [N] of `answers`, or, where there are none, values [N, n].

    A row without an answer has the code −1, or a value that is NaN. `path` is where it came from.
    """

    name: str
    values: NDArray[Any]
    answers: tuple[str, ...] = ()
    path: Path = Path()

    @property
    def is_known(self) -> NDArray[np.bool_]:
        """Which rows [N] have an answer."""
        known: Any = self.values >= 0 if self.answers else ~np.isnan(self.values).any(1)
        return known


def column_target(frame: Frame, name: str, kind: TargetKind) -> Target:
    """A column of a table as a target. Raises DataError, naming column and row."""
    frame.check_readable(name)
    is_missing = frame.is_missing(name)
    if is_missing.all():
        message = "has no value in any row, so it cannot be a target"
        raise DataError(frame.path, message, column=name)
    if frame.is_categorical(name):
        if kind == "values" and frame.kind(name) == "text":
            frame.numbers(name)  # says which text is no number
        if kind != "values":
            column = frame.categories(name)
            return _classes(frame.path, name, column.codes.astype(np.int64), column.names)
    numbers = frame.numbers(name)
    is_whole = numbers.is_whole and frame.kind(name) != "time"
    made = target_of(frame.path, name, numbers.values[~is_missing], kind, is_whole=is_whole)
    return _spread(made, ~is_missing) if is_missing.any() else made


def _spread(target: Target, is_known: NDArray[np.bool_]) -> Target:
    """A target of the rows that are known, as one of all rows [N]."""
    fill = -1 if target.answers else np.nan
    values = np.full((len(is_known), *target.values.shape[1:]), fill, target.values.dtype)
    values[is_known] = target.values
    return Target(target.name, values, target.answers, target.path)


def target_of(
    path: Path,
    name: str,
    values: NDArray[Any],
    kind: TargetKind,
    *,
    is_whole: bool,
) -> Target:
    """Numbers [N] or [N, n] as a target; several a row are always values. Raises DataError."""
    if kind == "classes" or (kind == "auto" and is_whole and values.ndim == 1):
        if values.ndim > 1:
            message = f"has {values.shape[1]} numbers for each example; classes need one"
            raise DataError(path, message, column=name)
        distinct, codes = np.unique(values, return_inverse=True)
        if kind == "classes" or len(distinct) <= FEW_CLASSES:
            answers = tuple(f"{value:g}" if value % 1 else str(int(value)) for value in distinct)
            return _classes(path, name, codes.astype(np.int64), answers)
    columns = values.astype(np.float64).reshape(len(values), -1)
    check_numbers(path, name, columns)
    if not varies(values.reshape(len(values), -1)).any():
        raise DataError(path, f"is {columns[0, 0]:g} in every row: nothing to learn", column=name)
    return Target(name, columns, path=path)


def target_task(
    target: Target,
    inputs: Mapping[str, Mapping[str, Tensor]],
    kinds: Mapping[str, InputKind],
    splits: Splits,
    *,
    is_standardised: bool = True,
    columns: tuple[str, ...] = (),
) -> Task:
    """The task to predict a target, of whose rows all have an answer, from divided inputs.

    The inputs are by split and view. Values are standardised by the training rows alone, and the
    task knows how, so that errors are told in the target's own unit.
    """
    positions = as_positions(splits)
    if target.answers:
        data = parts(inputs, torch.from_numpy(target.values), positions)
        more = ("balanced-accuracy", "macro-f1")
        return Task(
            target.name, kinds, Classes(len(target.answers)), data, "accuracy", more,
            columns=columns, answers=target.answers, notices=_rare(target, splits), rows=positions,
        )  # fmt: skip
    values, scaling = torch.from_numpy(target.values), None
    if is_standardised:
        scaling = scaling_of(values, positions["train"])
        values = scaling.scaled(values)
    single = torch.from_numpy(in_single(target.path, target.name, values.numpy()))
    return Task(
        target.name, kinds, Values(values.shape[1]), parts(inputs, single, positions),
        "r2", ("rmse", "mae"), columns=columns, scaling=scaling, rows=positions,
    )  # fmt: skip


class Answered:
    """The rows of divided inputs (by split and view) that have an answer to a target.

    Targets that lack the same answers get the same tensors, so that their tasks share inputs.
    """

    def __init__(self, inputs: Mapping[str, Mapping[str, Tensor]], splits: Splits) -> None:
        self.inputs = inputs
        self.splits = splits
        self._made: dict[bytes, tuple[Mapping[str, Mapping[str, Tensor]], Splits]] = {}

    def of(
        self, target: Target
    ) -> tuple[Mapping[str, Mapping[str, Tensor]], Splits, tuple[str, ...]]:
        """Inputs and splits of the rows with an answer, and what to say. Raises DataError."""
        is_known = target.is_known
        if is_known.all():
            return self.inputs, self.splits, ()
        key = np.packbits(is_known).tobytes()
        if key not in self._made:
            is_used = {split: is_known[rows] for split, rows in self.splits.items()}
            splits = {split: rows[is_used[split]] for split, rows in self.splits.items()}
            for split, rows in splits.items():
                if not len(rows):
                    message = f"has too few values: the rows for {split} have none"
                    raise DataError(target.path, message, column=target.name)
            inputs = {
                split: {
                    view: values[torch.from_numpy(is_used[split])] for view, values in of.items()
                }
                for split, of in self.inputs.items()
            }
            self._made[key] = inputs, splits
        n, total = int(is_known.sum()), len(is_known)
        notice = f"{target.name}: {total - n:,} of {total:,} rows have no answer; {n:,} are used"
        return *self._made[key], (notice,)


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
    return Target(name, codes, answers, path)


def _rare(target: Target, splits: Splits) -> tuple[str, ...]:
    """What to say of classes that training never sees, or that are not asked for afterwards."""
    n = len(target.answers)
    counts = {
        split: np.bincount(target.values[rows], minlength=n) for split, rows in splits.items()
    }
    total = counts["train"] + counts["val"] + counts["test"]
    is_unseen = (counts["train"] == 0) & (total > 0)
    is_unasked = (counts["train"] > 0) & ((counts["val"] == 0) | (counts["test"] == 0))
    warnings: list[str] = []
    for is_one, words in (
        (is_unseen, "has no row to train on, so it cannot be learned"),
        (is_unasked, "has too few rows to be in every split"),
    ):
        names = [f"'{target.answers[i]}' ({total[i]:,})" for i in np.flatnonzero(is_one)]
        if names:
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            shown = ", ".join(names[:_NAMED]) + more
            warnings.append(f"{target.name}: class {shown} {words}")
    return tuple(warnings)
