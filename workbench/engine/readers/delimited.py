"""Delimited: CSV and TSV files, with a header."""

import codecs
import csv
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from workbench.engine.readers.errors import DataError, check_size, opened
from workbench.engine.readers.frame import Frame
from workbench.engine.readers.head import PLAIN, Head, Reading, encoding_of, head_of
from workbench.engine.readers.text_columns import MISSING, understood

_POLL_SECONDS = 0.1


def read(
    path: Path,
    columns: list[str] | None = None,
    wanted: Reading = PLAIN,
) -> Generator[float, None, Frame]:
    """A CSV or TSV file as a Frame; yields the share that is read. Raises DataError and OSError."""
    head = header(path, wanted)
    check_size(path, path.stat().st_size)
    reading = {
        "read_options": arrow_csv.ReadOptions(
            encoding=head.encoding,
            block_size=1 << 22,
            skip_rows=head.n_before,
            column_names=list(head.names),
            skip_rows_after_names=int(head.has_header),
        ),
        "parse_options": arrow_csv.ParseOptions(delimiter=head.mark, newlines_in_values=True),
        "convert_options": arrow_csv.ConvertOptions(
            include_columns=columns,
            decimal_point=head.decimal,
            null_values=list(MISSING),
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    }
    with opened(path) as file, ThreadPoolExecutor(1) as pool:
        counted = _Counted(file)
        future = pool.submit(arrow_csv.read_csv, pa.PythonFile(counted, "r"), **reading)
        size = max(path.stat().st_size, 1)
        try:
            while not future.done():
                yield min(counted.n_bytes / size, 1.0)
                wait([future], timeout=_POLL_SECONDS)
        finally:
            counted.is_given_up = not future.done()  # nobody waits for the rest
        try:
            table = future.result()
        except (pa.ArrowException, UnicodeError, KeyError) as error:
            raise fault(path, head) or DataError(path, _plain(error)) from None
    if any(pa.types.is_binary(type_) for type_ in table.schema.types):  # what is not text
        raise fault(path, head) or DataError(path, "is not text")
    if table.num_rows == 0:
        raise DataError(path, "has a header but no rows")
    return _framed(path, head, table)


def header(path: Path, wanted: Reading = PLAIN) -> Head:
    """How a file is written, and the names of its columns. Raises DataError and OSError."""
    try:
        return head_of(path, wanted)
    except UnicodeError as error:
        raised = fault(path, Head(encoding_of(path, wanted.encoding), ",", ()))
        raise raised or DataError(path, _plain(error)) from None


def _framed(path: Path, head: Head, table: Any) -> Frame:
    """The table with numbers and dates that were taken for text as such, and what to say of it."""
    notes = list(head.notes)
    for i, name in enumerate(table.column_names):
        if pa.types.is_string(table.schema.field(i).type):
            column, note = understood(name, table.column(i), head.decimal)
            table = table.set_column(i, name, column)
            notes += [note] if note else []
    first = head.names[0]
    is_counted = head.has_counter and first in table.column_names and _counts(table.column(first))
    counters = frozenset([first] if is_counted else [])
    return Frame(path, table, notes=tuple(notes), counters=counters)


def _counts(column: Any) -> bool:
    """Whether a column counts the rows, from 0 or from 1."""
    if not pa.types.is_integer(column.type) or column.null_count:
        return False
    values = column.to_numpy()
    return values[0] in (0, 1) and bool((np.diff(values) == 1).all())


def fault(path: Path, head: Head) -> DataError | None:
    """The first line of a file that is not as it should be, where there is one."""
    names: Sequence[str] = head.names
    with opened(path) as file:
        text = _Lines(file, head.encoding)
        try:
            for _, _ in zip(range(head.n_before), text, strict=False):
                pass
            rows = csv.reader(text, delimiter=head.mark)
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

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        is_wide = encoding == "utf-16"  # whose lines do not end in one byte
        self.file = codecs.EncodedFile(file, "utf-8", encoding) if is_wide else file
        self.encoding = "utf-8" if is_wide else encoding
        self.n_lines = 0
        self.last = b""

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        self.last = self.file.readline()
        if not self.last:
            raise StopIteration
        self.n_lines += 1
        return self.last.decode(self.encoding)


class _Counted:
    """A file that knows how much of it was read, and can be given up from another thread."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.n_bytes = 0
        self.closed = False
        self.is_given_up = False

    def read(self, size: int = -1) -> bytes:
        if self.is_given_up:
            raise OSError("the rest is not wanted any more")
        content = self.file.read(size)
        self.n_bytes += len(content)
        return content

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self.closed = True


def _plain(error: Exception) -> str:
    """Arrow's words, on one line; plainer ones where a row goes on and on."""
    if "straddl" in str(error):
        return "a quotation mark is opened and never closed, or a row takes more than 4 MiB"
    return " ".join(str(error).split())
