"""Order: in which order the values of a column stand that is of ordered categories."""

import re
from collections.abc import Sequence

#: Words that stand in an order wherever they are used; those of one place mean the same.
_SCALES = (
    ("none|no", "very mild", "mild|slight", "moderate", "severe|strong", "very severe|extreme"),
    ("never", "rarely|seldom", "sometimes|occasionally", "often|frequently", "usually", "always"),
    ("very low", "low", "medium|mid|middle|moderate|average|normal", "high", "very high"),
    ("tiny", "small", "medium|mid|middle", "large|big", "huge"),
    ("xxs", "xs", "s", "m", "l", "xl", "xxl|2xl", "xxxl|3xl"),
    ("very poor|very bad", "poor|bad", "fair|average|ok", "good", "very good", "excellent"),
    ("strongly disagree", "disagree", "neutral|neither", "agree", "strongly agree"),
    ("first", "second", "third", "fourth", "fifth", "sixth"),
    ("jan|january", "feb|february", "mar|march", "apr|april", "may", "jun|june", "jul|july",
     "aug|august", "sep|sept|september", "oct|october", "nov|november", "dec|december"),
    ("mon|monday", "tue|tuesday", "wed|wednesday", "thu|thursday", "fri|friday", "sat|saturday",
     "sun|sunday"),
)  # fmt: skip
_PLACES = [
    {word: place for place, words in enumerate(scale) for word in words.split("|")}
    for scale in _SCALES
]

_NUMBER = re.compile(r"(\d+(?:\.\d+)?)")


def in_order(values: Sequence[str]) -> list[int]:
    """Positions of several texts in their order: that of a scale they are of, else numbers by size.

    A scale is one of low, medium and high, of sizes, months, and their like.
    """
    words = [value.strip().lower().replace("_", " ").replace("-", " ") for value in values]
    for places in _PLACES:
        if all(word in places for word in words):
            return sorted(range(len(values)), key=lambda i: places[words[i]])
    return sorted(range(len(values)), key=lambda i: _natural(values[i]))


def _natural(text: str) -> list[tuple[int, float, str]]:
    """A key by which 9 comes before 10, and "< 5" before "5 – 9"."""
    is_below = text.lstrip()[:1] in ("<", "≤")
    parts = [part for part in _NUMBER.split(text) if part]
    key = [(0, float(p), "") if _NUMBER.fullmatch(p) else (1, 0.0, p) for p in parts]
    numbers = [part for part in key if part[0] == 0]
    return [(0 if is_below else 1, 0.0, ""), *(numbers or []), *key]
