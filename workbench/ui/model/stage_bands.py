"""Bands: the stages of a run on the x-axis."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.spec.event import StageFacts


@dataclass(frozen=True, slots=True)
class Band:
    """A stage on the x-axis: its name and its steps, `start` to before `end`."""

    name: str
    start: float
    end: float


def bands_of(stages: Sequence[StageFacts]) -> list[Band]:
    """The stages one after the other."""
    result: list[Band] = []
    start = 0
    for stage in stages:
        result.append(Band(stage.name, start, start + stage.steps))
        start += stage.steps
    return result
