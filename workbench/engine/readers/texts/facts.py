"""Facts of texts: what is in a file of sentences in several languages, of its first rows or of all.

A file is taken for one where it says so itself: a translation memory; a file that is called after a
language as another beside it is; or a table with tabs of which the columns are called after
languages and hold texts. A column called id or no may be one of numbers, so what is in it counts.
"""

from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path

from workbench.engine.readers.dialect.beginning import beginning_of, lines_as_shown
from workbench.engine.readers.errors import DataError
from workbench.engine.readers.head import first_lines
from workbench.engine.readers.texts import sentences, tmx
from workbench.engine.readers.texts.language_codes import is_language, is_one_of_several
from workbench.engine.readers.texts.text_lines import TextLines
from workbench.spec.user_files.aligned import files_beside, wanted_codes
from workbench.spec.user_files.file_facts import ColumnFacts, FileFacts, ReadSetting
from workbench.spec.user_files.text_facts import LanguageFacts, TextFacts, TextReading

#: The family that takes such files, and what takes the same file otherwise, by its kind.
FAMILY, TABLE = "sentences", "table"
TSV, ALIGNED, MEMORY = "TSV", "aligned files", "TMX"

#: Rows that are looked at at first, and rows that tell whether columns hold texts.
FIRST_ROWS, _ROWS_TO_TELL = 1000, 50
#: Lines of the file that are shown as they are, and languages that are chosen without asking.
_LINES, _MOST_LANGUAGES = 20, 50


def kind_of(path: Path) -> str:
    """What kind of file of sentences a file is; empty where it is none. Raises OSError."""
    if tmx.is_tmx(path):
        return MEMORY
    if is_language(path.suffix.removeprefix(".")):
        return ALIGNED
    try:
        return TSV if _is_table_of_texts(path, "utf-8") else ""
    except DataError:
        pass
    try:  # in which every byte is a letter or a mark, so that letters of others are letters
        return TSV if _is_table_of_texts(path, "latin-1") else ""
    except DataError:
        return ""


def _is_table_of_texts(path: Path, encoding: str) -> bool:
    with TextLines(path, encoding) as lines:
        stream = iter(lines)
        names = [name.strip() for name in next(stream, "").split("\t")]
        at = [i for i, name in enumerate(names) if is_language(name)]
        if len(at) < 2 or 2 * len(at) < len(names):
            return False
        rows = [line.split("\t") for line, _ in zip(stream, range(_ROWS_TO_TELL), strict=False)]
    rows = [row for row in rows if len(row) == len(names)]
    columns = [[row[i].strip() for row in rows if row[i].strip()] for i in at]
    return sum(_holds_texts(column) for column in columns) >= 2


def _holds_texts(cells: Sequence[str]) -> bool:
    """Whether most cells have letters, and most are different: not numbers, dates or categories."""
    n_words = sum(any(map(str.isalpha, cell)) for cell in cells)
    return bool(cells) and 2 * n_words > len(cells) and 2 * len(set(cells)) >= len(cells)


#: What was read of a file, the first rows that stay, and notes.
_Texts = tuple[TextFacts, tuple[tuple[str, ...], ...], tuple[str, ...]]


def facts_of(
    path: Path, kind: str, wanted: TextReading, n: int, *, is_quick: bool
) -> Generator[float, None, FileFacts]:
    """The facts of a file of sentences, with the first `n` rows that stay; yields the share read.

    With `is_quick` of the first rows alone, and what is wrong is told as `FileFacts.problem`.
    Raises DataError and OSError.
    """
    encoding = ReadSetting("encoding", wanted.encoding, is_given=True)
    reading = () if kind == MEMORY else (encoding,)
    others = () if kind == MEMORY else (TABLE,)
    most = FIRST_ROWS if is_quick else sentences.MOST_ROWS
    try:
        texts, rows, notes = yield from _texts_of(path, kind, wanted, n, most)
    except DataError as error:
        if not is_quick:
            raise
        reading = tuple(_with_guess(path, setting) for setting in reading)
        return FileFacts(
            str(path), FAMILY, kind, 0, (), is_whole=False, reading=reading,
            lines=_shown(path, kind, wanted.encoding), problem=str(error), others=others,
            texts=TextFacts(),
        )  # fmt: skip
    columns = tuple(ColumnFacts(code, "text", "classes", type="text") for code in texts.chosen)
    return FileFacts(
        str(path), FAMILY, kind, texts.n_read, columns, rows, notes=notes, is_whole=not is_quick,
        n_seen=texts.n_read, reading=reading, lines=_shown(path, kind, wanted.encoding),
        texts=texts, others=others,
    )  # fmt: skip


def _with_guess(path: Path, encoding: ReadSetting) -> ReadSetting:
    """The encoding of a file that cannot be read as asked, with what it looks like, if another."""
    try:
        start = beginning_of(path, "auto")
    except (DataError, UnicodeError):
        return encoding
    if start.encoding == encoding.value:
        return encoding
    return replace(encoding, proposed=start.encoding, words=start.words)


def _texts_of(
    path: Path, kind: str, wanted: TextReading, n: int, most: int
) -> Generator[float, None, _Texts]:
    chosen, codes = wanted.languages, list[str]()
    if kind == ALIGNED:
        is_one_of_several(path)  # raises where it is alone
        codes = list(files_beside(path))
        chosen = chosen or _proposed(path, codes)
    rows, codes_read, notes = yield from sentences.raw(path, chosen, wanted.encoding, most)
    rows = rows[:most]
    codes = codes if kind == ALIGNED else codes_read
    chosen = chosen or _proposed(path, codes)
    by_code = sentences.wanted_codes(path, codes, chosen)
    kept, left_out = sentences.sifted(rows, by_code, wanted.most_characters)
    n_kept = len(next(iter(kept.values())))
    if most < sentences.MOST_ROWS and len(rows) == most:
        left_out = ()  # of the first rows alone, which is soon counted of all
    elif len(rows) == most:
        notes = [*notes, f"the first {most:,} rows are read, and no more"]
    facts = TextFacts(
        _languages(codes, codes_read, rows),
        tuple(by_code),
        len(rows),
        n_kept,
        left_out,
    )
    first = tuple(zip(*(texts[:n] for texts in kept.values()), strict=True))
    return facts, first, tuple(notes)


def _proposed(path: Path, codes: Sequence[str]) -> tuple[str, ...]:
    """The languages that are known, where there are two: other names may be no languages."""
    every = sentences.wanted_codes(path, codes, ())
    known = [code for code, written in every.items() if is_language(written)]
    return tuple(known if len(known) > 1 else every)[:_MOST_LANGUAGES]


def _languages(
    codes: Sequence[str], codes_read: Sequence[str], rows: Sequence[sentences.Row]
) -> tuple[LanguageFacts, ...]:
    """Every language of a file, with its texts where they were read."""
    counts = dict.fromkeys(codes_read, 0)
    for _, row in rows:
        for code, text in row.items():
            if text.strip():
                counts[code] += 1
    every = wanted_codes(codes, ())
    return tuple(
        LanguageFacts(code, counts.get(written), is_language(written))
        for code, written in every.items()
    )


def _shown(path: Path, kind: str, encoding: str) -> tuple[str, ...]:
    """The first lines of a text file; of a translation memory they are its markup."""
    if kind == MEMORY:
        return ()
    try:
        return first_lines(lines_as_shown(path, encoding), _LINES)
    except DataError:
        return ()
