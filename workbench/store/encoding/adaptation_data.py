"""Adaptation data: JSON data of how a learner adapts, read back without trusting them."""

from itertools import pairwise
from typing import Any

import numpy as np

from workbench.spec.event import Adapted
from workbench.spec.facts import Floats
from workbench.spec.shown.adaptation import (
    AdaptationFacts,
    AdaptedClasses,
    AdaptedLine,
    AdaptedTask,
    AdaptedValues,
)
from workbench.store.encoding.byte_arrays import unpacked


def facts(value: Any) -> dict[str, AdaptationFacts]:
    """Means by task."""
    return {task: _facts(item) for task, item in value.items()}


def _facts(item: Any) -> AdaptationFacts:
    columns = ("steps", "loss", "low", "high", "not_finite")
    return AdaptationFacts(*(tuple(item[name]) for name in columns), n_tasks=item["n_tasks"])


def lines(value: Any) -> tuple[AdaptedLine, ...]:
    """Small tasks of one number from one number."""
    columns = ("x", "y", "query_x", "query_y", "axis", "answers")
    return tuple(
        AdaptedLine(item["index"], *(_floats(item[name]) for name in columns)) for item in value
    )


def classes(value: Any) -> tuple[AdaptedClasses, ...]:
    """Small tasks with classes."""
    columns = ("support", "wanted", "answered", "pictures")
    return tuple(
        AdaptedClasses(
            item["index"],
            tuple(item["names"]),
            *(unpacked(item[name]) for name in columns),
            places=_floats(item["places"]).reshape(-1, 2),
        )
        for item in value
    )


def values(value: Any) -> tuple[AdaptedValues, ...]:
    """Small tasks of other numbers."""
    return tuple(
        AdaptedValues(item["index"], _floats(item["wanted"]), _floats(item["answers"]))
        for item in value
    )


def is_whole(event: Adapted) -> bool:
    """Whether its arrays have the sizes of each other, and each number of steps is told once."""
    steps = event.inner_steps
    n = len(steps)
    is_rising = n > 0 and all(a < b for a, b in pairwise(steps)) and steps[0] >= 0
    is_told = event.losses.ndim == 2 and len(event.losses) == n and event.scores.shape == (n,)
    shown = (*event.lines, *event.classes, *event.values)
    return is_rising and is_told and all(_is_drawable(one, n) for one in shown)


def _is_drawable(one: AdaptedTask, n_steps: int) -> bool:
    match one:
        case AdaptedLine():
            pairs = ((one.x, one.y), (one.query_x, one.query_y))
            are_points = all(x.ndim == 1 and x.shape == y.shape for x, y in pairs)
            return are_points and one.answers.shape == (n_steps, one.axis.size)
        case AdaptedClasses():
            n_rows = one.support.size + one.wanted.size
            is_told = one.support.ndim == 1 and one.answered.shape == (n_steps, one.wanted.size)
            has_places = one.places.shape in ((n_rows, 2), (0, 2))
            # fewer pictures than rows are none: they are not drawn then
            are_pictures = one.pictures.ndim == 3 or one.pictures.shape[3:] == (3,)
            return is_told and has_places and are_pictures
        case AdaptedValues():
            return one.answers.shape == (n_steps, one.wanted.size) and one.wanted.ndim == 1


def _floats(value: Any) -> Floats:
    return np.asarray(value, dtype=np.float64).astype(np.float32)
