"""RunLine: a line of the table of runs, a run or a group of them, and its cells (Qt-free)."""

from collections.abc import Callable, Sequence
from statistics import fmean, stdev

from workbench.spec.measures import MEASURES
from workbench.study.listed_run import OF_SCORES, ListedRun

#: What a cell holds; None: nothing.
Cell = str | float | bool | None

#: Columns of which a group shows the mean over its runs that came to their end.
MEASURED = (*MEASURES, "delta_m")

#: Columns of a line that are no settings, but for `score.TASK`.
FACTS = (
    "starred",
    "name",
    "seed",
    "status",
    "curve",
    "steps",
    "seconds",
    *MEASURED,
    "started",
    "tag",
    "note",
    "threads",
    "run_id",
)
#: Facts that a run has in words.
_TEXTS = ("name", "status", "started", "tag", "note", "run_id")
#: Facts that count something, and are looked up like a measure.
_COUNTED = ("seed", "steps", "seconds", "threads")


def is_measured(key: str) -> bool:
    """Whether the column holds something that was measured."""
    return key in MEASURED or key.startswith(OF_SCORES)


def reader_of(key: str) -> Callable[[ListedRun], Cell]:
    """What reads a column, by the column's key or the path of a setting."""
    if is_measured(key) or key in _COUNTED:
        return lambda run: run.number(key)
    if key in _TEXTS:
        return lambda run: getattr(run.row, key)
    if key == "starred":
        return lambda run: run.row.starred or None
    if key == "curve":
        return lambda run: run.row.curve[-1] if run.row.curve else None
    return lambda run: run.settings.get(key)


def cell_of(run: ListedRun, key: str) -> Cell:
    """What a run has in a column."""
    return reader_of(key)(run)


class Line:
    """A run, or a group with its runs below it."""

    __slots__ = ("_cells", "children", "group", "key", "run", "title")

    def __init__(
        self,
        run: ListedRun | None,
        title: str = "",
        group: str = "",
        children: Sequence["Line"] = (),
    ) -> None:
        self.run = run
        self.title = title
        self.group = group
        self.children = list(children)
        self._cells: dict[str, Cell] = {}
        #: What tells the line from every other: its group, and the run in it.
        self.key = group, "" if run is None else run.row.path or run.row.run_id

    @property
    def runs(self) -> list[ListedRun]:
        """The run, or those of the group."""
        if self.run is not None:
            return [self.run]
        return [child.run for child in self.children if child.run is not None]

    def value(self, key: str) -> Cell:
        """What stands in a column: of a group the mean, or what its runs have in common."""
        if self.run is not None:
            return cell_of(self.run, key)
        if key not in self._cells:
            self._cells[key] = self._of_group(key)
        return self._cells[key]

    def _of_group(self, key: str) -> Cell:
        if key == "name":
            return self.title
        if key == "seed":
            return float(len(self.children))
        if key == "started":
            return max(run.row.started for run in self.runs)
        if is_measured(key) or key in ("steps", "seconds", "curve"):
            values = self.measured(key)
            return fmean(values) if values else None
        values = {cell_of(run, key) for run in self.runs}
        return values.pop() if len(values) == 1 else None

    def measured(self, key: str) -> list[float]:
        """The numbers of a column over the runs of the group that came to their end."""
        cells = [cell_of(run, key) for run in self.runs if run.row.status == "done"]
        return [float(cell) for cell in cells if isinstance(cell, int | float)]

    def spread(self, key: str) -> float | None:
        """The standard deviation of a column over the runs of the group; None below two."""
        values = self.measured(key)
        return stdev(values) if len(values) > 1 else None

    def n_done(self) -> int:
        """How many of the runs came to their end."""
        return sum(run.row.status == "done" for run in self.runs)

    @property
    def curve(self) -> tuple[float, ...]:
        """The course of the scores: of a group the mean, where its runs have as many points."""
        curves = [run.row.curve for run in self.runs if run.row.curve]
        if not curves or len({len(curve) for curve in curves}) > 1:
            return curves[0] if len(curves) == 1 else ()
        return tuple(fmean(points) for points in zip(*curves, strict=True))
