"""Sentences: aligned texts in several languages, from three kinds of files.

A TSV file whose first line names a language for each column; files of which line n of one is the
translation of line n of the others, called alike but for the language, as Moses and OPUS have them
(`news.en`, `news.fr`); and translation memories (TMX). What is left out is counted, with its lines.
Texts are taken in Unicode's composed form (NFC), without spaces at their ends.
"""

import unicodedata
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from workbench.engine.readers.errors import DataError
from workbench.engine.readers.texts import tmx
from workbench.engine.readers.texts.language_codes import is_one_of_several, wanted_codes
from workbench.engine.readers.texts.text_lines import TextLines
from workbench.spec.user_files.aligned import files_beside, is_code, language_alone
from workbench.spec.user_files.text_facts import MOST_CHARACTERS, LeftOut

#: Rows that are read of a file at most.
MOST_ROWS = 1_000_000

#: Rows between two reports of progress, and lines that a report of what was left out names.
_ROWS, _PLACES = 2048, 5

#: A row: its line, and its text in each language.
Row = tuple[int, Mapping[str, str]]

#: What is in a file before anything is left out: its rows, the codes of its languages, and notes.
Raw = tuple[list[Row], list[str], list[str]]


@dataclass(frozen=True, slots=True)
class Sentences:
    """Aligned texts: the n-th of each language say the same. `notes` are what else is to be said.

    `n_rows` were read, of which some were `left_out`.
    """

    path: Path
    texts: Mapping[str, list[str]]
    n_rows: int
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of the languages, in the file's order or that asked for."""
        return tuple(self.texts)


def read(
    path: Path,
    languages: Sequence[str] = (),
    *,
    encoding: str = "utf-8",
    most_characters: int = MOST_CHARACTERS,
    most_rows: int = MOST_ROWS,
) -> Generator[float, None, Sentences]:
    """The sentences of a file, or of it and those beside it; yields the share that is read.

    `languages` are the codes of those that are wanted, or none for all there are; a translation
    memory says its encoding itself. Raises DataError, with the file and the line, and OSError.
    """
    rows, codes, notes = yield from raw(path, languages, encoding, most_rows)
    wanted = wanted_codes(path, codes, languages)
    if len(rows) == most_rows:
        notes.append(f"the first {most_rows:,} rows are read, and no more")
    texts, left_out = sifted(rows, wanted, most_characters)
    if not texts[next(iter(wanted))]:
        reasons = "; ".join(map(str, left_out)) or "there are none"
        raise DataError(path, f"has no sentences that can be used: {reasons}")
    return Sentences(path, texts, len(rows), left_out, tuple(notes))


def raw(
    path: Path, languages: Sequence[str], encoding: str, most_rows: int
) -> Generator[float, None, Raw]:
    """The rows of a file as they are, the first ones; yields the share that is read.

    Of aligned files only those of `languages` are read. Raises DataError and OSError.
    """
    if tmx.is_tmx(path):
        return (yield from _memory(path, most_rows))
    if is_one_of_several(path):
        return (yield from _aligned(path, languages, encoding, most_rows))
    return (yield from _table(path, encoding, most_rows))


# One kind of file each: their rows, the codes of their languages, and notes


def _table(path: Path, encoding: str, most_rows: int) -> Generator[float, None, Raw]:
    with TextLines(path, encoding) as lines:
        cells = next(iter(lines), "").split("\t")
        names = [cell.strip() for cell in cells]
        codes = [name if is_code(name) else "" for name in names]
        if len([code for code in codes if code]) < 2:
            if lines.n_lines == 0:
                raise DataError(path, "is empty")
            form = "the codes of the languages, one a column, with tabs between them (en, tab, fr)"
            raise lines.fault(f"the first line is to have {form}; it has '{_short(cells)}'")
        others = [name for name, code in zip(names, codes, strict=True) if not code]
        notes = [f"column '{name}' is called after no language: not read" for name in others]
        rows = list[Row]()
        for line in lines:
            texts = line.split("\t")
            is_row = len(texts) == len(codes)
            row = zip(codes, texts, strict=True) if is_row else ()
            rows.append((lines.n_lines, {code: text for code, text in row if code}))
            if len(rows) == most_rows:
                break
            if len(rows) % _ROWS == 0:
                yield lines.share
    return rows, [code for code in codes if code], notes


