"""Notation: how numbers are written, with a decimal comma, or marks between the thousands."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Between thousands, beside the point or comma that is not the decimal mark.
_SPACES = " \u00a0\u2009\u202f'’"

_EXPONENT = r"(?:[eE][+-]?\d+)?"


@dataclass(frozen=True, slots=True)
class Notation:
    """A way of writing numbers: a pattern that every number meets, and what to change in one.

    `thousands` are left out, and `decimal` becomes a point. `pattern` is read by RE2.
    """

    name: str
    decimal: str
    thousands: str

    @property
    def pattern(self) -> str:
        """What a number written so looks like, whole."""
        marks = "".join(re.escape(mark) for mark in self.thousands)
        decimal = re.escape(self.decimal)
        plain = rf"(?:\d+{decimal}?\d*|{decimal}\d+){_EXPONENT}"
        if not marks:
            return rf"^[+-]?{plain}$"
        grouped = rf"\d{{1,3}}(?:[{marks}]\d{{3}})+(?:{decimal}\d*)?"
        return rf"^[+-]?(?:{grouped}|{plain})$"


#: With a decimal comma, and with a point.
COMMA = Notation("a decimal comma", ",", f".{_SPACES}")
POINT = Notation("a decimal point", ".", f",{_SPACES}")

#: Marks between thousands, by their names in settings.
THOUSANDS = {
    "none": "",
    "comma": ",",
    "point": ".",
    "blank": " \u00a0\u2009\u202f",
    "apostrophe": "'’",
}

_COMMA, _POINT = re.compile(COMMA.pattern), re.compile(POINT.pattern)
#: Three digits behind the only kind of mark there is: thousands, or a part.
_EITHER = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+|[+-]?\d{1,3}(?:\.\d{3})+")


def with_thousands(notation: Notation, name: str) -> Notation:
    """A notation whose thousands have the mark of that name alone; auto: any of its own."""
    if name == "auto":
        return notation
    marks = "".join(mark for mark in THOUSANDS[name] if mark != notation.decimal)
    return Notation(notation.name, notation.decimal, marks)


def is_number(text: str) -> bool:
    """Whether a text is a number in either notation."""
    text = text.strip()
    return bool(_COMMA.match(text) or _POINT.match(text))


def decimal_mark(rows: Iterable[Sequence[str]], separator: str) -> str:
    """The decimal mark of numbers in rows of text: a comma where some have one and none a point.

    What reads either way counts as a decimal comma only beside semicolons, which spreadsheets
    write where commas are taken.
    """
    has = {",": False, "either": False}
    for row in rows:
        for cell in row:
            text = cell.strip()
            if not text[-1:].isdigit() or text.isdigit():
                continue
            if _EITHER.fullmatch(text):
                has["either"] |= "," in text
            elif _POINT.match(text):
                if "." in text:
                    return "."  # whatever else there is
            elif _COMMA.match(text):
                has[","] = True
    is_comma = has[","] or (has["either"] and separator == ";")
    return "," if is_comma else "."
