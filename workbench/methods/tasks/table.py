"""table: the columns of your own table, of text, a workbook, Parquet or Feather."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import asdict

from workbench.engine.blocks.tasks import own_table
from workbench.engine.blocks.tasks.features import Treatment, features_of
from workbench.engine.blocks.tasks.large_table import (
    Prepared,
    lies_in_file,
    prepared_before,
    store_of,
    where_they_lie,
)
from workbench.engine.blocks.tasks.own_table import (
    columns_of,
    has_all,
    inputs_named,
    inputs_taken,
    words_for_missing,
)
from workbench.engine.blocks.tasks.row_store import ColumnsInFile, Making, RowStore
from workbench.engine.blocks.tasks.row_weights import row_weights_of
from workbench.engine.blocks.tasks.split_column import splits_by_column
from workbench.engine.blocks.tasks.splits import Splits, row_keys, split_rows, told_twice
from workbench.engine.blocks.tasks.targets import (
    Target,
    TargetKind,
    column_target,
    label_columns,
    strata_of,
    target_task,
)
from workbench.engine.build.available_memory import machine
from workbench.engine.readers import tables
from workbench.engine.readers.columns import column_by_column
from workbench.engine.readers.frame import Frame
from workbench.engine.roles.loading import Loading, LoadProgress, checked_file, labelled
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Family, Task, Vector
from workbench.spec.settings import Settings, setting
from workbench.spec.user_files.reading import Reading
from workbench.spec.work import finished


class TableFile(Family):
    """Columns of your own table as tasks, from text, a workbook, Parquet or Feather.

    Each target column is a task; the tasks share their inputs. Rows are divided in shuffled
    order, equal ones together; means, deviations and categories are those of the training rows.
    A row without an answer to one of them is learned from and scored for the others. Labels are
    columns of 0 and 1 that are one task: any of them at once.
    """

    key = "table"
    title = "Your table"
    group = "your data"
    helps = "Your own rows and columns: choose what is known and what is to be predicted."
    gives = ("varying-tasks",)

    class Settings(Settings):
        """Which file, which columns, and what becomes of them."""

        file: str = own_table.FILE
        sha256: str = own_table.SHA256
        inputs: list[own_table.Column] = setting(
            [], "Columns that are known; all that are no targets if empty.", max_length=10_000
        )
        targets: dict[own_table.Column, TargetKind] = setting(
            {}, "Columns to predict, each a task: classes, values, or auto.", max_length=1000
        )
        labels: dict[own_table.Column, own_table.LabelColumns] = setting(
            {},
            "Tasks with several labels, each there or not: a name, and its columns of 0 and 1.",
            max_length=1000,
        )
        row_weight: own_table.Column = setting(
            "",
            "The column that says what each row counts in the losses; all count alike if empty.",
        )
        split: own_table.Column = own_table.SPLIT
        missing: own_table.Missing = own_table.MISSING
        most_categories: int = own_table.MOST_CATEGORIES
        standardise: bool = own_table.STANDARDISE
        val: float = setting(
            0.1, "Share of the rows to validate on.", gt=0, lt=1, title="Validation"
        )
        test: float = setting(0.2, "Share of the rows to test on.", gt=0, lt=1)
        stratify: bool = setting(
            True, "Each split has the classes of the first target with classes alike."
        )
        split_seed: int = setting(0, "Which division of the rows.", ge=0, le=2**31 - 1)
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
        inputs_in: own_table.InputsIn = own_table.INPUTS_IN

    def tasks(self) -> list[Task]:
        return finished(self.loading())

    def loading(self) -> Loading:
        settings = self.settings
        if not settings.targets and not settings.labels:
            raise BadSpecError("targets", "names no column to predict: choose one at least")
        self._check_names()
        path = yield from checked_file(settings.file, settings.sha256)
        yield None, f"reading {path.name}"
        others = self._others()
        inputs = inputs_named(path, self._reading(), settings.inputs, others)
        wanted = list(dict.fromkeys([*inputs, *(n for names in others.values() for n in names)]))
        if lies_in_file(path, settings.inputs_in, len(wanted), machine()):
            store = store_of(path, settings.model_dump(), inputs)
            frame: Frame = column_by_column.read(path, wanted, self._reading())
        else:
            store = None
            reading = tables.read(path, wanted, self._reading())
            frame = yield from labelled(reading, f"reading {path.name}")
        prepared = None if store is None else prepared_before(store)
        if prepared is None:
            prepared, frame, targets = yield from self._prepared(frame, inputs, others, store)
        else:
            frame = frame if prepared.is_kept is None else frame.where(prepared.is_kept)
            targets = self._targets(frame)
        tasks = self._made(frame, prepared, targets)
        said = (*frame.notes, *prepared.remarks, *prepared.features.notices)
        if store is not None:
            said = (where_they_lie(prepared), *said)
        tasks[0].notices = (*said, *tasks[0].notices)
        return tasks

    def _others(self) -> dict[str, list[str]]:
        """The columns that serve something else than the inputs, by the setting that names them."""
        settings = self.settings
        others = {"targets": list(settings.targets)}
        if settings.labels:
            others["labels"] = [name for names in settings.labels.values() for name in names]
        for field in ("row_weight", "split"):
            if getattr(settings, field):
                others[field] = [getattr(settings, field)]
        return others

    def _check_names(self) -> None:
        """Raise BadSpecError where a task has two meanings, or no column."""
        settings = self.settings
        for name, columns in settings.labels.items():
            if name in settings.targets:
                raise BadSpecError("labels", f"'{name}' is the name of a target too")
            if not columns:
                raise BadSpecError("labels", f"'{name}' names no column")
        labels = [column for columns in settings.labels.values() for column in columns]
        for field in ("row_weight", "split"):
            name = getattr(settings, field)
            if name and name in (*settings.targets, *labels):
                raise BadSpecError(field, f"'{name}' is to be predicted too")
        if settings.split and settings.split == settings.row_weight:
            raise BadSpecError("split", f"'{settings.split}' is the row weight too")

    def _reading(self) -> Reading:
        """How the file is to be read, where it is text."""
        settings = self.settings
        return Reading.of(settings.model_dump())

    def _prepared(
        self,
        frame: Frame,
        inputs: list[str],
        others: Mapping[str, Sequence[str]],
        store: RowStore | None,
    ) -> Generator[LoadProgress, None, tuple[Prepared, Frame, list[Target]]]:
        """What becomes of inputs and rows, put into a store where there is one; what is left."""
        settings = self.settings
        inputs, left_out = inputs_taken(frame, inputs, settings.inputs, "targets")
        is_kept = None
        n_before = frame.n_rows
        if settings.missing == "drop":
            served = [name for names in others.values() for name in names]
            is_kept = has_all(frame, [*inputs, *served])
            is_kept = None if is_kept.all() else is_kept
            frame = frame if is_kept is None else frame.where(is_kept)
        left_out += words_for_missing(frame, inputs, settings.missing, n_before)
        yield None, "dividing the rows"
        targets = self._targets(frame)
        splits, said = self._splits(frame, inputs, targets)
        treatment = Treatment(settings.missing, settings.most_categories, settings.standardise)
        words = "preparing the columns"
        if store is None:
            features = yield from labelled(features_of(frame, inputs, splits, treatment), words)
            return Prepared(splits, features, (*left_out, *said), is_kept), frame, targets
        with Making(store) as making:
            gathering = ColumnsInFile(making, frame.n_rows)
            work = features_of(frame, inputs, splits, treatment, gathering)
            features = yield from labelled(work, words)
            prepared = Prepared(splits, features, (*left_out, *said), is_kept)
            making.finish(prepared.facts(), prepared.arrays())
        return prepared, frame, targets

    def _targets(self, frame: Frame) -> list[Target]:
        settings = self.settings
        targets = [column_target(frame, name, kind) for name, kind in settings.targets.items()]
        return targets + [label_columns(frame, name, of) for name, of in settings.labels.items()]

    def _splits(
        self, frame: Frame, inputs: Sequence[str], targets: list[Target]
    ) -> tuple[Splits, tuple[str, ...]]:
        """The rows of each split, and what to say of them."""
        settings = self.settings
        keys = row_keys(columns_of(frame, inputs), frame.n_rows)
        if settings.split:
            splits = splits_by_column(frame, settings.split, settings.split_seed)
            said = told_twice(keys, splits)
            return splits, (said,) if said else ()
        strata = strata_of(targets) if settings.stratify else None
        return split_rows(keys, settings.val, settings.test, settings.split_seed, strata), ()

    def _made(self, frame: Frame, prepared: Prepared, targets: list[Target]) -> list[Task]:
        settings, features, splits = self.settings, prepared.features, prepared.splits
        views = {split: {"row": values} for split, values in features.values.items()}
        weights = None
        if settings.row_weight:
            weights = row_weights_of(frame, settings.row_weight, splits)
        preparation = features.preparation.model_copy(update={"reading": asdict(self._reading())})
        tasks: list[Task] = []
        for target in targets:
            task = target_task(
                target,
                views,
                {"row": Vector(len(features.names), features.preparation.categories)},
                splits,
                is_standardised=settings.standardise,
                columns=features.names,
                row_weights=weights,
            )
            task.preparation = preparation
            tasks.append(task)
        return tasks
