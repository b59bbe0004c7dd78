"""Delimited: CSV and TSV files, with or without a header, gzipped or not."""

import csv
import io
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import csv as arrow_csv

from workbench.engine.readers.columns.remarks import counts_rows
from workbench.engine.readers.columns.understood import as_text, with_types
from workbench.engine.readers.dialect.beginning import Beginning, beginning_of
from workbench.engine.readers.dialect.encodings import encoding_of
from workbench.engine.readers.dialect.source import Recoded, lines_of, unpacked
from workbench.engine.readers.dialect.text_columns import Words
from workbench.engine.readers.errors import DataError, check_size
from workbench.engine.readers.frame import Frame
from workbench.engine.readers.head import Head, head_in
from workbench.spec.user_files.reading import PLAIN, Reading

_POLL_SECONDS = 0.1
#: Bytes that Arrow parses at once: a row is no longer.
_BLOCK = 1 << 22
#: Bytes of a file that are looked at where its first rows are enough.
FIRST_BYTES = 1 << 19


def read(
    path: Path,
    columns: list[str] | None = None,
    wanted: Reading = PLAIN,
) -> Generator[float, None, Frame]:
    """A CSV or TSV file as a Frame; yields the share that is read. Raises DataError and OSError."""
    head = header(path, wanted)
    check_size(path, path.stat().st_size)
    size = max(path.stat().st_size, 1)
    with unpacked(path) as file, ThreadPoolExecutor(1) as pool:
        source = Recoded(file, head.encoding, head.comment)
        future = pool.submit(_parsed, source, head, columns, wanted)
        try:
            while not future.done():
                yield min(source.n_bytes / size, 1.0)
                wait([future], timeout=_POLL_SECONDS)
        finally:
            source.is_given_up = not future.done()  # nobody waits for the rest
        try:
            table = future.result()
        except (pa.ArrowException, UnicodeError, KeyError) as error:
            raise fault(path, head) or DataError(path, _plain(error)) from None
    if any(pa.types.is_binary(type_) for type_ in table.schema.types):  # what is not text
        raise fault(path, head) or DataError(path, "is not text")
    if table.num_rows == 0:
        raise DataError(path, "has a header but no rows")
    return _framed(path, head, table, wanted)


def first(path: Path, wanted: Reading, start: Beginning, head: Head) -> Frame:
    """The rows in the beginning of a file, whose last one may be cut and is left out then.

    Raises DataError and OSError.
    """
    text = "".join(_whole_rows(start, head))
    source = Recoded(io.BytesIO(text.encode()), "utf-8", head.comment)
    try:
        table = _parsed(source, head, None, wanted)
    except (pa.ArrowException, UnicodeError, KeyError) as error:
        raise fault(path, head) or DataError(path, _plain(error)) from None
    if table.num_rows == 0:
        raise DataError(path, "has a header but no rows")
    return _framed(path, head, table, wanted)


def _whole_rows(start: Beginning, head: Head) -> Sequence[str]:
    """The lines up to the last at whose end no quotation is open."""
    if start.is_whole or not head.quote:
        return start.lines
    n_quotes, last = 0, len(start.lines)
    for i, line in enumerate(start.lines):
        n_quotes += line.count(head.quote)
        if n_quotes % 2 == 0:
            last = i + 1
    return start.lines[:last]


