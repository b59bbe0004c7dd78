"""RunList: which runs the history shows, in which groups and order (Qt-free).

Thousands of runs are filtered, grouped and sorted here in one go, and the table is told of the
lines that came of it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from workbench.spec.experiments.flat_settings import Value
from workbench.spec.run_row import RunRow
from workbench.study.listed_run import NO_SETTINGS, ListedRun
from workbench.study.run_filter import FilterError, RunFilter, parse
from workbench.ui.model.history.run_line import Cell, Line, cell_of, reader_of

#: What runs can be grouped by, beside any setting: nothing, the experiment, each of its tags.
BY_NOTHING, BY_EXPERIMENT, BY_TAG = "", "experiment", "tag"


_Item = TypeVar("_Item")


class RunList:
    """The runs of the history, and what of them is shown, as lines in order."""

    def __init__(self) -> None:
        self.runs: list[ListedRun] = []
        #: The runs that the filter means, the newest first.
        self.shown: list[ListedRun] = []
        self.lines: list[Line] = []
        self.group_by = BY_EXPERIMENT
        self.sort_by, self.is_descending = "started", True
        #: Every setting that a run has, sorted.
        self.paths: tuple[str, ...] = ()
        #: Every task that a run was scored on.
        self.tasks: tuple[str, ...] = ()
        #: Why the filter means nothing; then it is the one before that is shown.
        self.refusal: FilterError | None = None
        self._text = ""
        #: All runs in the order of their column, and the lines made of them, by group.
        self._ordered: list[ListedRun] = []
        self._lines: dict[tuple[int, str], Line] = {}
        self._filter = RunFilter()
        self._settings: Mapping[str, Mapping[str, Value]] = {}

    def set_rows(self, rows: Sequence[RunRow]) -> None:
        """Take another history in; what is known of a run that stayed the same is kept."""
        before = {run.row.path or run.row.run_id: run for run in self.runs}
        self.runs = [self._listed(row, before.get(row.path or row.run_id)) for row in rows]
        self._lines.clear()
        self._order()
        self.tasks = tuple(
            dict.fromkeys(score.task for run in self.runs for score in run.row.scores)
        )
        self._pick()
        self._arrange()

    def _listed(self, row: RunRow, before: ListedRun | None) -> ListedRun:
        settings = self._settings.get(row.path, NO_SETTINGS)
        is_same = before is not None and before.row == row and before.settings is settings
        return before if before is not None and is_same else ListedRun(row, settings)

    def set_settings(self, settings: Mapping[str, Mapping[str, Value]]) -> None:
        """Take in the settings of the runs, by path."""
        self._settings = settings
        different = {id(one): one for one in settings.values()}
        self.paths = tuple(sorted({path for one in different.values() for path in one}))
        self.set_rows([run.row for run in self.runs])

    def set_filter(self, text: str) -> None:
        """Show the runs that a text means; one that cannot be read leaves what is shown."""
        self._text = text
        before = self.shown
        self._pick()
        if self.shown != before:  # runs are compared by which they are
            self._arrange()

    def set_group(self, group_by: str) -> None:
        """Group by nothing, the experiment, tags, or a setting's path."""
        self.group_by = group_by
        self._arrange()

    def set_order(self, key: str, is_descending: bool) -> None:
        """Sort by a column; what has no value there comes last either way."""
        self.sort_by, self.is_descending = key, is_descending
        self._order()
        self._pick()
        self._arrange()

    def _order(self) -> None:
        """Sort the runs once for every filter to come."""
        self._ordered = self._sorted(self.runs, reader_of(self.sort_by))

    def _pick(self) -> None:
        try:
            self._filter = parse(self._text, self.paths)
            self.refusal = None
        except FilterError as error:
            self.refusal = error
        tests = self._filter.tests
        matches = tests[0] if len(tests) == 1 else self._filter.matches
        ordered = self._ordered
        self.shown = [run for run in ordered if matches(run)] if self._text else ordered

    def _arrange(self) -> None:
        if self.group_by == BY_NOTHING:
            self.lines = [self._line(run) for run in self.shown]
        else:
            self.lines = self._sorted(self._grouped(), lambda line: line.value(self.sort_by))

    def _line(self, run: ListedRun, group: str = "") -> Line:
        key = id(run), group
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = Line(run, group=group)
        return line

    def _grouped(self) -> list[Line]:
        """A line a group, its runs in their order; an experiment of one run is that run."""
        keys = _key_of(self.group_by)
        groups: dict[str, list[ListedRun]] = {}
        for run in self.shown:
            for key in keys(run):
                groups.setdefault(key, []).append(run)
        is_experiment = self.group_by == BY_EXPERIMENT
        lines: list[Line] = []
        for key, runs in groups.items():
            if is_experiment and len(runs) == 1:
                lines.append(self._line(runs[0]))
            else:
                title = runs[0].row.name if is_experiment else key
                lines.append(Line(None, title, key, [self._line(run, key) for run in runs]))
        return lines

    def _sorted(self, items: Sequence[_Item], read: Callable[[_Item], Cell]) -> list[_Item]:
        known: list[tuple[bool, Cell, int]] = []
        missing: list[_Item] = []
        sign = -1 if self.is_descending else 1  # equals stay in the order that they had
        for i, item in enumerate(items):
            value = read(item)
            if value is None or value == "":
                missing.append(item)
            elif isinstance(value, str):
                known.append((True, value.lower(), sign * i))
            else:
                known.append((False, value, sign * i))
        known.sort(reverse=self.is_descending)
        return [*(items[sign * i] for _, _, i in known), *missing]

    def differing(self) -> list[str]:
        """The settings in which the runs that are shown differ, in the order of their paths."""
        different = list({id(run.settings): run.settings for run in self.shown}.values())
        if len(different) < 2:
            return []
        first, rest = different[0], different[1:]
        return [
            path for path in self.paths if any(one.get(path) != first.get(path) for one in rest)
        ]


def _key_of(group_by: str) -> Callable[[ListedRun], Sequence[str]]:
    """What puts a run into its groups: it may have several tags."""
    if group_by == BY_EXPERIMENT:
        return lambda run: (run.row.experiment,)
    if group_by == BY_TAG:
        return lambda run: run.row.tags or ("",)

    def key(run: ListedRun) -> tuple[str]:
        value = cell_of(run, group_by)
        return ("" if value is None else str(value),)

    return key
