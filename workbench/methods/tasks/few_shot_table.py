"""few-shot-table: each site, user or device of your own table is a task."""

from collections.abc import Generator
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray

from workbench.engine.blocks.tasks import own_table
from workbench.engine.blocks.tasks.episodes import DistributionSettings, drawn_groups
from workbench.engine.blocks.tasks.features import Treatment, features_of
from workbench.engine.blocks.tasks.groups import named, split_whole
from workbench.engine.blocks.tasks.own_table import (
    columns_of,
    inputs_named,
    inputs_taken,
    without_missing,
    words_for_missing,
)
from workbench.engine.blocks.tasks.splits import Splits, row_keys
from workbench.engine.blocks.tasks.targets import (
    Target,
    TargetKind,
    column_target,
    target_task,
)
from workbench.engine.readers import tables
from workbench.engine.readers.errors import DataError
from workbench.engine.readers.frame import Categories, Frame
from workbench.engine.roles.loading import Loading, checked_file, labelled
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.rows.pooled import Pooled
from workbench.engine.roles.task import Episodes, Family, Part, Task, Vector
from workbench.spec.rules import Rule
from workbench.spec.settings import Settings, setting
from workbench.spec.user_files.reading import Reading
from workbench.spec.work import finished


class _WhichTable(Settings):
    """Which file and which columns: what is asked first."""

    file: str = own_table.FILE
    sha256: str = own_table.SHA256
    group: str = setting(
        "", "The column that says whose a row is: each of its values is a task.", max_length=1000
    )
    target: str = setting("", "The column to predict.", max_length=1000)
    target_kind: TargetKind = setting(
        "auto", "What the target is: one of its classes, values, or what it looks like."
    )
    inputs: list[own_table.Column] = setting(
        [], "Columns that are known; all others if empty.", max_length=10_000
    )


class FewShotTable(Family):
    """Your own table, whose rows belong to sites, users or devices: each of these is a task.

    A task is a few rows of one group to adapt to, and others of the same group that are asked;
    groups that train are drawn from over and over. Groups go to training, validation and test
    whole, by their name and the seed; means, deviations and categories are those of the training
    groups. A row that is there twice counts once, and groups with too few rows are left out.
    """

    key = "few-shot-table"
    title = "Few-shot: your table"
    group = "learning to learn"
    helps = "To be right for a new site, user or device after a few of its rows."
    gives = ("varying-tasks", "episodes")
    is_judged_built = True

    class Settings(DistributionSettings, _WhichTable):
        """Which file, whose each row is, and what becomes of the columns."""

        rules: ClassVar[tuple[Rule, ...]] = (
            Rule("val", "<", "1 - test", "must be less than {bound}: test takes {test}"),
        )

        missing: own_table.Missing = own_table.MISSING
        most_categories: int = own_table.MOST_CATEGORIES
        standardise: bool = own_table.STANDARDISE
        train_tasks: int = setting(
            2000, "Tasks drawn from the training groups.", ge=1, le=100_000, title="Training tasks"
        )
        val_tasks: int = setting(
            100, "Tasks drawn from the groups to validate on.",
            ge=1, le=10_000, title="Validation tasks",
        )  # fmt: skip
        test_tasks: int = setting(
            200, "Tasks drawn from the groups to test on.", ge=1, le=10_000, title="Test tasks"
        )
        val: float = setting(
            0.2, "Share of the groups to validate on.", gt=0, lt=1, title="Validation"
        )
        test: float = setting(0.2, "Share of the groups to test on.", gt=0, lt=1)
        separator: own_table.Separator = own_table.SEPARATOR
        header: bool = own_table.HEADER
        decimal: own_table.Decimal = own_table.DECIMAL
        encoding: own_table.Encoding = own_table.ENCODING
        quote: own_table.Quote = own_table.QUOTE
        skip: int = own_table.SKIP
        comment: str = own_table.COMMENT
        thousands: own_table.Thousands = own_table.THOUSANDS
        missing_marks: list[own_table.Mark] = own_table.MISSING_MARKS
        date_format: str = own_table.DATE_FORMAT
        sheet: str = own_table.SHEET
        types: dict[own_table.Column, own_table.ColumnType] = own_table.TYPES

    def tasks(self) -> list[Task]:
        return finished(self.loading())

    def loading(self) -> Loading:
        settings = self.settings
        self._require_columns()
        path = yield from checked_file(settings.file, settings.sha256)
        yield None, f"reading {path.name}"
        wanted = Reading.of(settings.model_dump())
        others = {"target": [settings.target], "group": [settings.group]}
        inputs = inputs_named(path, wanted, settings.inputs, others)
        reading = tables.read(path, [*inputs, settings.target, settings.group], wanted)
        frame = yield from labelled(reading, f"reading {path.name}")
        inputs, left_out = inputs_taken(frame, inputs, settings.inputs, "group")
        notes = [*frame.notes, *left_out]
        frame, unknown = self._known(frame)
        n_before = frame.n_rows
        if settings.missing == "drop":
            frame = without_missing(frame, inputs)
        notes += words_for_missing(frame, inputs, settings.missing, n_before)
        target = column_target(frame, settings.target, settings.target_kind)
        groups = _Groups(frame, settings.group, inputs, target)
        splits, few = groups.divided(settings.shots + settings.queries, self._shares())
        making = self._made(frame, inputs, target, groups, splits, asdict(wanted))
        task = yield from labelled(making, "preparing the columns")
        task.notices = (*notes, *unknown, *few, *task.notices)
        return [task]

    def _require_columns(self) -> None:
        settings = self.settings
        if not settings.target:
            raise BadSpecError("target", "names no column to predict: choose one")
        if not settings.group:
            raise BadSpecError("group", "names no column: choose the one that says whose a row is")
        if settings.group == settings.target:
            raise BadSpecError("group", f"'{settings.group}' is the target too")

    def _shares(self) -> tuple[float, float, int]:
        settings = self.settings
        return settings.val, settings.test, settings.data_seed

    def _known(self, frame: Frame) -> tuple[Frame, list[str]]:
        """The rows that say whose they are and have an answer, and what to say of the others."""
        notices: list[str] = []
        for name, what in ((self.settings.group, "no group"), (self.settings.target, "no answer")):
            frame.check_readable(name)
            is_missing = frame.is_missing(name)
            if is_missing.all():
                raise DataError(frame.path, "has no value in any row that is used", column=name)
            if is_missing.any():
                n, total = int(is_missing.sum()), frame.n_rows
                notices.append(f"{name}: {n:,} of {total:,} rows have {what}, and are left out")
                frame = frame.where(~is_missing)
        return frame, notices

    def _made(
        self,
        frame: Frame,
        inputs: list[str],
        target: Target,
        groups: "_Groups",
        splits: Splits,
        reading: dict[str, Any],
    ) -> Generator[float, None, Task]:
        settings = self.settings
        treatment = Treatment(settings.missing, settings.most_categories, settings.standardise)
        features = yield from features_of(frame, inputs, splits, treatment)
        views = {split: {"row": values} for split, values in features.values.items()}
        kind = {"row": Vector(len(features.names), features.preparation.categories)}
        task = target_task(
            target, views, kind, splits,
            is_standardised=settings.standardise, columns=features.names,
        )  # fmt: skip
        task.preparation = features.preparation.model_copy(update={"reading": reading})
        task.episodes = Episodes(settings.shots, settings.queries)
        data: dict[str, Part] = {}
        for split, n in settings.sizes().items():
            counts = torch.tensor(groups.runs(splits[split]))
            generator = settings.generator(split)
            positions = drawn_groups(counts, n, task.episodes.n, generator)
            part = task.data[split]
            data[split] = Part(
                {"row": Pooled(part.inputs["row"], positions)}, part.target[positions]
            )
        task.data = data
        task.drawn_from = {split: groups.of(rows) for split, rows in splits.items()}
        task.notices = (*features.notices, *task.notices)
        return task


