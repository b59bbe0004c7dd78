"""Preparation: how the rows of a file become what a model reads, learned from training rows alone.

Plain data that are kept with a run, so that its model can be asked about other files when the one
that it learned from is gone.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import Annotated, Any, Literal

from pydantic import Field

from workbench.spec.settings import Frozen


class NumberColumn(Frozen):
    """A column of numbers: a missing one is `fill`, then `mean` is taken off, and it is divided.

    With `has_indicator` a second number of 0 or 1 says whether it was missing. What is a date is
    days since 1970. Where there is an `order`, the column has those categories, and the number is
    the place of one among them, from 0; another is missing.
    """

    kind: Literal["number"] = "number"
    name: str
    fill: float
    mean: float = 0.0
    deviation: float = 1.0
    has_indicator: bool = False
    is_time: bool = False
    order: tuple[str, ...] = ()

    @property
    def features(self) -> tuple[str, ...]:
        """The names of the numbers that it becomes."""
        return (self.name, f"{self.name} missing") if self.has_indicator else (self.name,)


class CategoryColumn(Frozen):
    """A column of categories: 0 and 1 for each of them; all 0 where it is missing, or another.

    With `has_others` one more number says that it is another, with `has_indicator` that it is
    missing. Where there is a `fill`, a missing one is taken for that category.
    """

    kind: Literal["category"] = "category"
    name: str
    categories: tuple[str, ...]
    has_others: bool = False
    has_indicator: bool = False
    fill: str = ""

    @property
    def features(self) -> tuple[str, ...]:
        """The names of the numbers that it becomes."""
        names = [f"{self.name} = {category}" for category in self.categories]
        names += [f"{self.name} = another"] * self.has_others
        return (*names, *[f"{self.name} missing"] * self.has_indicator)


InputColumn = Annotated[NumberColumn | CategoryColumn, Field(discriminator="kind")]


class TablePreparation(Frozen):
    """Columns of a table as the numbers of one row, in the order of the columns.

    `reading` are the settings by which the file was read, as the family names them.
    """

    kind: Literal["table"] = "table"
    view: str = "row"
    columns: tuple[InputColumn, ...]
    reading: dict[str, Any] = Field(default_factory=dict)

    @property
    def features(self) -> tuple[str, ...]:
        """The names of the numbers that a row becomes."""
        return tuple(name for column in self.columns for name in column.features)

    @property
    def categories(self) -> tuple[tuple[int, int], ...]:
        """The places [start, stop) of the numbers of each column of categories."""
        ends = list(accumulate(len(column.features) for column in self.columns))
        places = zip([0, *ends], ends, self.columns, strict=False)
        return tuple((a, b) for a, b, column in places if isinstance(column, CategoryColumn))

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that a file must have."""
        return tuple(column.name for column in self.columns)


class ArrayPreparation(Frozen):
    """An array [N, …]: `mean` is taken off, and it is divided by `deviation`.

    Both have one number for each place of a row of numbers, for each channel of a picture, or one
    for all. `array` is what it is called in the file; `shape` is that of one example, as read.
    """

    kind: Literal["array"] = "array"
    view: str = "array"
    array: str = ""
    shape: tuple[int, ...]
    mean: tuple[float, ...] = (0.0,)
    deviation: tuple[float, ...] = (1.0,)


class PicturePreparation(Frozen):
    """Pictures, cut to the square in their middle and scaled to `size` pixels a side.

    Bytes are then treated as those of an array: `mean` and `deviation` are of each channel, or of
    all.
    """

    kind: Literal["pictures"] = "pictures"
    view: str = "picture"
    size: int
    is_grey: bool
    mean: tuple[float, ...] = (0.0,)
    deviation: tuple[float, ...] = (255.0,)


Preparation = Annotated[
    TablePreparation | ArrayPreparation | PicturePreparation, Field(discriminator="kind")
]


def differing(wanted: Sequence[str], there: Sequence[str]) -> tuple[list[str], list[str]]:
    """The columns that are wanted and not there, and those that are there and not wanted."""
    known, asked = set(there), set(wanted)
    return [n for n in wanted if n not in known], [n for n in there if n not in asked]
