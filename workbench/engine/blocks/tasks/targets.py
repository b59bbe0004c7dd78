"""Targets: what is to be predicted, classes, labels or values, whatever file it came from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
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
from workbench.engine.roles.task import (
    NOT_ASKED,
    Classes,
    InputKind,
    Labels,
    Task,
    Values,
    parts,
)

#: What a target is: one of its classes, or values; auto decides by what is in it.
TargetKind = Literal["auto", "classes", "values"]

#: The same where it may also be labels: numbers that say of several things whether they are there.
ArrayKind = Literal["auto", "classes", "values", "labels"]

MOST_CLASSES = 1000

#: What to say where nothing is to be learned.
_ONE_ANSWER = "every row to train on has the same answer, so there is nothing to learn"

#: Classes that a notice names; the others are counted.
_NAMED = 3


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """A target by row: codes [N] of `answers`, or, where there are none, values [N, n].

    A row without an answer has the code −1, or values that are NaN. `path` is where it came from.
    The values of `labels` are 0 and 1, and may be NaN one by one.
    """

    name: str
    values: NDArray[Any]
    answers: tuple[str, ...] = ()
    path: Path = Path()
    labels: tuple[str, ...] = ()

    @property
    def is_known(self) -> NDArray[np.bool_]:
        """Which rows [N] have an answer, of labels one at least."""
        known: Any = self.values >= 0 if self.answers else ~np.isnan(self.values).all(1)
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


def label_columns(frame: Frame, name: str, columns: Sequence[str]) -> Target:
    """Columns of a table, of 0 and 1 or of truths, as labels. Raises DataError, naming a column."""
    values = np.empty((frame.n_rows, len(columns)))
    for i, column in enumerate(columns):
        frame.check_readable(column)
        values[:, i] = frame.numbers(column).values
    return labels_target(frame.path, name, values, columns, frame.place)


def _spread(target: Target, is_known: NDArray[np.bool_]) -> Target:
    """A target of the rows that are known, as one of all rows [N]."""
    fill = -1 if target.answers else np.nan
    values = np.full((len(is_known), *target.values.shape[1:]), fill, target.values.dtype)
    values[is_known] = target.values
    return replace(target, values=values)


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


def array_target(
    path: Path, name: str, values: NDArray[Any], kind: ArrayKind, missing: Sequence[float] = ()
) -> Target:
    """An array [N] or [N, n] as a target; NaN and the numbers `missing` are no answer.

    An array [N, n] of nothing but 0 and 1 is labels, unless it is to be values. Raises DataError.
    """
    if values.dtype.kind not in "biuf":
        return target_of(path, name, values, _no_labels(path, name, kind), is_whole=False)
    numbers = values.reshape(len(values), -1)
    is_gap = np.isin(numbers, list(missing))
    is_gap |= np.isnan(numbers)
    is_whole = values.dtype.kind in "biu"
    if not is_gap.any():
        if kind == "labels" or (kind == "auto" and _are_labels(numbers, is_gap)):
            return labels_target(path, name, numbers.astype(np.float64))
        return target_of(path, name, values, _no_labels(path, name, kind), is_whole=is_whole)
    if is_gap.all():
        raise DataError(path, "has no answer in any row, so it cannot be a target", column=name)
    if kind == "labels" or (kind == "auto" and _are_labels(numbers, is_gap)):
        return labels_target(path, name, np.where(is_gap, np.nan, numbers.astype(np.float64)))
    is_known: Any = ~is_gap.any(1)  # an answer of several values is known as a whole
    if not is_known.any():
        message = "has no row in which every value is known, so it cannot be a target"
        raise DataError(path, message, column=name)
    is_whole = is_whole or bool((values[is_known] % 1 == 0).all())
    known_part = target_of(
        path, name, values[is_known], _no_labels(path, name, kind), is_whole=is_whole
    )
    return _spread(known_part, is_known)


def _are_labels(numbers: NDArray[Any], is_gap: NDArray[np.bool_]) -> bool:
    """Whether numbers [N, n] are 0 and 1 but for the gaps, in more columns than one."""
    return numbers.shape[1] > 1 and bool((is_gap | (numbers == 0) | (numbers == 1)).all())


def _no_labels(path: Path, name: str, kind: ArrayKind) -> TargetKind:
    if kind == "labels":
        raise DataError(path, "labels are numbers, 0 and 1", column=name)
    return kind


def labels_target(
    path: Path,
    name: str,
    values: NDArray[np.float64],
    names: Sequence[str] = (),
    place: Callable[[int], str] = lambda row: f"row {row + 1:,}",
) -> Target:
    """Numbers [N, n] of 0 and 1, or NaN, as labels with these names. Raises DataError."""
    is_wrong = ~np.isnan(values) & (values != 0) & (values != 1)
    if is_wrong.any():
        row, column = (int(place) for place in np.argwhere(is_wrong)[0])
        label = names[column] if names else str(column + 1)
        message = f"labels are 0 and 1; label {label} is {values[row, column]:g}"
        raise DataError(path, message, column=name, place=place(row))
    for column in range(values.shape[1]):
        seen = np.unique(values[:, column])
        if len(seen[~np.isnan(seen)]) == 0:
            label = names[column] if names else str(column + 1)
            raise DataError(path, f"label {label} is known in no row", column=name)
    called = tuple(names) or tuple(str(i + 1) for i in range(values.shape[1]))
    return Target(name, values, path=path, labels=called)


def target_task(
    target: Target,
    inputs: Mapping[str, Mapping[str, Tensor]],
    kinds: Mapping[str, InputKind],
    splits: Splits,
    *,
    is_standardised: bool = True,
    columns: tuple[str, ...] = (),
    row_weights: Tensor | None = None,
) -> Task:
    """The task to predict a target from divided inputs, which are by split and view.

    Rows without an answer stay among the others, so that tasks share inputs and splits; the
    target marks them. Values are standardised by the training rows alone, and the task knows how,
    so that errors are told in the target's own unit. `row_weights` [N] are what each row counts.
    """
    positions = as_positions(splits)
    for split, rows in splits.items():
        if not target.is_known[rows].any():
            message = f"has too few answers: the rows for {split} have none"
            raise DataError(target.path, message, column=target.name)
    if target.answers:
        codes = torch.from_numpy(np.where(target.values < 0, NOT_ASKED, target.values))
        data = parts(inputs, codes, positions, row_weights)
        more = ("balanced-accuracy", "macro-f1")
        return Task(
            target.name, kinds, Classes(len(target.answers)), data, "accuracy", more,
            columns=columns, answers=target.answers, notices=_rare(target, splits), rows=positions,
        )  # fmt: skip
    if target.labels:
        there = torch.from_numpy(target.values.astype(np.float32))
        return Task(
            target.name, kinds, Labels(len(target.labels)),
            parts(inputs, there, positions, row_weights), "macro-f1",
            ("average-precision", "subset-accuracy"), columns=columns, answers=target.labels,
            rows=positions,
        )  # fmt: skip
    learned = splits["train"][target.is_known[splits["train"]]]
    values, scaling = torch.from_numpy(target.values), None
    if is_standardised:
        scaling = scaling_of(values, torch.from_numpy(learned))
        values = scaling.scaled(values)
    is_varied = bool(varies(target.values[learned]).any())
    notices = () if is_varied else (f"{target.name}: {_ONE_ANSWER}",)
    single = torch.from_numpy(in_single(target.path, target.name, values.numpy()))
    return Task(
        target.name, kinds, Values(values.shape[1]),
        parts(inputs, single, positions, row_weights), "r2", ("rmse", "mae"), columns=columns,
        scaling=scaling, notices=notices, rows=positions,
    )  # fmt: skip


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
        split: np.bincount(target.values[rows][target.is_known[rows]], minlength=n)
        for split, rows in splits.items()
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
