"""Head: how a text file of rows is to be read, found from its first lines."""

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.engine.readers.errors import DataError, opened
from workbench.engine.readers.names import unique
from workbench.engine.readers.notation import decimal_mark, is_number

#: The separators there are, by their names in settings.
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
#: What is between the whole part of a number and the rest, by its name in settings.
DECIMALS = {"point": ".", "comma": ","}

#: Bytes that are looked at: at first, and at most where a header is longer.
_FIRST_BYTES, _MOST_BYTES = 1 << 16, 1 << 24
#: Rows that tell how a file is written.
_ROWS = 100

_TOLD = re.compile(r'"?sep=(.)"?', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Head:
    """How a file is written: the lines before its header, its separator, names and decimal mark.

    `has_header` is whether the first line is no row, and `has_counter` whether the first column has
    no name, as one that counts the rows. `notes` say what is not plain, in sentences.
    """

    encoding: str
    mark: str
    names: tuple[str, ...]
    n_before: int = 0
    has_header: bool = True
    decimal: str = "."
    has_counter: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text file is asked to be read.

    `separator` and `decimal` are keys of `SEPARATORS` and `DECIMALS`, or auto: what the first lines
    have. Without a header the columns are called by their places.
    """

    separator: str = "auto"
    encoding: str = "utf-8"
    decimal: str = "auto"
    has_header: bool = True


#: As files are that nothing is said about.
PLAIN = Reading()


def head_of(path: Path, wanted: Reading) -> Head:
    """The head of a CSV or TSV file. Raises DataError and OSError; UnicodeError for other bytes."""
    encoding, lines = _lines(path, wanted.encoding)
    mark = SEPARATORS.get(wanted.separator, "")
    is_tabbed = path.suffix.lower() in (".tsv", ".tab")
    n_before, named_mark, notes = _before(lines, mark or ("\t" if is_tabbed else ""))
    lines = lines[n_before:]
    if not lines:
        raise DataError(path, "has no header and no rows")
    mark = mark or named_mark or ("\t" if is_tabbed else _most_likely(lines))
    try:
        rows = _rows(lines, mark)
    except csv.Error as error:
        raise DataError(path, f"is no table: {error}", place=f"line {n_before + 1:,}") from None
    names = _names(lines[0], rows) if wanted.has_header else [""] * len(rows[0])
    if wanted.has_header and all(map(is_number, rows[0])):
        notes.append("the first line is taken for the names of the columns, but holds numbers")
    unlike, changed = unique(names)
    decimal = DECIMALS.get(wanted.decimal) or decimal_mark(rows[wanted.has_header :], mark)
    if decimal == "," and wanted.decimal == "auto":
        notes.append("numbers are taken to have a decimal comma")
    return Head(
        encoding,
        mark,
        tuple(unlike),
        n_before,
        wanted.has_header,
        decimal,
        wanted.has_header and len(names) > 1 and not names[0],
        (*notes, *changed),
    )


def encoding_of(path: Path, encoding: str) -> str:
    """The encoding that a file's first bytes name, as spreadsheets write them; else the one given.

    The mark of UTF-8 is left to those who decode it. Raises DataError and OSError.
    """
    with opened(path) as file:
        is_marked = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    return "utf-16" if is_marked else encoding


def _lines(path: Path, encoding: str) -> tuple[str, list[str]]:
    """The encoding and the first whole lines of a file, the header's among them."""
    encoding, size = encoding_of(path, encoding), _FIRST_BYTES
    while True:
        with opened(path) as file:
            raw = file.read(size)
        if not raw.strip():
            raise DataError(path, "is empty")
        if b"\0" in raw and not encoding.startswith("utf-16"):
            message = "has zero bytes, which text has not, unless it is UTF-16 without its mark"
            raise DataError(path, f"{message}; save it as UTF-8")
        decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)()
        is_whole = len(raw) < size
        text = decoder.decode(raw, final=is_whole)
        # Lines end where Arrow ends them: not at the rarer ends that Python knows.
        lines = list(io.StringIO(text, newline=""))
        if is_whole or len(lines) > _ROWS or size >= _MOST_BYTES:
            return encoding, lines if is_whole else lines[:-1] or lines
        size *= 4


def _before(lines: Sequence[str], mark: str) -> tuple[int, str, list[str]]:
    """How many lines stand before the header, the separator that one names, and what to say."""
    at, named_mark, notes = 0, "", list[str]()
    while at < len(lines) and not lines[at].strip():
        at += 1
    if at < len(lines) and (match := _TOLD.fullmatch(lines[at].strip())) is not None:
        named_mark = match[1] if match[1] in SEPARATORS.values() else ""
        at += 1
        notes.append("the first line names the separator")
    elif at < len(lines) and lines[at].strip() == "sep=":  # a tab that was stripped
        named_mark, at = "\t", at + 1
    first = at
    while at < len(lines) and (lines[at].startswith("#") or not lines[at].strip()):
        at += 1
    if at > first and at < len(lines) and _is_header(lines[at - 1], lines[at], mark or named_mark):
        at -= 1
    n_remarks = sum(line.startswith("#") for line in lines[first:at])
    if n_remarks:
        words = "1 line that begins" if n_remarks == 1 else f"{n_remarks} lines that begin"
        notes.append(f"{words} with # before the header: skipped")
    return at, named_mark, notes


def _is_header(remark: str, row: str, mark: str) -> bool:
    """Whether a remark names the columns of the row below it, as numpy writes them."""
    mark = mark or _most_likely([row])
    names, values = (_rows([text], mark)[0] for text in (remark[1:], row))
    return len(names) == len(values) > 1 and (
        any(map(is_number, values)) and not any(map(is_number, names))
    )


def _most_likely(lines: Sequence[str]) -> str:
    """The separator by which the rows have as many columns as the header, and most of them."""

    def fitness(mark: str) -> tuple[bool, int]:
        try:
            rows = _rows(lines, mark)
        except csv.Error:
            return False, 0
        width = len(rows[0])
        return width > 1 and all(len(row) == width for row in rows), width

    return max(SEPARATORS.values(), key=fitness)


def _rows(lines: Sequence[str], mark: str) -> list[list[str]]:
    """The first rows, the header first, empty ones left out. Raises csv.Error."""
    rows = [row for row in csv.reader(lines[: _ROWS + 1], delimiter=mark) if row]
    return rows or [[""]]


def _names(line: str, rows: Sequence[Sequence[str]]) -> list[str]:
    """The names in a header, which may be a remark, as numpy writes it."""
    names = [name.strip() for name in rows[0]]
    if line.startswith("#"):
        names[0] = names[0].lstrip("#").strip()
    return _completed(names, rows[1:])


def _completed(names: list[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The names, with an empty one for a column that every row has and the header lacks."""
    if not rows or any(len(row) != len(names) + 1 for row in rows):
        return names
    if not any(row[-1].strip() for row in rows):  # each row ends in a separator
        return [*names, ""]
    firsts = [row[0].strip() for row in rows]
    counts = any(firsts == [str(i + start) for i in range(len(rows))] for start in (0, 1))
    return ["", *names] if counts and len(rows) > 1 else names
