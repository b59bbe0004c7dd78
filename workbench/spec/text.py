"""Text: what users call things, shown as it is and never obeyed.

Names of presets, tasks, columns, classes, tags, runs and files are data. A place that shows them
makes them `visible`; what a place makes of markup of its own is in its own room: `cli/output.py`
and `cli/tables.py` for the terminal, `ui/words/plain_text.py` for the window, `csv_bytes` for CSV.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence

#: They join letters of many scripts, and emoji; alone they do nothing.
_JOINERS = "\u200c\u200d"

#: What a spreadsheet takes for the beginning of a formula (OWASP, CSV Injection).
_FORMULA = tuple("=+-@＝＋－＠")

#: Names that Windows keeps for its devices, whatever follows the first dot.
_DEVICES = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d|com[¹²³]|lpt[¹²³])$", re.IGNORECASE)

#: So many bytes of a file's name are left to the name: the rest is for endings and copies.
_STEM_BYTES = 120


def visible(text: str, keeps: str = "") -> str:
    r"""A text as one line in which nothing acts or hides.

    Control characters, line ends, what turns the direction of writing, what has no width and halves
    of characters become escapes as Python writes them: \n, \x1b, \u202e. `keeps` are left alone.
    """
    if (text.replace(keeps, "") if keeps else text).isprintable():
        return text
    return "".join(c if _is_plain(c) or c in keeps else _escape(c) for c in text)


def visible_lines(text: str) -> str:
    """The same of a text of several lines."""
    return visible(text, keeps="\n")


def _is_plain(character: str) -> bool:
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return character in _JOINERS
    code = ord(character)
    return code & 0xFFFE != 0xFFFE and not 0xFDD0 <= code <= 0xFDEF  # these are no characters


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def file_stem(name: str, otherwise: str) -> str:
    """A file's name, without ending, for something that is called `name`; it is never a path.

    What file systems do not take becomes a hyphen; `otherwise` where nothing is left.
    """
    shown = "".join("-" if _escapes_in_files(c) else c for c in name)
    stem = re.sub(r"\s+", "-", shown).strip("-. ")
    stem = stem.encode("utf-8", "ignore")[:_STEM_BYTES].decode("utf-8", "ignore").strip("-. ")
    if _DEVICES.match(stem.split(".")[0]):
        stem = f"{otherwise}-{stem}"
    return stem or otherwise


def _escapes_in_files(character: str) -> bool:
    return character in '/\\:*?"<>|%$`' or not _is_plain(character)


def csv_bytes(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as CSV that a spreadsheet shows and does not calculate.

    Text that would begin a formula gets an apostrophe before it; numbers stay numbers.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([csv_text(name) for name in head])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8", "backslashreplace")


def _cell(value: object) -> object:
    return csv_text(value) if isinstance(value, str) else value


def csv_text(value: str) -> str:
    """A text as a cell of a CSV file: shown, and never calculated."""
    text = visible(value, keeps="\n")  # a lone \r would end the row, and NUL the file
    is_formula = text.lstrip(" \u00a0\u3000\n")[:1] in _FORMULA and not _is_number(text)
    return f"'{text}" if is_formula else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text


#: A number with its thousands apart: 10,000 or 1,234.5, not 0,125 or 10,5.
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")


def number_text(value: float) -> str:
    """A number as people write it, with up to six digits: 0.001, 64, 1e7, 1e-5."""
    digits, _, exponent = f"{value:.6g}".partition("e")
    return f"{digits}e{int(exponent)}" if exponent else digits


def number_of(text: str) -> float:
    """The number that a person wrote: 10,000,000, 1e7, 0.5 or 0,5. Raises ValueError."""
    text = text.strip()
    return float(text.replace(",", "" if _GROUPED.fullmatch(text) else "."))


def is_large_as_written(text: str) -> bool:
    """Whether somebody's own way to write a number is kept: thousands apart, or 1e7."""
    is_short = "e" in text.lower() and "+" not in text and not re.search(r"e-?0", text.lower())
    return is_short or _GROUPED.fullmatch(text) is not None