def _parsed(source: Recoded, head: Head, columns: list[str] | None, wanted: Reading) -> Any:
    texts = as_text(head, wanted)
    marks = _words(head, wanted).always
    kept = None if columns is None else list(dict.fromkeys(columns))
    return arrow_csv.read_csv(
        pa.PythonFile(source, "r"),
        read_options=arrow_csv.ReadOptions(
            block_size=_BLOCK,
            skip_rows=head.n_before,
            column_names=list(head.names),
            skip_rows_after_names=int(head.has_header),
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=head.mark, quote_char=head.quote or False, newlines_in_values=True
        ),
        convert_options=arrow_csv.ConvertOptions(
            include_columns=kept,
            column_types={name: pa.string() for name in texts if kept is None or name in kept},
            decimal_point=head.decimal,
            null_values=list(marks),
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def header(path: Path, wanted: Reading = PLAIN) -> Head:
    """How a file is written, and the names of its columns. Raises DataError and OSError."""
    return beginning(path, wanted)[1]


def beginning(path: Path, wanted: Reading, n_bytes: int = 1 << 16) -> tuple[Beginning, Head]:
    """The first lines of a file and its head. Raises DataError and OSError."""
    try:
        start = beginning_of(path, wanted.encoding, n_bytes)
        return start, head_in(path, start, wanted)
    except UnicodeError as error:
        with unpacked(path) as file:
            encoding, _ = encoding_of(file.read(4), wanted.encoding, is_whole=False)
        raise fault(path, Head(encoding, ",", ())) or DataError(path, _plain(error)) from None


def _framed(path: Path, head: Head, table: Any, wanted: Reading) -> Frame:
    """The table with numbers and dates that were taken for text as such, and what to say of it."""
    table, types, notes = with_types(table, _words(head, wanted), wanted, as_text(head, wanted))
    first = head.names[0]
    is_counted = (
        head.has_counter and first in table.column_names and counts_rows(table.column(first))
    )
    counters = frozenset([first] if is_counted else [])
    return Frame(path, table, notes=(*head.notes, *notes), counters=counters, types=types)


def _words(head: Head, wanted: Reading) -> Words:
    return Words(head.decimal, wanted.thousands, wanted.missing_marks, wanted.date_format)


def fault(path: Path, head: Head) -> DataError | None:
    """The first line of a file that is not as it should be, where there is one."""
    names: Sequence[str] = head.names
    with unpacked(path) as file:
        text = _Lines(file, head)
        try:
            for _, _ in zip(range(head.n_before), text, strict=False):
                pass
            how = {"quotechar": head.quote} if head.quote else {"quoting": csv.QUOTE_NONE}
            rows = csv.reader(text, delimiter=head.mark, **how)  # type: ignore[arg-type]
            header_row = next(rows, []) if head.has_header else []
            names = names or header_row
            for row in rows:
                if row and len(row) != len(names):
                    values = "1 value" if len(row) == 1 else f"{len(row)} values"
                    problem = f"has {values}, and the header names {len(names)} columns"
                    return DataError(path, problem, place=f"line {text.n_lines:,}")
        except UnicodeError as error:
            return _undecodable(path, text, error, head.mark, names)
        except csv.Error as error:
            if "new-line" in str(error):  # lines that end in \r alone: Arrow counts them
                return None
            return DataError(path, str(error), place=f"line {text.n_lines:,}")
    return None


def _undecodable(
    path: Path, text: "_Lines", error: UnicodeError, mark: str, names: Sequence[str]
) -> DataError:
    start = error.start if isinstance(error, UnicodeDecodeError) else 0
    before = text.last[:start].decode(text.encoding, "replace").splitlines()
    at = len(next(csv.reader(before[-1:], delimiter=mark), [])) - 1
    column = names[at] if text.n_lines > 1 and 0 <= at < len(names) else ""
    byte = f" (byte 0x{text.last[start]:02x})" if start < len(text.last) else ""
    mend = "save it as UTF-8, or set the encoding to its own"
    message = f"is not {text.encoding.upper()} text{byte}; {mend}"
    return DataError(path, message, column=column, place=f"line {text.n_lines:,}")


class _Lines:
    """The lines of a file, decoded one by one, so that the first bad one is known."""

    def __init__(self, file: Any, head: Head) -> None:
        self.encoding = "utf-8" if head.encoding.startswith("utf-16") else head.encoding
        self.n_lines = 0
        self.last = b""
        self._lines = lines_of(file, head.encoding)
        self._comment = head.comment

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        while True:
            self.last = next(self._lines)
            self.n_lines += 1
            text = self.last.decode(self.encoding)
            if not (self._comment and text.startswith(self._comment)):
                return text


def _plain(error: Exception) -> str:
    """Arrow's words, on one line; plainer ones where a row goes on and on."""
    if "straddl" in str(error):
        return "a quotation mark is opened and never closed, or a row takes more than 4 MiB"
    return " ".join(str(error).split())
