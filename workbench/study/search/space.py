"""Space: what a sweep tries of each setting: choices, or a range of numbers."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from workbench.spec.documents.document import PresetError, parse

Kind = Literal["choice", "int", "float", "log"]

FORMS = "a,b,c or int:1:10 or float:0:1 or log:1e-4:1 (a fourth number of int and float: the step)"

#: A number that a setting is given has so many significant digits: more mean nothing to a reader.
_DIGITS = 6


class BadSpaceError(ValueError):
    """A space that cannot be searched: which setting, what was found, what is allowed."""


@dataclass(frozen=True, slots=True)
class Axis:
    """What is tried of one setting.

    A range goes from `low` to `high`, both included, by `step` where that is not 0; `is_whole`
    says that the setting takes whole numbers alone. `choices` are texts in JSON, each a value of
    the setting; with `changes` each stands for a change of several settings, by their names.
    """

    key: str
    kind: Kind
    low: float = 0.0
    high: float = 0.0
    step: float = 0.0
    is_whole: bool = False
    choices: tuple[str, ...] = ()
    changes: tuple[Mapping[str, Any], ...] = ()

    @property
    def size(self) -> int | None:
        """How many values there are; None where they are as many as numbers."""
        if self.kind == "choice":
            return len(self.choices)
        step = self.step or (1.0 if self.is_whole else 0.0)
        return math.floor((self.high - self.low) / step + 1e-9) + 1 if step else None

    def value(self, raw: Any) -> Any:
        """The setting's value where the search says `raw`: a number, or one of the choices."""
        if self.kind == "choice":
            return raw if self.changes else json.loads(raw)
        if self.is_whole:
            return int(raw)
        return min(max(float(f"{raw:.{_DIGITS}g}"), self.low), self.high)

    def changed(self, raw: Any) -> dict[str, Any]:
        """What is set where the search says `raw`, by the settings' names."""
        if self.changes:
            return dict(self.changes[self.choices.index(raw)])
        return {self.key: self.value(raw)}

    def text(self, raw: Any) -> str:
        """The value in a few letters."""
        value = self.value(raw)
        return f"{value:.4g}" if isinstance(value, float) else shown(value)

    def levels(self, n: int) -> list[Any]:
        """Up to `n` values from end to end for a grid; all, where there are no more choices."""
        if self.kind == "choice":
            return list(self.choices)
        size = self.size
        if size is not None and self.is_whole and size <= n:
            step = int(self.step) or 1
            return list(range(int(self.low), int(self.high) + 1, step))
        n = n if size is None else min(n, size)
        at = [i / (n - 1) if n > 1 else 0.0 for i in range(n)]
        if self.kind == "log":
            ratio = self.high / self.low
            values = [self.low * ratio**share for share in at]
        elif self.step or self.is_whole:
            step = self.step or 1.0
            values = [self.low + step * round(share * ((size or 1) - 1)) for share in at]
        else:
            values = [self.low + share * (self.high - self.low) for share in at]
        inside = [min(max(value, self.low), self.high) for value in values]
        # one type for each axis: Optuna gives whole numbers back as such
        return list(dict.fromkeys(round(v) if self.is_whole else v for v in inside))

    def to_json(self) -> dict[str, Any]:
        """The axis as JSON data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Axis":
        """The axis that `to_json` described."""
        lists: dict[str, Any] = {name: tuple(data.get(name, ())) for name in ("choices", "changes")}
        return cls(**{**data, **lists})


def shown(value: Any) -> str:
    """A value as a preset writes it, in one line."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def parse_axis(text: str, *, is_whole: bool = False) -> Axis:
    """`KEY=SPACE` as an axis. Raises BadSpaceError."""
    key, equals, space = (part.strip() for part in text.partition("="))
    if not equals or not key or not space:
        raise BadSpaceError(f"--over wants KEY=SPACE, SPACE being {FORMS}; found '{text}'")
    kind, colon, rest = space.partition(":")
    if colon and kind in ("int", "float", "log"):
        return _range(key, kind, rest, space, is_whole=is_whole or kind == "int")
    choices = [json.dumps(_value(key, part)) for part in split_choices(space)]
    if len(set(choices)) < len(choices):
        raise BadSpaceError(f"{key}: a value stands twice in '{space}'; name each once")
    if len(choices) < 2:
        message = f"found '{space}', one value: name two or more, or a range ({FORMS})"
        raise BadSpaceError(f"{key}: {message}")
    return Axis(key, "choice", choices=tuple(choices))


def _range(key: str, kind: Any, rest: str, text: str, *, is_whole: bool) -> Axis:
    parts = rest.split(":")
    try:
        low, high, *more = (float(part) for part in parts)
    except ValueError:
        raise BadSpaceError(f"{key}: {FORMS} is wanted; found '{text}'") from None
    step = more[0] if more else 0.0
    bad = ""
    if len(more) > 1 or (more and kind == "log"):
        bad = f"{FORMS} is wanted"
    elif not all(math.isfinite(value) for value in (low, high, step)):
        bad = "finite numbers are wanted"
    elif not low < high:
        bad = "a range goes up, from its smallest value to its largest"
    elif kind == "log" and low <= 0:
        bad = "a range over powers begins above 0"
    elif more and not 0 < step <= high - low:
        bad = "a step is above 0 and no larger than the range"
    elif is_whole and not all(value.is_integer() for value in (low, high, step)):
        bad = "the setting takes whole numbers alone"
    if bad:
        raise BadSpaceError(f"{key}: {bad}; found '{text}'")
    if step:  # the end is a value that can be reached
        high = low + step * math.floor((high - low) / step + 1e-9)
    return Axis(key, kind, low, high, step, is_whole)


def split_choices(text: str) -> list[str]:
    """The parts between commas that stand in no bracket or quotes."""
    parts, depth, quote = [""], 0, ""
    for letter in text:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        depth += (letter in "[{(") - (letter in "]})") if not quote else 0
        if letter == "," and depth == 0 and not quote:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


def _value(key: str, text: str) -> Any:
    try:
        value = parse(f"value: {text}", key).data["value"]
        json.dumps(value, allow_nan=False)
    except (PresetError, ValueError, TypeError):
        message = f"'{text}' is no value as a preset writes it"
        raise BadSpaceError(f"{key}: {message}; {FORMS} is wanted") from None
    return value


def grid(axes: Sequence[Axis], most: int | None) -> list[dict[str, Any]]:
    """The points of a grid, the last axis turning fastest.

    Ranges have as many levels as fit in `most` points, two at least; without it, five.
    """
    fixed = math.prod(len(axis.choices) for axis in axes if axis.kind == "choice")
    ranges = [axis for axis in axes if axis.kind != "choice"]
    n = 5
    if most is not None and ranges:
        n = 2
        while _n_points(ranges, n + 1) * fixed <= most and n < most:
            n += 1
    points: list[dict[str, Any]] = [{}]
    for axis in axes:
        points = [{**point, axis.key: level} for point in points for level in axis.levels(n)]
    return points


def _n_points(ranges: Sequence[Axis], n: int) -> int:
    return math.prod(len(axis.levels(n)) for axis in ranges)
