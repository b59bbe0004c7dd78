"""Own table: how a table of the user's is read, and which of its columns are inputs.

The settings are those that several families have in common.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from workbench.engine.blocks.tasks.features import Missing as Missing
from workbench.engine.readers import tables
from workbench.engine.readers.columns.remarks import why_not_proposed
from workbench.engine.readers.errors import DataError
from workbench.engine.readers.frame import Frame
from workbench.engine.roles.method import BadSpecError
from workbench.spec.settings import setting
from workbench.spec.user_files.reading import Reading

Column = Annotated[str, Field(max_length=1000)]
LabelColumns = Annotated[list[Column], Field(max_length=1000)]
Separator = Literal["auto", "comma", "semicolon", "tab", "bar"]
Decimal = Literal["auto", "point", "comma"]
Encoding = Literal[
    "auto", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252", "cp1250",
    "cp1251", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr",
]  # fmt: skip
Quote = Literal["auto", "double", "single", "none"]
Thousands = Literal["auto", "none", "comma", "point", "blank", "apostrophe"]
ColumnType = Literal["number", "category", "ordered", "date", "time of day", "text", "leave out"]
InputsIn = Literal["auto", "memory", "file"]
Mark = Annotated[str, Field(max_length=100)]

FILE = setting(
    "",
    "The table: CSV or TSV, which may be gzipped, a sheet of XLSX or ODS, Feather, Parquet, or a"
    " folder of Parquet files.",
    max_length=4096,
)
SHA256 = setting(
    "",
    "SHA-256 of the file: the run is refused if it changed. Not checked if empty.",
    title="SHA-256",
    pattern="^([0-9a-fA-F]{64})?$",
)
MISSING = setting(
    "mean",
    "Missing numbers become the training rows' mean, median or most frequent value, or the mean"
    " with a column that says so (indicator); missing text is no category, the most frequent, or"
    " one of its own (category, indicator); or rows with any missing value are left out (drop).",
)
MOST_CATEGORIES = setting(
    50,
    "Text is one column of 0 and 1 for each of so many of its values; rarer ones share one.",
    ge=1,
    le=10_000,
)
STANDARDISE = setting(
    True, "Numbers with mean 0 and deviation 1 over the training rows; targets too."
)
INPUTS_IN = setting(
    "auto",
    "Inputs are held in memory, or lie prepared in a file from which each batch is read, ahead of"
    " its step: Parquet alone. The tasks are the same. auto: in a file where reading would take"
    " more than 1 GiB, or half of the memory there is.",
    title="Keep inputs in",
)
SPLIT = setting(
    "",
    "The column that says what each row is for: train, validation or test; the shares do if empty.",
    title="Split column",
)
SEPARATOR = setting("auto", "What separates the columns of a CSV file.")
HEADER = setting(
    True,
    "The first line of a CSV file names the columns; otherwise they are called column 1, "
    "column 2 and so on.",
)
DECIMAL = setting("auto", "What a CSV file has between the whole part of a number and the rest.")
ENCODING = setting(
    "auto", "How a CSV file writes its letters; auto: by its mark, else UTF-8 where it is that."
)
QUOTE = setting("auto", "What stands about values of a CSV file that hold a separator.")
SKIP = setting(0, "Lines of a CSV file, or rows of a sheet, before its header.", ge=0, le=1_000_000)
COMMENT = setting(
    "auto",
    "What lines of a CSV file begin with that are no rows; none: every line is one; auto: # before"
    " the header alone.",
    min_length=1,
    max_length=10,
)
THOUSANDS = setting("auto", "What stands between the thousands of a number written as text.")
MISSING_MARKS = setting(
    [],
    "What stands for a missing value, beside the empty cell; if empty: NA, ?, NaN and their like,"
    " and - or . among numbers.",
    max_length=100,
)
DATE_FORMAT = setting(
    "auto",
    "How dates are written: day-first, month-first, or a pattern such as %d.%m.%Y; auto: as they"
    " look.",
    min_length=1,
    max_length=100,
)
SHEET = setting("", "The sheet of a workbook; may be empty where it has one alone.", max_length=200)
TYPES = setting(
    {},
    "What columns are taken for where it is not what they look like: a number, a category, ordered,"
    " a date, a time of day, text, or leave out.",
    max_length=10_000,
)


def inputs_named(
    path: Path, reading: Reading, inputs: Sequence[str], others: Mapping[str, Sequence[str]]
) -> list[str]:
    """The input columns of a file: those that are named, or all that serve nothing else.

    `others` are the columns that each other setting names, the targets first. Every column is
    known to exist. Raises BadSpecError, DataError and OSError.
    """
    known = tables.names(path, reading)
    for field, chosen in (("inputs", inputs), *others.items()):
        for name in chosen:
            if name not in known:
                message = f"{path.name} has no column '{name}' (it has: {', '.join(known)})"
                raise BadSpecError(field, message)
    taken = {name: field for field, chosen in others.items() for name in chosen}
    for name in inputs:
        if name in taken:
            field = taken[name].replace("_", " ")
            is_target = field.startswith("target")
            what = "a target" if is_target else "a label" if field == "labels" else f"the {field}"
            raise BadSpecError("inputs", f"'{name}' is {what} too: it would be told")
    left = list(dict.fromkeys(inputs)) or [name for name in known if name not in taken]
    if not left:
        field = next(iter(others))
        what = "is a target" if len(others) == 1 else f"is {' or '.join(others)}"
        raise BadSpecError(field, f"every column {what}: none is left to learn from")
    return left


def inputs_taken(
    frame: Frame, inputs: list[str], named: Sequence[str], field: str
) -> tuple[list[str], list[str]]:
    """The inputs that can be learned from, and what to say of the others.

    Columns that were asked for by name are not left out in silence: they are refused. `field` is
    the setting to change where no column is left.
    """
    reasons = {name: frame.reason(name) for name in inputs}
    if not named:
        unlikely = {name: why_not_proposed(frame, name, _distinct(frame, name)) for name in inputs}
        reasons = {name: reasons[name] or unlikely[name] for name in inputs}
    for name in named:
        if reasons[name] and not frame.is_counter(name):
            raise DataError(frame.path, f"{reasons[name]}: leave it out", column=name)
    if named:
        return inputs, []
    left_out = [f"column '{name}' is left out: it {why}" for name, why in reasons.items() if why]
    taken = [name for name in inputs if not reasons[name]]
    if not taken:
        words = "; ".join(left_out[:3])
        raise BadSpecError(field, f"no column is left to learn from: {words}")
    return taken, left_out


def _distinct(frame: Frame, name: str) -> int | None:
    """Different values of a column, where something follows from how many they are."""
    return frame.n_distinct(name) if frame.kind(name) in ("text", "whole number") else None


def has_all(frame: Frame, names: Sequence[str]) -> NDArray[np.bool_]:
    """Which rows [N] have a value in each of these columns. Raises BadSpecError where none has."""
    is_missing = np.zeros(frame.n_rows, dtype=bool)
    for name in names:
        is_missing |= frame.is_missing(name)
    if is_missing.all():
        raise BadSpecError("missing", "drop leaves no row: each lacks a value somewhere")
    return ~is_missing


def without_missing(frame: Frame, names: Sequence[str]) -> Frame:
    """The rows that have a value in each of these columns. Raises BadSpecError where none has."""
    is_kept = has_all(frame, names)
    return frame if is_kept.all() else frame.where(is_kept)


#: What becomes of missing values, in a sentence.
_BECOME = {
    "mean": "the mean, or no category",
    "median": "the median, or no category",
    "most-frequent": "the most frequent value",
    "category": "the mean, or a category of their own",
    "indicator": "the mean, or a category of their own, and are told apart",
}
#: Columns that a sentence names.
_NAMED = 3


def words_for_missing(
    frame: Frame, inputs: Sequence[str], missing: str, n_before: int
) -> list[str]:
    """What to say of values that inputs lack, and of rows that were left out for that."""
    if missing == "drop":
        n = n_before - frame.n_rows
        left = f"{frame.n_rows:,} are left"
        return [f"{n:,} of {n_before:,} rows lack a value and are left out; {left}"] if n else []
    counts = {name: n for name in inputs if (n := frame.n_missing(name))}
    if not counts:
        return []
    shown = ", ".join(f"'{name}' ({n:,})" for name, n in list(counts.items())[:_NAMED])
    more = f" and {len(counts) - _NAMED:,} more columns" if len(counts) > _NAMED else ""
    what = f"of {frame.n_rows:,} rows some lack a value in {shown}{more}"
    return [f"{what}: they become {_BECOME[missing]}"]


def columns_of(frame: Frame, names: Sequence[str]) -> Iterator[NDArray[Any]]:
    """The values of columns, of categories their codes, to tell rows that are equal."""
    for name in names:
        if frame.is_categorical(name):
            yield frame.categories(name).codes
        else:
            yield frame.numbers(name).values
