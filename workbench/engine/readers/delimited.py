"""Delimited: CSV and TSV files, with a header."""

# pyarrow has no types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import codecs
import csv
from collections import Counter
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
from pyarrow import csv as arrow_csv

from workbench.engine.readers.frame import Frame
from workbench.engine.readers.problem import DataError, check_size

#: The separators there are, by their names in settings.
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}

_HEAD_BYTES = 1 << 16
_POLL_SECONDS = 0.1
#: What stands for a missing value.
_MISSING = ["", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "?"]


def read(
    path: Path,
    columns: list[str] | None = None,
    separator: str = "auto",
    encoding: str = "utf-8",
) -> Generator[float, None, Frame]:
    """A CSV or TSV file as a Frame; yields the share that is read. Raises DataError and OSError.

    `separator` is a key of `SEPARATORS`, or auto: what the header has most of.
    """
    check_size(path, path.stat().st_size)
    encoding = _encoding_of(path, encoding)
    mark, names = header(path, separator, encoding)
    reading = {
        "read_options": arrow_csv.ReadOptions(encoding=encoding, block_size=1 << 22),
        "parse_options": arrow_csv.ParseOptions(delimiter=mark, newlines_in_values=True),
        "convert_options": arrow_csv.ConvertOptions(
            include_columns=columns,
            null_values=_MISSING,
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    }
    with path.open("rb") as file, ThreadPoolExecutor(1) as pool:
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
        except (pa.ArrowException, UnicodeError) as error:
            raise fault(path, mark, encoding, names) or DataError(path, _plain(error)) from None
    if any(pa.types.is_binary(type_) for type_ in table.schema.types):  # what is not text
        raise fault(path, mark, encoding, names) or DataError(path, "is not text")
    if table.num_rows == 0:
        raise DataError(path, "has a header but no rows")
    return Frame(path, table)


def header(path: Path, separator: str = "auto", encoding: str = "utf-8") -> tuple[str, list[str]]:
    """The separator and the names of the columns. Raises DataError and OSError."""
    with path.open("rb") as file:
        raw = file.read(_HEAD_BYTES)
    if not raw.strip():
        raise DataError(path, "is empty")
    encoding = _encoding_of(path, encoding)
    if b"\0" in raw and not encoding.startswith("utf-16"):
        message = "has zero bytes, which text has not, unless it is UTF-16 without its mark"
        raise DataError(path, f"{message}; save it as UTF-8")
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)()
    try:
        lines = decoder.decode(raw, final=len(raw) < _HEAD_BYTES).splitlines(keepends=True)
    except UnicodeError as error:
        raise fault(path, ",", encoding, []) or DataError(path, _plain(error)) from None
    mark = SEPARATORS.get(separator) or _most_of(lines[0], path)
    try:
        names = [name.strip() for name in next(csv.reader(lines, delimiter=mark))]
    except csv.Error as error:
        raise DataError(path, f"is no table: {error}", place="line 1") from None
    for name, count in Counter(names).items():
        if count > 1:
            place = ", ".join(str(i + 1) for i, other in enumerate(names) if other == name)
            raise DataError(path, f"columns {place} have one name: '{name}'", place="line 1")
    return mark, names


def _encoding_of(path: Path, encoding: str) -> str:
    """The encoding that a file's first bytes name, as spreadsheets write them; else the one given.

    The mark of UTF-8 is left to those who decode it.
    """
    with path.open("rb") as file:
        is_marked = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    return "utf-16" if is_marked else encoding


def _most_of(line: str, path: Path) -> str:
    if path.suffix.lower() in (".tsv", ".tab"):
        return "\t"
    return max(SEPARATORS.values(), key=line.count)


def fault(path: Path, mark: str, encoding: str, names: list[str]) -> DataError | None:
    """The first line of a file that is not as it should be, where there is one."""
    with path.open("rb") as file:
        text = _Lines(file, encoding)
        try:
            for row in csv.reader(text, delimiter=mark):
                names = names or row
                if row and len(row) != len(names):
                    values = "1 value" if len(row) == 1 else f"{len(row)} values"
                    found = f"has {values}, and the header names {len(names)} columns"
                    return DataError(path, found, place=f"line {text.n_lines:,}")
        except UnicodeError as error:
            return _undecodable(path, text, error, mark, names)
        except csv.Error as error:
            return DataError(path, str(error), place=f"line {text.n_lines:,}")
    return None


def _undecodable(
    path: Path, text: "_Lines", error: UnicodeError, mark: str, names: list[str]
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
        found = self.file.read(size)
        self.n_bytes += len(found)
        return found

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self.closed = True


def _plain(error: Exception) -> str:
    """Arrow's words, on one line."""
    return " ".join(str(error).split())
