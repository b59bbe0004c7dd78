"""AxisScale: where a trial's value stands on an axis of the plots, from 0 to 1, and its ticks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.study.search.definition import Definition, short
from workbench.study.search.space import Axis
from workbench.study.search.trial import Trial


@dataclass(frozen=True, slots=True)
class AxisScale:
    """A setting, or an objective: from `low` to `high`, or `names` in turn."""

    title: str
    low: float = 0.0
    high: float = 1.0
    is_log: bool = False
    names: tuple[str, ...] = ()

    def place(self, value: float) -> float:
        """Where a value, or the number of a name, stands; 0 is `low`."""
        if self.names:
            return (value + 0.5) / len(self.names)
        low, high = self.low, self.high
        if self.is_log and value > 0:
            low, high, value = math.log(low), math.log(high), math.log(value)
        return (value - low) / (high - low) if high > low else 0.5

    def value(self, place: float) -> float:
        """The value at a place."""
        if self.is_log:
            return math.exp(math.log(self.low) + place * math.log(self.high / self.low))
        return self.low + place * (self.high - self.low)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Places and what to write there."""
        if self.names:
            return [(self.place(i), name) for i, name in enumerate(self.names)]
        if self.high <= self.low:
            return [(0.5, f"{self.low:.3g}")]
        if self.is_log and self.high / self.low >= 100:
            first, last = math.ceil(math.log10(self.low)), math.floor(math.log10(self.high))
            step = max((last - first) // 4, 1)
            powers = [(10.0**n, f"1e{n}") for n in range(first, last + 1, step)]
            return [(self.place(value), words) for value, words in powers]
        places = (0.0, 0.5, 1.0)
        return [(place, f"{self.value(place):.3g}") for place in places]


def scale_of(axis: Axis) -> AxisScale:
    """The scale of a setting, over all that is tried."""
    if axis.kind == "choice":
        return AxisScale(short(axis.key), names=tuple(axis.text(raw) for raw in axis.choices))
    return AxisScale(short(axis.key), axis.low, axis.high, axis.kind == "log")


def result_scale(title: str, values: Sequence[float]) -> AxisScale:
    """The scale of an objective, over what was reached."""
    if not values:
        return AxisScale(title)
    low, high = min(values), max(values)
    room = (high - low) * 0.04 or abs(low) * 0.05 or 0.05
    return AxisScale(title, low - room, high + room)


def number_of(axis: Axis, trial: Trial) -> float:
    """A trial's value on a setting's axis as a number; of choices, which one it is."""
    raw = trial.params[axis.key]
    return float(axis.choices.index(raw)) if axis.kind == "choice" else float(axis.value(raw))


def shown_result(trial: Trial, at: int = 0) -> float | None:
    """What a trial reached on an objective, all its seeds; None where it did not."""
    is_there = trial.status == "done" and at < len(trial.results)
    return trial.results[at] if is_there else None


def words_of(definition: Definition, trial: Trial) -> str:
    """A trial in a few lines: where it is, what it reached, how it ended."""
    lines = [f"#{trial.number}: {trial.label}"]
    for objective, value in zip(definition.objectives, trial.results, strict=False):
        if value is not None:
            lines.append(f"{objective.name}: {value:.4f}")
    if trial.status != "done":
        lines.append(trial.message or trial.status)
    return "\n".join(lines)
