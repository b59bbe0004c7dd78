"""Facts: what events are made of: of tasks and stages, and tables of numbers. All are picklable."""

from dataclasses import dataclass, fields
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def is_equal(a: Any, b: Any) -> bool:
    """Whether two values of a field are the same, arrays by their numbers; NaN is as NaN.

    Arrays may be values of a dictionary.
    """
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        first, second = cast("Floats", a), cast("Floats", b)
        return np.array_equal(first, second, equal_nan=np.asarray(first).dtype.kind == "f")
    if isinstance(a, dict) and isinstance(b, dict):
        one, other = cast("dict[Any, Any]", a), cast("dict[Any, Any]", b)
        return one.keys() == other.keys() and all(is_equal(one[key], other[key]) for key in one)
    return a == b


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """Something that happened when `step` steps were done."""

    step: int

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return False
        return all(
            is_equal(getattr(self, f.name), getattr(other, f.name))
            for f in fields(self)
            if f.compare
        )

    __hash__ = None  # pyright: ignore[reportAssignmentType]  # Python's way to say so


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What a view needs to know of one task.

    `chance` is the score of guessing, None where that means nothing; `head` names the head it
    reads its answer from: tasks with one name share it. `updates` are the steps that are planned
    for it, and `updates_alone` those that as many epochs over its own data alone would be; 0 where
    an earlier version did not say. `entry` is the place, from 0, of the spec's entry that chose it
    (−1 where an earlier version did not say), and `own_name` what its family calls it: `name` is
    that, unless another task of the run has it already. `score_range` are the least and the largest
    score that the metric can give; None: without an end, or not known. `data` is a sum (SHA-256) of
    its examples; empty where none was made.
    """

    name: str
    family: str
    metric: str
    higher_is_better: bool
    chance: float | None
    head: str
    input: str
    output: str
    n_train: int
    n_val: int
    n_test: int
    weight: float = 1.0
    updates: int = 0
    updates_alone: int = 0
    entry: int = -1
    own_name: str = ""
    score_range: tuple[float | None, float | None] = (None, None)
    data: str = ""

    def __post_init__(self) -> None:
        if not self.own_name:
            object.__setattr__(self, "own_name", self.name)

    @property
    def is_share(self) -> bool:
        """Whether its scores are shares of a whole, from 0 to 1."""
        return self.score_range == (0, 1)


@dataclass(frozen=True, slots=True)
class StageFacts:
    """A stage of the curriculum: the tasks learned in it, and its length in steps."""

    name: str
    tasks: tuple[str, ...]
    steps: int


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Numbers `values` [R, C] under the names of their rows and columns; NaN: does not apply.

    `title` and `meaning` say what it is about and what its numbers are, in the words of whoever
    reports it; empty where the name says it.
    """

    name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: Floats
    title: str = ""
    meaning: str = ""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Table):
            return False
        return all(is_equal(getattr(self, f.name), getattr(other, f.name)) for f in fields(self))

    __hash__ = None  # pyright: ignore[reportAssignmentType]  # Python's way to say so