def _aligned(
    path: Path, languages: Sequence[str], encoding: str, most_rows: int
) -> Generator[float, None, Raw]:
    files = files_beside(path)
    if languages:
        chosen = wanted_codes(path, list(files), languages)
        files = {code: files[code] for code in chosen.values()}
    rows = list[Row]()
    with ExitStack() as stack:
        read = [stack.enter_context(TextLines(file, encoding)) for file in files.values()]
        streams = [iter(lines) for lines in read]
        while len(rows) < most_rows:
            texts = [next(stream, None) for stream in streams]
            if None in texts:
                _check_even(read, streams, texts)
                break
            row = {code: text or "" for code, text in zip(files, texts, strict=True)}
            rows.append((read[0].n_lines, row))
            if len(rows) % _ROWS == 0:
                yield read[0].share
        if not rows:
            raise DataError(read[0].path, "is empty")
    return rows, list(files), []


def _check_even(
    read: Sequence[TextLines], streams: Sequence[Iterator[str]], texts: Sequence[str | None]
) -> None:
    """Raise DataError unless all files are at their end: then they have as many lines."""
    if all(text is None for text in texts):
        return
    for stream in streams:
        for _ in stream:
            pass
    most = max(read, key=lambda lines: lines.n_lines)
    least = min(read, key=lambda lines: lines.n_lines)
    message = (
        f"has {least.n_lines:,} lines, and {most.path.name} has {most.n_lines:,}: line n of one "
        "is to be the translation of line n of the other"
    )
    raise DataError(least.path, message, place=f"line {least.n_lines + 1:,}")


def _memory(path: Path, most_rows: int) -> Generator[float, None, Raw]:
    """Units in which one language is called en here and en-US there are of one language."""
    rows = yield from tmx.read(path, most_rows)
    if not rows:
        raise DataError(path, "has no unit of translation in it")
    if all(len({language_alone(code) for code in unit}) == len(unit) for _, unit in rows):
        rows = [
            (line, {language_alone(code): text for code, text in unit.items()})
            for line, unit in rows
        ]
    return list(rows), list(dict.fromkeys(code for _, unit in rows for code in unit)), []


# Languages


def languages_of(path: Path, encoding: str = "utf-8") -> list[str]:
    """The codes of the languages that `read` would find. Raises DataError and OSError."""
    if tmx.is_tmx(path):
        work = _memory(path, 1000)
    elif is_one_of_several(path):
        return list(wanted_codes(path, list(files_beside(path)), ()))
    else:
        work = _table(path, encoding, 1)
    while True:
        try:
            next(work)
        except StopIteration as end:
            return list(wanted_codes(path, end.value[1], ()))


# What is left out


@dataclass(slots=True)
class _Reasons:
    """Rows that are left out, by the reason."""

    lines: dict[str, list[int]] = field(default_factory=dict[str, list[int]])

    def add(self, reason: str, line: int) -> None:
        self.lines.setdefault(reason, []).append(line)

    def summary(self) -> tuple[LeftOut, ...]:
        return tuple(
            LeftOut(reason, len(lines), tuple(lines[:_PLACES]))
            for reason, lines in self.lines.items()
        )


def sifted(
    rows: Iterable[Row], wanted: Mapping[str, str], most_characters: int
) -> tuple[dict[str, list[str]], tuple[LeftOut, ...]]:
    """The texts of each wanted language, and the rows that were left out."""
    texts: dict[str, list[str]] = {code: [] for code in wanted}
    reasons, seen = _Reasons(), set[tuple[str, ...]]()
    for line, row in rows:
        if any(code not in row for code in wanted.values()):
            reasons.add("not one text for each language", line)
            continue
        sides = tuple(_plain(row[code]) for code in wanted.values())
        if not all(sides):
            reasons.add("a side is empty", line)
        elif max(map(len, sides)) > most_characters:
            reasons.add(f"longer than {most_characters:,} characters", line)
        elif sides in seen:
            reasons.add("the same as a row before it", line)
        else:
            seen.add(sides)
            for code, side in zip(wanted, sides, strict=True):
                texts[code].append(side)
    return texts, reasons.summary()


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _short(cells: Sequence[str]) -> str:
    text = " ".join(cells)
    return f"{text[:60]}…" if len(text) > 60 else text
