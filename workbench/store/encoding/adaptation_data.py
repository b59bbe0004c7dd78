"""Adaptation data: JSON data of how a learner adapts, read back without trusting them."""

from typing import Any

import numpy as np

from workbench.spec.facts import Floats
from workbench.spec.shown.adaptation import (
    AdaptationFacts,
    AdaptedClasses,
    AdaptedLine,
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


def _floats(value: Any) -> Floats:
    return np.asarray(value, dtype=np.float64).astype(np.float32)
