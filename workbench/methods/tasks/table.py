"""table: the columns of your own CSV, TSV or Parquet file."""

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from workbench.engine.blocks.tasks.features import Treatment, features_of
from workbench.engine.blocks.tasks.splits import row_keys, split_rows
from workbench.engine.blocks.tasks.targets import (
    Answered,
    Target,
    TargetKind,
    column_target,
    strata_of,
    target_task,
)
from workbench.engine.readers import tables
from workbench.engine.readers.errors import DataError
from workbench.engine.readers.frame import Frame
from workbench.engine.readers.head import Reading
from workbench.engine.roles.loading import Loading, checked_file, told
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Family, Task, Vector
from workbench.spec.settings import Settings, setting
from workbench.spec.work import finished


class TableFile(Family):
    """Columns of your own table as tasks, from a CSV, TSV or Parquet file.

    Each target column is a task; the tasks share their inputs. Rows are divided in shuffled
    order, equal ones together; means, deviations and categories are those of the training rows.
    A row without an answer is left out of that task alone.
    """

    key = "table"
    title = "Your table"
    group = "your data"
    helps = "Your own rows and columns: choose what is known and what is to be predicted."
    gives = ("varying-tasks",)

    class Settings(Settings):
        """Which file, which columns, and what becomes of them."""

        file: str = setting("", "The table: a CSV, TSV or Parquet file.", max_length=4096)
        sha256: str = setting(
            "",
            "SHA-256 of the file: the run is refused if it changed. Not checked if empty.",
            title="SHA-256",
            pattern="^([0-9a-fA-F]{64})?$",
        )
        inputs: list[Annotated[str, Field(max_length=1000)]] = setting(
            [], "Columns that are known; all that are no targets if empty.", max_length=10_000
        )
        targets: dict[Annotated[str, Field(max_length=1000)], TargetKind] = setting(
            {}, "Columns to predict, each a task: classes, values, or auto.", max_length=1000
        )
        missing: Literal["mean", "median", "indicator", "drop"] = setting(
            "mean",
            "Missing numbers become the training rows' mean or median, or the mean with a column "
            "that says so (indicator); or rows with any missing value are left out (drop).",
        )
        most_categories: int = setting(
            50,
            "Text is one column of 0 and 1 for each of so many of its values; rarer ones share "
            "one.",
            ge=1,
            le=10_000,
        )
        standardise: bool = setting(
            True, "Numbers with mean 0 and deviation 1 over the training rows; targets too."
        )
        val: float = setting(
            0.1, "Share of the rows to validate on.", gt=0, lt=1, title="Validation"
        )
        test: float = setting(0.2, "Share of the rows to test on.", gt=0, lt=1)
        stratify: bool = setting(
            True, "Each split has the classes of the first target with classes alike."
        )
        split_seed: int = setting(0, "Which division of the rows.", ge=0, le=2**31 - 1)
        separator: Literal["auto", "comma", "semicolon", "tab", "bar"] = setting(
            "auto", "What separates the columns of a CSV file."
        )
        header: bool = setting(
            True,
            "The first line of a CSV file names the columns; otherwise they are called column 1, "
            "column 2 and so on.",
        )
        decimal: Literal["auto", "point", "comma"] = setting(
            "auto", "What a CSV file has between the whole part of a number and the rest."
        )
        encoding: Literal["utf-8", "latin-1", "cp1252", "gb18030", "shift_jis"] = setting(
            "utf-8", "How a CSV file writes its letters."
        )

    def tasks(self) -> list[Task]:
        return finished(self.loading())

    def loading(self) -> Loading:
        given = self.settings
        if not given.targets:
            raise BadSpecError("targets", "names no column to predict: choose one at least")
        path = yield from checked_file(given.file, given.sha256)
        yield None, f"reading {path.name}"
        inputs = self._inputs(path)
        wanted = [*inputs, *(name for name in given.targets if name not in inputs)]
        reading = tables.read(path, wanted, self._asked())
        frame = yield from told(reading, f"reading {path.name}")
        inputs, left_out = self._taken(frame, inputs)
        if given.missing == "drop":
            frame = _without_missing(frame, [*inputs, *given.targets])
        targets = [column_target(frame, name, kind) for name, kind in given.targets.items()]
        tasks = yield from told(self._made(frame, inputs, targets), "preparing the columns")
        tasks[0].notices = (*frame.notes, *left_out, *tasks[0].notices)
        return tasks

    def _asked(self) -> Reading:
        """How the file is to be read, where it is text."""
        given = self.settings
        return Reading(given.separator, given.encoding, given.decimal, given.header)

    def _inputs(self, path: Path) -> list[str]:
        """The input columns, once every column that is named is known to exist."""
        given = self.settings
        known = tables.names(path, self._asked())
        for field, chosen in (("inputs", given.inputs), ("targets", given.targets)):
            for name in chosen:
                if name not in known:
                    message = f"{path.name} has no column '{name}' (it has: {', '.join(known)})"
                    raise BadSpecError(field, message)
        for name in given.inputs:
            if name in given.targets:
                raise BadSpecError("inputs", f"'{name}' is a target too: it would be told")
        inputs = list(dict.fromkeys(given.inputs)) or [n for n in known if n not in given.targets]
        if not inputs:
            raise BadSpecError("targets", "every column is a target: none is left to learn from")
        return inputs

    def _taken(self, frame: Frame, inputs: list[str]) -> tuple[list[str], list[str]]:
        """The inputs that can be learned from, and what to say of the others.

        Columns that were asked for by name are not left out in silence: they are refused.
        """
        reasons = {name: frame.reason(name) for name in inputs}
        for name in self.settings.inputs:
            if reasons[name] and not frame.is_counter(name):
                raise DataError(frame.path, f"{reasons[name]}: leave it out", column=name)
        if self.settings.inputs:
            return inputs, []
        left_out = [
            f"column '{name}' is left out: it {why}" for name, why in reasons.items() if why
        ]
        taken = [name for name in inputs if not reasons[name]]
        if not taken:
            words = "; ".join(left_out[:3])
            raise BadSpecError("targets", f"no column is left to learn from: {words}")
        return taken, left_out

    def _made(
        self, frame: Frame, inputs: Sequence[str], targets: Sequence[Target]
    ) -> Generator[float, None, list[Task]]:
        given = self.settings
        columns = (
            frame.categories(name).codes
            if frame.is_categorical(name)
            else frame.numbers(name).values
            for name in inputs
        )
        keys = row_keys(columns, frame.n_rows)
        strata = strata_of(list(targets)) if given.stratify else None
        splits = split_rows(keys, given.val, given.test, given.split_seed, strata)
        treatment = Treatment(given.missing, given.most_categories, given.standardise)
        features = yield from features_of(frame, inputs, splits, treatment)
        views = {split: {"row": values} for split, values in features.values.items()}
        answered = Answered(views, splits)
        tasks: list[Task] = []
        left_out = features.notices
        for target in targets:
            own_views, own_splits, notice = answered.of(target)
            task = target_task(
                target,
                own_views,
                {"row": Vector(len(features.names))},
                own_splits,
                is_standardised=given.standardise,
                columns=features.names,
            )
            task.notices = (*left_out, *notice, *task.notices)
            tasks.append(task)
            left_out = ()
        return tasks


def _without_missing(frame: Frame, names: Sequence[str]) -> Frame:
    is_missing = np.zeros(frame.n_rows, dtype=bool)
    for name in names:
        is_missing |= frame.is_missing(name)
    if is_missing.all():
        raise BadSpecError("missing", "drop leaves no row: each lacks a value somewhere")
    return frame.kept(~is_missing) if is_missing.any() else frame
