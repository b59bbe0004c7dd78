"""Dates: days and times of day as people write them, as days since 1970 and hours."""

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute

#: Arrow makes the functions of this module when it is imported, so no checker knows them.
_compute: Any = compute

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = ("uary", "ruary", "ch", "il", "", "e", "y", "ust", "t(?:ember)?", "ober", "ember", "ember")

_CLOCK = r"(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2}(?:\.\d{1,9})?))?(?:\s*(?P<p>[ap])\.?m\.?)?"
_TIME = rf"(?:[ t]+{_CLOCK}\s*(?:z|utc|gmt)?)?"
_YEAR = r"(?P<y>\d{4})"

#: Ways of writing a day: fields by name; `a` and `b` are day and month in an order to be found.
_PATTERNS = (
    rf"^(?P<y>\d{{4}})[/.\-](?P<m>\d{{1,2}})[/.\-](?P<d>\d{{1,2}}){_TIME}$",
    rf"^(?P<a>\d{{1,2}})[/.\-](?P<b>\d{{1,2}})[/.\-](?P<y>\d{{4}}){_TIME}$",
    rf"^(?P<a>\d{{2}})[/.\-](?P<b>\d{{2}})[/.\-](?P<y>\d{{2}}){_TIME}$",
    rf"^m(?P<m>\d\d)[ .\-]+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?[ .\-]+{_YEAR}{_TIME}$",
    rf"^(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ ./\-]*m(?P<m>\d\d),?[ ./\-]*{_YEAR}{_TIME}$",
    rf"^(?P<y>\d{{4}})[ ./\-]*m(?P<m>\d\d)[ ./\-]*(?P<d>\d{{1,2}}){_TIME}$",
)
_OF_DAY = rf"^{_CLOCK}$"

#: Values that are looked at first: most text shows at once that it is no date.
_FIRST = 1000
#: Two digits of a year from this on are of the last century, as POSIX has it.
_PIVOT = 69


@dataclass(frozen=True, slots=True)
class Read:
    """Dates that were read: an Arrow column, and which of day and month came first, if it matters.

    `is_open` says that the other order would have read as well.
    """

    column: Any
    order: str = ""
    is_open: bool = False


def dates_of(column: Any, how: str) -> Read | None:
    """A column of text [N] as dates, None where a value is none; `how` is a `date_format`."""
    if how not in ("auto", "day-first", "month-first"):
        return _by_format(column, how)
    for type_ in (pa.date32(), pa.timestamp("us")):
        try:
            return Read(column.cast(type_))
        except pa.ArrowException:
            continue
    for some in (column[:_FIRST], column):
        found = _in_words(some, how)
        if found is None:
            return None
    return found


def hours_of(column: Any) -> Any:
    """Times of day [N], as text, in hours; None where a value is no such time."""
    fields = _fields(_plain(column), _OF_DAY)
    if fields is None:
        return None
    seconds, is_right = _seconds(fields, len(column))
    if not is_right.all():
        return None
    return pa.array(seconds / 3600, mask=np.asarray(column.is_null()))


def hours_in(column: Any) -> Any:
    """An Arrow column of times of day [N] in hours."""
    unit = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}[column.type.unit]
    whole = column.cast(pa.int32() if pa.types.is_time32(column.type) else pa.int64())
    return _compute.divide(whole.cast(pa.float64()), 3600 * unit)


def _by_format(column: Any, how: str) -> Read | None:
    try:
        made = _compute.strptime(column, format=how, unit="s", error_is_null=True)
    except (pa.ArrowException, ValueError):
        return None
    if made.null_count > column.null_count:
        return None
    # What is written back must be what was read: a day that there is not is none.
    again = _compute.strptime(
        _compute.strftime(made, format=how), format=how, unit="s", error_is_null=True
    )
    return Read(made) if again.equals(made) else None


def _in_words(column: Any, how: str) -> Read | None:
    texts = _plain(column)
    if _compute.any(_compute.match_substring_regex(texts, "[a-z]{3}")).as_py():
        for i, (short, rest) in enumerate(zip(_MONTHS, _FULL, strict=True), 1):
            texts = _compute.replace_substring_regex(
                texts, rf"\b{short}(?:{rest})?\b\.?", f"m{i:02}"
            )
    for pattern in _PATTERNS:
        fields = _fields(texts, pattern)
        if fields is not None:
            return _made(fields, texts, how)
    return None


