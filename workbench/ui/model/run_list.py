"""RunList: which runs the history shows, in which groups and order (Qt-free).

Thousands of runs are filtered, grouped and sorted here in one go, and the table is told of the
lines that came of it.
"""

from collections.abc import Callable, Mapping, Sequence

from workbench.spec.experiments.flat_settings import Value
from workbench.spec.run_row import RunRow
from workbench.study.listed_run import NO_SETTINGS, ListedRun
from workbench.study.run_filter import FilterError, RunFilter, parse
from workbench.ui.model.run_line import Cell, Line, cell_of

#: What runs can be grouped by, beside any setting: nothing, the experiment, each of its tags.
BY_NOTHING, BY_EXPERIMENT, BY_TAG = "", "experiment", "tag"


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
        self.error = ""
        self._text = ""
        self._filter = RunFilter()
        self._settings: Mapping[str, Mapping[str, Value]] = {}

    def set_rows(self, rows: Sequence[RunRow]) -> None:
        """Take another history in; what is known of a run that stayed the same is kept."""
        before = {run.row.path or run.row.run_id: run for run in self.runs}
        self.runs = [self._listed(row, before.get(row.path or row.run_id)) for row in rows]
        self.tasks = tuple(
            dict.fromkeys(score.task for run in self.runs for score in run.row.scores)
        )
        self._pick()

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
        self._pick()

    def set_group(self, group_by: str) -> None:
        """Group by nothing, the experiment, tags, or a setting's path."""
        self.group_by = group_by
        self._arrange()

    def set_order(self, key: str, is_descending: bool) -> None:
        """Sort by a column; what has no value there comes last either way."""
        self.sort_by, self.is_descending = key, is_descending
        self._sort()

    def _pick(self) -> None:
        try:
            self._filter = parse(self._text, self.paths)
            self.error = ""
        except FilterError as error:
            self.error = str(error)
        matches = self._filter.matches
        self.shown = [run for run in self.runs if matches(run)] if self._text else self.runs
        self._arrange()

    def _arrange(self) -> None:
        if self.group_by == BY_NOTHING:
            self.lines = [Line(run) for run in self.shown]
        else:
            self.lines = self._grouped()
        self._sort()

    def _grouped(self) -> list[Line]:
        """A line a group; an experiment of one run is that run."""
        keys = _key_of(self.group_by)
        groups: dict[str, list[ListedRun]] = {}
        for run in self.shown:
            for key in keys(run):
                groups.setdefault(key, []).append(run)
        is_experiment = self.group_by == BY_EXPERIMENT
        lines: list[Line] = []
        for key, runs in groups.items():
            if is_experiment and len(runs) == 1:
                lines.append(Line(runs[0]))
            else:
                title = runs[0].row.name if is_experiment else key
                lines.append(Line(None, title, key, [Line(run, group=key) for run in runs]))
        return lines

    def _sort(self) -> None:
        self.lines = self._sorted(self.lines)
        for line in self.lines:
            if line.children:
                line.children = self._sorted(line.children)

    def _sorted(self, lines: Sequence[Line]) -> list[Line]:
        known: list[tuple[tuple[bool, Cell], Line]] = []
        missing: list[Line] = []
        for line in lines:
            value = line.value(self.sort_by)
            if value is None or value == "":
                missing.append(line)
            else:
                is_text = isinstance(value, str)
                known.append(((is_text, value.lower() if is_text else value), line))
        known.sort(key=_first, reverse=self.is_descending)
        return [*(line for _, line in known), *missing]

    def differing(self) -> list[str]:
        """The settings in which the runs that are shown differ, in the order of their paths."""
        different = list({id(run.settings): run.settings for run in self.shown}.values())
        if len(different) < 2:
            return []
        first, rest = different[0], different[1:]
        return [
            path for path in self.paths if any(one.get(path) != first.get(path) for one in rest)
        ]


def _first(pair: tuple[tuple[bool, Cell], Line]) -> tuple[bool, Cell]:
    return pair[0]


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
