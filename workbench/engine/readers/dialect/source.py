"""Source: a text file as bytes of UTF-8, whatever it is packed and written in."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from workbench.engine.readers.errors import DataError, check_size, opened

_GZIP = b"\x1f\x8b"
_BLOCK = 1 << 20


def is_gzipped(path: Path) -> bool:
    """Whether a file is packed with gzip, by how it begins. Raises DataError and OSError."""
    with opened(path) as file:
        return file.read(2) == _GZIP


def unpacked(path: Path) -> BinaryIO:
    """A file's content, unpacked where it is gzipped. Raises DataError and OSError.

    What is read of it raises DataError where the packing is damaged, or unfolds to too much.
    """
    return io.BufferedReader(_Unpacked(path), _BLOCK) if is_gzipped(path) else opened(path)


class _Unpacked(io.RawIOBase):
    """A gzipped file, whose faults are the reader's."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._file = gzip.GzipFile(filename=path)
        self._n_bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview", /) -> int:  # type: ignore[override]
        try:
            content = self._file.read(len(buffer))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise DataError(self._path, f"cannot be unpacked: {error}") from None
        self._n_bytes += len(content)
        check_size(self._path, self._n_bytes)
        buffer[: len(content)] = content
        return len(content)

    def close(self) -> None:
        self._file.close()
        super().close()


class Recoded:
    """A text file read as UTF-8, without the lines that begin with `comment`.

    A file for Arrow: it has `read` and `close`. Raises UnicodeError where the bytes are not what
    the encoding says.
    """

    def __init__(self, file: BinaryIO, encoding: str, comment: str = "") -> None:
        self._file = file
        self._is_plain = encoding in ("utf-8", "utf-8-sig")
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._comment = comment.encode()
        self._is_begun = False
        self._rest = b""
        self._ready = b""
        self.n_bytes = 0
        self.closed = False
        self.is_given_up = False

    def read(self, size: int = -1) -> bytes:
        """So many bytes, or fewer at the end."""
        while size < 0 or len(self._ready) < size:
            block = self._next()
            if block is None:
                break
            self._ready += block
        size = len(self._ready) if size < 0 else size
        content, self._ready = self._ready[:size], self._ready[size:]
        return content

    def _next(self) -> bytes | None:
        """Some more of the text; None at its end."""
        if self.is_given_up:
            raise OSError("the rest is not wanted any more")
        raw = self._file.read(_BLOCK)
        self.n_bytes += len(raw)
        text = raw if self._is_plain else self._decoder.decode(raw, final=not raw).encode()
        if text and not self._is_begun:  # a mark of the order of bytes would hide a comment
            self._is_begun, text = True, text.removeprefix(codecs.BOM_UTF8)
        if self._comment:
            text = self._without_comments(text, is_last=not raw)
        return text if raw or text else None

    def _without_comments(self, text: bytes, *, is_last: bool) -> bytes:
        text = self._rest + text
        end = len(text) if is_last else text.rfind(b"\n") + 1
        self._rest = text[end:]
        lines = text[:end].splitlines(keepends=True)
        return b"".join(line for line in lines if not line.startswith(self._comment))

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def close(self) -> None:
        """Arrow asks for it; the file is closed by whoever opened it."""
        self.closed = True


def lines_of(file: BinaryIO, encoding: str) -> Iterator[bytes]:
    """The lines of a text file as bytes, of UTF-8 where its own letters have two each."""
    if encoding.startswith("utf-16"):  # whose lines do not end in one byte
        recoded: Any = codecs.EncodedFile(file, "utf-8", encoding)
        yield from iter(recoded.readline, b"")
    else:
        yield from iter(file.readline, b"")
