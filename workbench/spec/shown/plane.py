"""Plane: tasks whose input is a point in the plane, and what a model answers at every place."""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Compared:
    """Equal where every field is, arrays by their values."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return False
        return all(
            np.array_equal(getattr(self, f.name), getattr(other, f.name))
            for f in fields(self)  # pyright: ignore[reportArgumentType]  # derived ones are dataclasses
        )

    __hash__ = None  # pyright: ignore[reportAssignmentType]  # Python's way to say so


@dataclass(frozen=True, slots=True, eq=False)
class Plane(Compared):
    """A task of points: `x` and `y` are the ends of its axes, `names` those of its classes.

    `points` [N, 2] and their `classes` [N] are some of what it is trained on.
    """

    task: str
    columns: tuple[str, ...]
    names: tuple[str, ...]
    x: tuple[float, float]
    y: tuple[float, float]
    points: NDArray[np.float32]
    classes: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Map(Compared):
    """What a model answers for a task on a grid of its plane, from low y to high.

    `classes` [H, W] are the likeliest ones; `certainties` [H, W] their probabilities in 255ths.
    """

    task: str
    classes: NDArray[np.uint8]
    certainties: NDArray[np.uint8]

    @property
    def shares(self) -> Any:
        """The probability of the likeliest class, [H, W]."""
        return self.certainties.astype(np.float32) / 255.0
