"""File facts: what is in a file or folder of the user's, before anything is chosen from it."""

from dataclasses import dataclass
from typing import Literal

from workbench.spec.user_files.text_facts import TextFacts

#: What a column may be for: what it is proposed as, and what the user makes of it.
Role = Literal["input", "target", "group", "weight", "split", "leave out"]
ROLES: tuple[Role, ...] = ("input", "target", "group", "weight", "split", "leave out")

#: Kinds of files that hold one array alone, whose labels are in another file.
ONE_ARRAY = ("IDX", "NPY")

#: The kind of a folder of pictures with a table beside them, whose columns say what they are.
PICTURES_WITH_TABLE = "pictures with a table"

#: A value of a setting of reading: `Reading` names them.
ReadValue = str | bool | int | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Histogram:
    """How the values of a column are spread: a bar's label and how many rows it counts.

    Of numbers, dates and times of day the bars are equal stretches, and `edges` are their ends, one
    more than there are bars: numbers, days since 1970, hours. Of other columns they are the most
    frequent values, the first the most frequent, and `n_others` are the rows of the rest.
    """

    labels: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    edges: tuple[float, ...] = ()
    n_others: int = 0


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A column of a table, an array of a file, or a class of a folder of pictures.

    `kind` is what the file holds: "number", "whole number", "truth", "time", "text", "nothing",
    "array" or "class"; `target` is what it would be as a target. `n_missing` and `n_distinct` are
    None where finding out would mean reading everything. `shape` is an array's; a class's has its
    pictures. `reason` is why nothing is learned from it, empty where it can be.

    `type` is what the column is taken for: "number", "whole number", "truth", "category",
    "ordered", "date", "time of day", "text", "list", "record", "duration", "bytes", "nothing",
    "array" or "class". `may_be` are the values that `types` of the family may have for it: one of
    `reading.TYPES` each, `is_given` whether they name one now. `role` is what it is proposed as,
    and `role_reason` why; a column that is left out by its own nature has that as its `reason` too.
    `remark` says what looks odd, as a question or a sentence, and is empty where nothing does.
    """

    name: str
    kind: str
    target: Literal["classes", "values"] = "values"
    n_missing: int | None = None
    n_distinct: int | None = None
    shape: tuple[int, ...] = ()
    reason: str = ""
    type: str = ""
    may_be: tuple[str, ...] = ()
    is_given: bool = False
    role: Role = "input"
    role_reason: str = ""
    remark: str = ""
    histogram: Histogram = Histogram()


@dataclass(frozen=True, slots=True)
class ReadSetting:
    """One setting of how a table was read: what was in force, and whether that was guessed.

    `name` is its key in a preset, and that of a field of `Reading`. `value` was in force;
    `is_given` says that the user asked for it, else it was guessed. `proposed` is what would seem
    better, None where nothing does: to be offered, not taken without asking. `words` say why, as a
    sentence.
    """

    name: str
    value: ReadValue
    is_given: bool = False
    proposed: ReadValue | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file: the `family` that takes it, its kind in a word, its rows and columns.

    `rows` are the first ones as text, a value a column. `labels` is the file of an IDX file's
    labels, or the table of a folder's pictures, where one lies beside it. `sha256` is its digest
    now, `labels_sha256` that of `labels`. `notes` say how it was read, in sentences, where that is
    not plain.

    `is_whole` says that every row was looked at; else the counts of columns are those of the first
    `n_seen` rows, `n_rows` is an estimate where the file does not tell it, and there is no digest.
    `reading` are the settings that matter for this file, `sheets` the sheets of a workbook, of
    which the one of the setting `sheet` is shown. `lines` are the first lines of a text file, as
    they are decoded. `problem` is why it cannot be read with these settings, which others may mend;
    it has then no columns.

    `others` are families that would take the same file as something else. `texts` are the languages
    of a file of sentences; the chosen ones are its columns. `beside_sha256` is the digest of the
    files that are read with it.
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
    is_whole: bool = True
    n_seen: int = 0
    reading: tuple[ReadSetting, ...] = ()
    sheets: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    problem: str = ""
    others: tuple[str, ...] = ()
    texts: TextFacts | None = None
    beside_sha256: str = ""

    @property
    def has_table_beside(self) -> bool:
        """Whether the inputs are pictures, and the columns those of a table beside them."""
        return self.kind == PICTURES_WITH_TABLE

    @property
    def has_classes(self) -> bool:
        """Whether it is a folder with a folder of pictures for each class."""
        return self.family == "pictures" and not self.has_table_beside

    def setting(self, name: str) -> ReadSetting | None:
        """How one setting of reading was in force; None where it does not matter for this file."""
        return next((one for one in self.reading if one.name == name), None)
