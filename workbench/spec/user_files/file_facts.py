"""File facts: what is in a file or folder of the user's, before anything is chosen from it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A column of a table, an array of a file, or a class of a folder of pictures.

    `kind` is "number", "whole number", "truth", "time", "text", "nothing", "array" or "class";
    `target` is what it would be as a target. `n_missing` and `n_distinct` are None where finding
    out would mean reading everything. `shape` is an array's; a class's has its pictures. `reason`
    is why nothing is learned from it, empty where it can be.
    """

    name: str
    kind: str
    target: Literal["classes", "values"] = "values"
    n_missing: int | None = None
    n_distinct: int | None = None
    shape: tuple[int, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file: the `family` that takes it, its kind in a word, its rows and columns.

    `rows` are the first ones as text, a value a column. `labels` is the file of an IDX file's
    labels, where one lies beside it. `sha256` is its digest now, `labels_sha256` that of `labels`.
    `notes` say how it was read, in sentences, where that is not plain.
    """

    path: str
    family: str
    kind: str
    n_rows: int
    columns: tuple[ColumnFacts, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    sha256: str = ""
    labels: str = ""
    labels_sha256: str = ""
    notes: tuple[str, ...] = ()