class _Groups:
    """Whose each row of a frame is; rows that are there twice count once."""

    def __init__(self, frame: Frame, name: str, inputs: list[str], target: Target) -> None:
        self.path: Path = frame.path
        self.name = name
        self.whose: Categories = frame.categories(name)
        values = target.values.reshape(frame.n_rows, -1).T
        keys = row_keys([*columns_of(frame, inputs), *values, self.whose.codes], frame.n_rows)
        self.rows: NDArray[np.int64] = np.sort(np.unique(keys, return_index=True)[1])

    def divided(self, least: int, shares: tuple[float, float, int]) -> tuple[Splits, list[str]]:
        """Rows by split, group by group, and what to say of the groups that are too small.

        Raises DataError where fewer than three groups are left.
        """
        counts = np.bincount(self.whose.codes[self.rows], minlength=len(self.whose.names))
        large = np.flatnonzero(counts >= least)
        if len(large) < 3:
            message = (
                f"has {len(large)} groups with {least} different rows, for shots and queries; three"
                " are needed: to train, to validate and to test on"
            )
            raise DataError(self.path, message, column=self.name)
        names = [self.whose.names[code] for code in large]
        order = self.rows[np.argsort(self.whose.codes[self.rows], kind="stable")]
        by_code = np.split(order, np.cumsum(counts)[:-1])
        splits = {
            split: np.concatenate([by_code[large[i]] for i in chosen])
            for split, chosen in split_whole(names, *shares).items()
        }
        small = np.flatnonzero((counts < least) & (counts > 0))
        if not len(small):
            return splits, []
        few = named([self.whose.names[code] for code in small], [int(counts[c]) for c in small])
        return splits, [
            f"{self.name}: {len(small):,} of {len(small) + len(large):,} groups have fewer than"
            f" {least} different rows, and are left out: {few}"
        ]

    def runs(self, rows: NDArray[np.int64]) -> list[int]:
        """How many rows each group has, of rows that lie group by group."""
        codes = self.whose.codes[rows]
        starts = np.flatnonzero(np.diff(codes, prepend=-1))
        return np.diff(starts, append=len(codes)).tolist()

    def of(self, rows: NDArray[np.int64]) -> tuple[str, ...]:
        """The names of the groups that rows are of."""
        return tuple(self.whose.names[code] for code in np.unique(self.whose.codes[rows]))
