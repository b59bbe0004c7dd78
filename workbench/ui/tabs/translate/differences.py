"""Differences: where what was written is not what is right, letter by letter."""

import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

#: A stretch of text, and whether it is missing in the other one.
Stretch = tuple[str, bool]

#: Of longer texts this much is shown and compared, for the work grows with the square.
LONGEST = 400

#: Of texts whose lengths multiply to more, only what begins and ends alike is told apart: a model
#: that has learned little repeats itself, and there the work grows fastest.
_MOST_WORK = 20_000

_JOINER = "\u200d"


def letters(text: str) -> list[str]:
    """The letters of a text, each with the marks that stand on it."""
    marked: list[str] = []
    for character in text:
        is_mark = unicodedata.category(character) in ("Mn", "Mc", "Me") or character == _JOINER
        if marked and (is_mark or marked[-1].endswith(_JOINER)):
            marked[-1] += character
        else:
            marked.append(character)
    return marked


def shortened(text: str) -> str:
    """A text that can be shown in a line or a few."""
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def differences(right: str, written: str) -> tuple[list[Stretch], list[Stretch]]:
    """The stretches of both; what is the same in both is not marked."""
    first, second = letters(shortened(right)), letters(shortened(written))
    in_right: list[Stretch] = []
    in_written: list[Stretch] = []
    for is_other, a, b, c, d in _blocks(first, second):
        in_right += _stretch(first[a:b], is_other)
        in_written += _stretch(second[c:d], is_other)
    return in_right, in_written


def _blocks(first: Sequence[str], second: Sequence[str]) -> list[tuple[bool, int, int, int, int]]:
    """Whether they differ, and from where to where in both."""
    if len(first) * len(second) <= _MOST_WORK:
        matcher = SequenceMatcher(None, first, second, autojunk=False)
        return [(kind != "equal", a, b, c, d) for kind, a, b, c, d in matcher.get_opcodes()]
    shorter = min(len(first), len(second))
    start = next((i for i in range(shorter) if first[i] != second[i]), shorter)
    rest = range(shorter - start)
    end = next((i for i in rest if first[-1 - i] != second[-1 - i]), shorter - start)
    a, b = len(first) - end, len(second) - end
    return [
        (False, 0, start, 0, start),
        (True, start, a, start, b),
        (False, a, len(first), b, len(second)),
    ]


def _stretch(some: Sequence[str], is_other: bool) -> Iterable[Stretch]:
    return [("".join(some), is_other)] if some else []
