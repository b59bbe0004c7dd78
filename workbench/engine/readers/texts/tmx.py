"""TMX: translation memories, as programs for translators write them.

Nothing outside the file is read. A file that declares entities of its own is refused, for they may
unfold without end; one that uses any it does not declare, because they stand for text.
"""

from collections.abc import Generator
from pathlib import Path
from xml.parsers import expat

from workbench.engine.readers.errors import DataError, check_size, opened

#: A unit: the line on which it begins, and its text in each language, by the code as it is written.
Unit = tuple[int, dict[str, str]]

_BLOCK = 1 << 20

#: Elements in a text whose content is another program's markup, and no text.
_MARKUP = frozenset({"bpt", "ept", "ph", "it", "ut"})


def is_tmx(path: Path) -> bool:
    """Whether a file is a translation memory, by its name or by how it begins. Raises OSError."""
    if path.suffix.lower() == ".tmx":
        return True
    with opened(path) as file:
        return b"<tmx" in file.read(1024)


def read(path: Path, most_units: int) -> Generator[float, None, list[Unit]]:
    """The units of a file, the first ones; yields the share that is read.

    Raises DataError, with the line, and OSError.
    """
    size = path.stat().st_size
    check_size(path, size)
    memory = _Memory(path)
    with opened(path) as file:
        n_read = 0
        while len(memory.units) < most_units:
            block = file.read(_BLOCK)
            memory.feed(block)
            if not block:
                break
            n_read += len(block)
            yield min(n_read / max(size, 1), 1.0)
    return memory.units[:most_units]


class _Memory:
    """What is read of a translation memory so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.units: list[Unit] = []
        self._unit: dict[str, str] | None = None
        self._line = 0
        self._language = ""
        self._text: list[str] | None = None
        self._n_markup = 0
        self._is_tmx = False
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._declares
        parser.SkippedEntityHandler = self._skips

    def feed(self, block: bytes) -> None:
        """Read on; an empty block is the end."""
        try:
            self._parser.Parse(block, not block)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            raise self._fault(f"is no XML: {reason}", error.lineno) from None
        except (LookupError, ValueError) as error:  # of the encoding that the file names
            raise self._fault(f"cannot be decoded: {error}") from None

    def _fault(self, message: str, line: int = 0) -> DataError:
        return DataError(
            self.path, message, place=f"line {line or self._parser.CurrentLineNumber:,}"
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._is_tmx:
            if name != "tmx":
                raise self._fault(f"is no translation memory: it begins with <{name}>, not <tmx>")
            self._is_tmx = True
        if name == "tu":
            self._unit, self._line = {}, self._parser.CurrentLineNumber
        elif name == "tuv":
            self._language = attributes.get("xml:lang") or attributes.get("lang") or ""
            if not self._language:
                raise self._fault("a text names no language: <tuv> without xml:lang")
        elif name == "seg":
            self._text, self._n_markup = [], 0
        elif name in _MARKUP:
            self._n_markup += 1

    def _end(self, name: str) -> None:
        if name == "tu" and self._unit is not None:
            self.units.append((self._line, self._unit))
            self._unit = None
        elif name == "seg" and self._text is not None:
            if self._unit is not None and self._language:
                self._unit.setdefault(self._language, "".join(self._text))
            self._text = None
        elif name == "tuv":
            self._language = ""
        elif name in _MARKUP:
            self._n_markup -= 1

    def _characters(self, text: str) -> None:
        if self._text is not None and self._n_markup == 0:
            self._text.append(text)

    def _declares(self, name: str, *_: object) -> None:
        raise self._fault(f"declares an entity of its own, '{name}': those are not read")

    def _skips(self, name: str, is_parameter: bool) -> None:
        if not is_parameter:
            raise self._fault(f"uses an entity that it does not declare: '&{name};'")
