"""Head: how a text file of rows is to be read, found from its first lines."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from workbench.engine.readers.dialect.before import Before, before_header
from workbench.engine.readers.dialect.beginning import Beginning, beginning_of
from workbench.engine.readers.dialect.header import header_settings, names_in
from workbench.engine.readers.dialect.missing import marks_in, shown
from workbench.engine.readers.dialect.notation import decimal_mark
from workbench.engine.readers.dialect.separators import (
    QUOTES,
    SEPARATORS,
    most_likely,
    name_of,
    quote_of,
    rows_of,
)
from workbench.engine.readers.errors import DataError
from workbench.engine.readers.names import unique
from workbench.spec.user_files.file_facts import ReadSetting
from workbench.spec.user_files.reading import Reading

#: What is between the whole part of a number and the rest, by its name in settings.
DECIMALS = {"point": ".", "comma": ","}


@dataclass(frozen=True, slots=True)
class Head:
    """How a file is written: the lines before its header, its separator, names and decimal mark.

    `has_header` is whether the first line is no row, and `has_counter` whether the first column has
    no name, as one that counts the rows. `comment` begins lines that are left out wherever they
    stand. `rows` are the first ones, without the header. `notes` say what is not plain, in
    sentences, and `settings` how each setting of reading was in force.
    """

    encoding: str
    mark: str
    names: tuple[str, ...]
    n_before: int = 0
    has_header: bool = True
    decimal: str = "."
    has_counter: bool = False
    notes: tuple[str, ...] = ()
    quote: str = '"'
    comment: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    settings: tuple[ReadSetting, ...] = ()


def head_of(path: Path, wanted: Reading) -> Head:
    """The head of a CSV or TSV file. Raises DataError and OSError; UnicodeError for other bytes."""
    start = beginning_of(path, wanted.encoding)
    return head_in(path, start, wanted)


def head_in(path: Path, start: Beginning, wanted: Reading) -> Head:
    """As `head_of`, of a file whose beginning was read."""
    lines = list(start.lines)
    comment = "" if wanted.comment in ("auto", "none") else wanted.comment
    asked = SEPARATORS.get(wanted.separator, "")
    named = path.name.lower().removesuffix(".gz")
    usual = "\t" if named.endswith((".tsv", ".tab")) else ""
    sign = "" if wanted.comment == "none" else wanted.comment
    before = before_header(lines, asked or usual, sign, wanted.skip)
    if comment:  # such lines are gone before anything is counted
        n_remarks = sum(line.startswith(comment) for line in lines[: before.n_lines])
        lines = [line for line in lines if not line.startswith(comment)]
        before.n_lines -= n_remarks
    lines = lines[before.n_lines :]
    if not lines:
        raise DataError(path, "has no header and no rows")
    quote = QUOTES[wanted.quote] if wanted.quote in QUOTES else quote_of(lines)
    mark = asked or before.mark or usual or most_likely(lines, quote)
    try:
        rows = rows_of(lines, mark, quote)
    except csv.Error as error:
        place = f"line {before.n_lines + 1:,}"
        raise DataError(path, f"is no table: {error}", place=place) from None
    return _head(start, wanted, before, lines[0], rows, (mark, quote, comment))


def _head(
    start: Beginning,
    wanted: Reading,
    before: Before,
    line: str,
    rows: list[list[str]],
    form: tuple[str, str, str],
) -> Head:
    mark, quote, comment = form
    names = names_in(line, rows) if wanted.header else [""] * len(rows[0])
    header, skip = header_settings(rows, wanted)
    unlike, changed = unique(names)
    body = rows[wanted.header :]
    decimal = DECIMALS.get(wanted.decimal) or decimal_mark(body, mark)
    notes = [start.words] if start.words else []
    notes += [*before.notes, *([header.words] if header.words else [])]
    marks = wanted.missing_marks or marks_in(body)
    if marks and not wanted.missing_marks:
        notes.append(shown(marks))
    if decimal == "," and wanted.decimal == "auto":
        notes.append("numbers are taken to have a decimal comma")
    settings = (
        ReadSetting("encoding", start.encoding, wanted.encoding != "auto", words=start.words),
        _marked("separator", name_of(mark, SEPARATORS), wanted.separator),
        _marked("quote", name_of(quote, QUOTES), wanted.quote),
        header,
        skip,
        _marked("comment", "#" if wanted.comment == "auto" else wanted.comment, wanted.comment),
        _marked("decimal", name_of(decimal, DECIMALS), wanted.decimal),
        _marked("thousands", wanted.thousands, wanted.thousands),
        ReadSetting("missing_marks", marks, bool(wanted.missing_marks)),
        _marked("date_format", wanted.date_format, wanted.date_format),
    )
    return Head(
        start.encoding,
        mark,
        tuple(unlike),
        before.n_lines,
        wanted.header,
        decimal,
        wanted.header and len(names) > 1 and not names[0],
        (*notes, *changed),
        quote,
        comment,
        tuple(tuple(row) for row in body),
        settings,
    )


def _marked(name: str, value: str, asked: str, words: str = "") -> ReadSetting:
    return ReadSetting(name, value, asked != "auto", words=words)


def first_lines(lines: Sequence[str], n: int) -> tuple[str, ...]:
    """The first lines as they are decoded, without their ends, to be shown."""
    return tuple(_shown(line) for line in lines[:n])


def _shown(line: str, most: int = 500) -> str:
    text = line.rstrip("\r\n")
    return text if len(text) <= most else text[:most] + "…"