def _plain(column: Any) -> Any:
    return _compute.utf8_lower(_compute.utf8_trim_whitespace(column))


def _fields(texts: Any, pattern: str) -> dict[str, Any] | None:
    """What each field of a pattern matches; None where a text does not match it."""
    given = texts.drop_null()
    if not len(given) or not _compute.all(_compute.match_substring_regex(given, pattern)).as_py():
        return None
    found = _compute.extract_regex(texts, pattern)
    names = re.findall(r"\(\?P<(\w)>", pattern)
    return {name: _compute.struct_field(found, name) for name in names}


def _whole(fields: dict[str, Any], name: str, n: int) -> NDArray[np.int64]:
    if name not in fields:
        return np.zeros(n, dtype=np.int64)
    text = _compute.if_else(_compute.equal(fields[name], ""), None, fields[name])
    return text.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)


def _seconds(fields: dict[str, Any], n: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Seconds of the day [N], and whether each is one that there is."""
    hours, minutes = _whole(fields, "H", n), _whole(fields, "M", n)
    text = _compute.if_else(_compute.equal(fields["S"], ""), None, fields["S"])
    seconds = text.cast(pa.float64()).fill_null(0).to_numpy(zero_copy_only=False)
    half = np.array(fields["p"].fill_null("").to_pylist(), dtype=object)
    is_half = (half == "a") | (half == "p")
    is_right = (minutes < 60) & (seconds < 60) & (hours < 24) & (~is_half | (hours <= 12))
    hours = np.where(is_half, hours % 12 + np.where(half == "p", 12, 0), hours)
    return hours * 3600.0 + minutes * 60 + seconds, is_right


def _made(fields: dict[str, Any], texts: Any, how: str) -> Read | None:
    n = len(texts)
    is_given = np.asarray(texts.is_valid())
    order, is_open = "", False
    if "a" in fields:
        a, b = _whole(fields, "a", n), _whole(fields, "b", n)
        may_day, may_month = bool((b[is_given] <= 12).all()), bool((a[is_given] <= 12).all())
        order, is_open = _order(how, may_day, may_month, texts)
        if not order:
            return None
        day, month = (a, b) if order == "day-first" else (b, a)
    else:
        day, month = _whole(fields, "d", n), _whole(fields, "m", n)
    year = _whole(fields, "y", n)
    if str(fields["y"].drop_null()[0]).isdigit() and len(str(fields["y"].drop_null()[0])) == 2:
        year = year + np.where(year < _PIVOT, 2000, 1900)
    days, is_day = _days(year, month, day)
    seconds, is_time = _seconds(fields, n)
    if not (is_day & is_time)[is_given].all():
        return None
    if (seconds == 0).all():
        return Read(
            pa.array(days.astype(np.int32), mask=~is_given).cast(pa.date32()), order, is_open
        )
    micros = days * 86_400_000_000 + np.round(seconds * 1e6).astype(np.int64)
    made = pa.array(micros, mask=~is_given).cast(pa.timestamp("us"))
    return Read(made, order, is_open)


def _order(how: str, may_day: bool, may_month: bool, texts: Any) -> tuple[str, bool]:
    """Which of day and month comes first, and whether it might be the other; empty for neither."""
    if how != "auto":
        return (how if (may_day if how == "day-first" else may_month) else ""), False
    if not (may_day and may_month):
        return "day-first" if may_day else "month-first" if may_month else "", False
    # Slashes are how programs of the United States write; points and strokes are not.
    first = str(texts.drop_null()[0])
    return ("month-first" if "/" in first else "day-first"), True


def _days(
    year: NDArray[np.int64], month: NDArray[np.int64], day: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Days since 1970 [N], and whether each is a day that there is."""
    is_month = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    months = (year - 1970) * 12 + np.where(is_month, month, 1) - 1
    start = months.astype("M8[M]")
    made = start.astype("M8[D]") + (np.where(is_month, day, 1) - 1)
    is_day = is_month & (made.astype("M8[M]") == start)
    return made.astype(np.int64), is_day
