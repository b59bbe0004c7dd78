"""Text lines: the lines of a text file, one by one, with what is wrong said by line.

Lines end in LF or CR LF, and in nothing else: other marks that Python takes for ends, such as
U+2028, stand within sentences, and files whose lines are paired would slip. Only a file that has
CR and no LF at its beginning has lines that end in CR.
"""

import codecs
import io
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import BinaryIO

from workbench.engine.readers.dialect.encodings import marked_encoding
from workbench.engine.readers.errors import DataError, check_size, opened

#: A longer line is no line of text.
MOST_LINE_BYTES = 1 << 26

_FIRST_BYTES = 1 << 16

#: Encodings in which a line's end is more than one byte.
_WIDE = ("utf-16", "utf-32")


class TextLines:
    """The lines of a text file without their ends; `n_lines` and `share` say how many were read.

    A mark of UTF-8 or UTF-16 at the beginning is no part of the first line, and says the encoding.
    To be closed, or used in a with statement. Raises DataError, with the line, and OSError.
    """

    def __init__(self, path: Path, encoding: str = "utf-8") -> None:
        self.path = path
        self.encoding = _known(path, marked_encoding(path, encoding))
        self.n_lines = 0
        self._size = path.stat().st_size
        check_size(path, self._size)
        self._file = opened(path)
        self._lines = self._wide() if self.encoding.startswith(_WIDE) else self._narrow()

    def __enter__(self) -> "TextLines":
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()
        self._file.close()

    def __iter__(self) -> Iterator[str]:
        for text in self._lines:
            self.n_lines += 1
            if "\0" in text:
                message = (
                    "has a zero byte, which text has not, unless it is UTF-16 without its mark"
                )
                raise self.fault(f"{message}; save it as UTF-8")
            yield text.removesuffix("\n").removesuffix("\r")

    @property
    def share(self) -> float:
        """How much of the file was read."""
        return min(self._file.tell() / max(self._size, 1), 1.0)

    def fault(self, message: str, n_lines: int = 0) -> DataError:
        """What is wrong with a line: the last one, where its number is not given."""
        return DataError(self.path, message, place=f"line {n_lines or self.n_lines:,}")

    def _narrow(self) -> Generator[str, None, None]:
        """Lines of an encoding in which a line's end is one byte."""
        if self._file.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
            self._file.seek(0)
        end = _line_end(self._file)
        while line := self._file.readline(MOST_LINE_BYTES):
            if len(line) == MOST_LINE_BYTES and not line.endswith(b"\n"):
                raise self._too_long()
            for part in line.removesuffix(end).split(end) if end == b"\r" else (line,):
                try:
                    yield part.decode(self.encoding)
                except UnicodeError as error:
                    raise self._undecodable(error) from None

    def _wide(self) -> Generator[str, None, None]:
        with io.TextIOWrapper(self._file, encoding=self.encoding, newline="\n") as text:
            yield from self._decoded(text)

    def _decoded(self, text: io.TextIOWrapper) -> Iterator[str]:
        while True:
            try:
                line = text.readline(MOST_LINE_BYTES)
            except UnicodeError as error:
                raise self._undecodable(error) from None
            if not line:
                return
            if len(line) == MOST_LINE_BYTES and not line.endswith("\n"):
                raise self._too_long()
            yield line

    def _too_long(self) -> DataError:
        message = f"is longer than {MOST_LINE_BYTES >> 20} MiB, and no line of text"
        return self.fault(message, self.n_lines + 1)

    def _undecodable(self, error: UnicodeError) -> DataError:
        byte = ""
        if isinstance(error, UnicodeDecodeError):
            byte = f" (byte 0x{error.object[error.start]:02x})"
        mend = "save it as UTF-8, or set the encoding to its own"
        message = f"is not {self.encoding.upper()} text{byte}; {mend}"
        return self.fault(message, self.n_lines + 1)


def _line_end(file: BinaryIO) -> bytes:
    start = file.tell()
    first = file.read(_FIRST_BYTES)
    file.seek(start)
    return b"\r" if b"\r" in first and b"\n" not in first else b"\n"


def _known(path: Path, encoding: str) -> str:
    try:
        io.TextIOWrapper(io.BytesIO(), encoding=encoding)  # some codecs are for bytes alone
        return codecs.lookup(encoding).name
    except LookupError:
        raise DataError(path, f"'{encoding}' is no encoding") from None
