"""Reading: how a table of the user's is asked to be read, as a preset's settings say it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

#: What columns may be taken for, by the word in a preset. Text is not learned from unless a column
#: of it is named as an input; what is left out is not even read.
TYPES = ("number", "category", "ordered", "date", "time of day", "text", "leave out")

#: Ways to say which of day and month comes first, beside a format of one's own.
DATE_ORDERS = ("auto", "day-first", "month-first")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table is asked to be read: settings of the families table and few-shot-table.

    The fields are called as the settings are. "auto" is what the first rows look like, and so are
    no `missing_marks`. `types` are pairs of a column and one of `TYPES`. `sheet` is empty where a
    workbook has one alone.
    """

    encoding: str = "auto"
    separator: str = "auto"
    quote: str = "auto"
    header: bool = True
    skip: int = 0
    comment: str = "auto"
    decimal: str = "auto"
    thousands: str = "auto"
    missing_marks: tuple[str, ...] = ()
    date_format: str = "auto"
    sheet: str = ""
    types: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Reading":
        """What the settings of a family say of reading; the others are passed over."""
        known = {
            field.name: settings[field.name] for field in fields(cls) if field.name in settings
        }
        if "missing_marks" in known:
            known["missing_marks"] = tuple(known["missing_marks"])
        if "types" in known:
            known["types"] = tuple(dict(known["types"]).items())
        return cls(**known)

    def type_of(self, column: str) -> str:
        """What a column is asked to be taken for; empty where nothing is said."""
        return next((type_ for name, type_ in self.types if name == column), "")


#: As files are that nothing is said about.
PLAIN = Reading()
