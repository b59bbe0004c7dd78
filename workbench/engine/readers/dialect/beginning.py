"""Beginning: the first lines of a text file, decoded, from which it is told how to read it."""

import codecs
import io
from dataclasses import dataclass
from pathlib import Path

from workbench.engine.readers.dialect.encodings import encoding_of
from workbench.engine.readers.dialect.source import unpacked
from workbench.engine.readers.errors import DataError

#: Bytes that are looked at: at first, and at most where a header is longer.
_FIRST_BYTES, _MOST_BYTES = 1 << 16, 1 << 24
#: Rows that tell how a file is written.
N_ROWS = 100


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first whole lines of a text file with their ends, and its encoding.

    `words` say how the encoding was guessed, empty where it was not. `is_whole` says that no line
    follows.
    """

    encoding: str
    words: str
    lines: tuple[str, ...]
    is_whole: bool


def beginning_of(path: Path, encoding: str, n_bytes: int = _FIRST_BYTES) -> Beginning:
    """The beginning of a file, `n_bytes` of it or more. Raises DataError, OSError, UnicodeError."""
    size = n_bytes
    with unpacked(path) as file:
        raw = file.read(size)
        while True:
            if not raw.strip():
                raise DataError(path, "is empty")
            is_whole = len(raw) < size
            name, words = encoding_of(raw, encoding, is_whole=is_whole)
            if b"\0" in raw and not name.startswith("utf-16"):
                message = "has zero bytes, which text has not, unless it is UTF-16 without its mark"
                raise DataError(path, f"{message}; save it as UTF-8, or set the encoding")
            decoder = codecs.getincrementaldecoder("utf-8-sig" if name == "utf-8" else name)()
            text = decoder.decode(raw, final=is_whole).removeprefix("\ufeff")
            # Lines end where Arrow ends them: not at the rarer ends that Python knows.
            lines = list(io.StringIO(text, newline=""))
            if is_whole or len(lines) > N_ROWS or size >= _MOST_BYTES:
                kept = lines if is_whole else lines[:-1] or lines
                return Beginning(name, words, tuple(kept), is_whole)
            raw += file.read(3 * size)
            size *= 4


def lines_as_shown(path: Path, encoding: str) -> tuple[str, ...]:
    """The first lines of a file that cannot be read as asked, with a mark for what is no letter.

    Raises DataError and OSError.
    """
    with unpacked(path) as file:
        raw = file.read(_FIRST_BYTES)
    name, _ = encoding_of(raw, encoding, is_whole=len(raw) < _FIRST_BYTES)
    return tuple(io.StringIO(raw.decode(name, "replace").removeprefix("\ufeff"), newline=""))
