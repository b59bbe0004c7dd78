"""Table: a sheet of a workbook as a table, with names in its first row."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from workbench.engine.readers.columns.remarks import counts_rows
from workbench.engine.readers.columns.understood import with_types
from workbench.engine.readers.dialect.header import doubt, header_settings
from workbench.engine.readers.dialect.missing import marks_in, shown
from workbench.engine.readers.dialect.text_columns import Words
from workbench.engine.readers.errors import DataError
from workbench.engine.readers.frame import Frame
from workbench.engine.readers.names import unique
from workbench.engine.readers.workbooks.sheets import Rows, rows_of, sheets_of
from workbench.spec.user_files.file_facts import ReadSetting
from workbench.spec.user_files.reading import Reading

_Names = tuple[list[str], tuple[str, ...]]
#: Rows that tell whether the first is one of names.
_LOOKED_AT = 100


def names(path: Path, wanted: Reading) -> list[str]:
    """The columns of a sheet. Raises DataError, OSError and BadSpecError."""
    rows = rows_of(path, wanted.sheet, wanted.skip + 1)[1][wanted.skip :]
    return _names(path, rows, wanted)[0]


def read(path: Path, columns: Sequence[str] | None, wanted: Reading) -> Frame:
    """A sheet as a Frame. Raises DataError, OSError and BadSpecError."""
    return _framed(path, rows_of(path, wanted.sheet)[1], columns, wanted)


@dataclass(frozen=True, slots=True, eq=False)
class First:
    """The first rows of a sheet, how it was read, and all sheets with something in them."""

    frame: Frame
    sheets: tuple[str, ...]
    settings: tuple[ReadSetting, ...]
    is_whole: bool


def first(path: Path, wanted: Reading, n: int | None) -> First:
    """The first `n` rows of a sheet, or all; of the first sheet where several have some.

    Raises DataError, OSError and BadSpecError.
    """
    name = wanted.sheet or sheets_of(path)[0]
    most = None if n is None else wanted.skip + n + 1
    name, rows, known = rows_of(path, name, most)
    frame = _framed(path, rows, None, wanted)
    settings = settings_of(texts(rows[wanted.skip :]), wanted, name, known)
    return First(frame, known, settings, most is None or len(rows) < most)


def settings_of(
    rows: Sequence[Sequence[str]], wanted: Reading, sheet: str, sheets: Sequence[str]
) -> tuple[ReadSetting, ...]:
    """How the settings of reading that matter for a workbook were in force; the rows as text."""
    words = f"there are {len(sheets)} sheets: which?" if len(sheets) > 1 else ""
    marks = wanted.missing_marks or marks_in(rows[wanted.header :])
    return (
        ReadSetting("sheet", sheet, bool(wanted.sheet), words=words),
        *header_settings(rows, wanted),
        ReadSetting("missing_marks", marks, bool(wanted.missing_marks)),
        ReadSetting("date_format", wanted.date_format, wanted.date_format != "auto"),
    )


def texts(rows: Rows) -> list[list[str]]:
    """Cells as text."""
    return [[_text(cell) for cell in row] for row in rows[: _LOOKED_AT + 1]]


def _names(path: Path, rows: Rows, wanted: Reading) -> _Names:
    if not rows:
        raise DataError(path, "has no header and no rows")
    cells = [_text(cell).strip() for cell in rows[0]]
    return unique(cells if wanted.header else [""] * len(cells))


def _framed(path: Path, rows: Rows, columns: Sequence[str] | None, wanted: Reading) -> Frame:
    rows = rows[wanted.skip :]
    known, changed = _names(path, rows, wanted)
    body = rows[wanted.header :]
    if not body:
        raise DataError(path, "has a header but no rows")
    head = texts(rows)
    why = doubt(head)[2] if wanted.header else ""
    marks = () if wanted.missing_marks else marks_in(head[wanted.header :])
    notes = [*([why] if why else []), *([shown(marks)] if marks else []), *changed]
    kept = list(dict.fromkeys(known if columns is None else columns))
    place = {name: i for i, name in enumerate(known)}
    words = Words(".", wanted.thousands, wanted.missing_marks, wanted.date_format)
    made = pa.table({name: _column([row[place[name]] for row in body], words) for name in kept})
    made, types, said = with_types(made, words, wanted, {})
    is_nameless = wanted.header and len(known) > 1 and not _text(rows[0][0]).strip()
    nameless = [known[0]] if is_nameless and known[0] in kept else []
    counters = frozenset(name for name in nameless if counts_rows(made.column(name)))
    return Frame(path, made, notes=(*notes, *said), counters=counters, types=types)


def _column(cells: list[Any], words: Words) -> Any:
    """The cells of a column as an Arrow array of what they have in common, else as text."""
    gone = set(words.always)
    values = [None if isinstance(c, str) and c.strip() in gone else c for c in cells]
    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return pa.nulls(len(values))
    if kinds == {bool}:
        return pa.array(values, pa.bool_())
    if kinds <= {int, float}:
        numbers = pa.array([None if value is None else float(value) for value in values])
        try:
            return numbers.cast(pa.int64())
        except pa.ArrowException:  # one has a part behind the point
            return numbers
    if kinds == {datetime.date}:
        return pa.array(values, pa.date32())
    if kinds <= {datetime.date, datetime.datetime}:
        return pa.array([_moment(value) for value in values], pa.timestamp("us"))
    if kinds == {datetime.time}:
        return pa.array(values, pa.time64("us"))
    if kinds == {datetime.timedelta}:
        return pa.array(values, pa.duration("us"))
    return pa.array([None if value is None else _text(value) for value in values], pa.string())


def _moment(value: Any) -> Any:
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return datetime.datetime(value.year, value.month, value.day)
    return value


def _text(cell: Any) -> str:
    """A cell as it would be typed."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    return str(cell)
