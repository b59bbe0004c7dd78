"""Samples: examples of a task as plain arrays, for a view to draw."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """Pictures, uint8 [N, H, W] or [N, H, W, 3], and the right answer to each, [N]."""

    view: str
    images: NDArray[np.uint8]
    answers: tuple[str, ...]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Pictures):
            return False
        same = self.view == other.view and self.answers == other.answers
        return same and np.array_equal(self.images, other.images)

    __hash__ = None  # pyright: ignore[reportAssignmentType]  # Python's way to say so


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Points in the plane [N, 2] and the class of each, [N] positions in `names`."""

    view: str
    columns: tuple[str, ...]
    points: Floats
    classes: NDArray[np.int64]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Numbers [N, K] over one number [N], which is in rising order."""

    view: str
    x: Floats
    y: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows of numbers [N, C] under their columns' names, and the right answer to each, [N]."""

    view: str
    columns: tuple[str, ...]
    values: Floats
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts [N] and the right answer to each, [N]."""

    view: str
    texts: tuple[str, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """Values [H, W] of a function over a grid of places, x [W] and y [H]; a start [2] on it."""

    view: str
    x: Floats
    y: Floats
    values: Floats
    start: tuple[float, float]


Samples = Pictures | Points | Curve | Rows | Texts | Surface
