"""pictures: your own folder of pictures, a folder for each class or a table beside them."""

from collections.abc import Generator
from pathlib import Path
from typing import Literal

from workbench.engine.blocks.tasks import own_table
from workbench.engine.blocks.tasks.augmented import (
    CROP,
    FLIP,
    MIXUP,
    MIXUP_DEMANDS,
    augmentation_of,
)
from workbench.engine.blocks.tasks.picture_rows import (
    Look,
    inputs_of,
    seen,
    store_of,
    where_they_lie,
)
from workbench.engine.blocks.tasks.pictures_named import (
    Named,
    pictures_of_folders,
    pictures_of_table,
)
from workbench.engine.blocks.tasks.split_column import splits_by_column
from workbench.engine.blocks.tasks.splits import split_rows, told_twice
from workbench.engine.blocks.tasks.targets import TargetKind, strata_of, target_task
from workbench.engine.build.available_memory import machine
from workbench.engine.roles.loading import Loading, LoadProgress, checked_file, labelled
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Family, Task
from workbench.spec.settings import Settings, setting
from workbench.spec.work import finished


class PicturesFolder(Family):
    """Pictures of your own: which folder is each from, or what does a table say of it?

    The folder holds one for each class, or a table names the pictures, and each column to predict
    is a task; the tasks share the pictures. They are cut to the square in their middle and scaled,
    and divided in shuffled order, equal ones together, with the classes alike in each split.
    """

    key = "pictures"
    title = "Your pictures"
    group = "your data"
    helps = "Your own photographs or drawings, sorted into folders or with a table of answers."
    gives = ("varying-tasks", "pictures")
    demands = MIXUP_DEMANDS

    class Settings(Settings):
        """Which folder, and how its pictures are seen."""

        file: str = setting(
            "",
            "The folder of the pictures, that holds one for each class or any.",
            title="Folder",
            max_length=4096,
        )
        sha256: str = setting(
            "",
            "SHA-256 of its names and pictures: the run is refused if they changed. Not checked if "
            "empty.",
            title="SHA-256",
            pattern="^([0-9a-fA-F]{64})?$",
        )
        labels: str = setting(
            "",
            "A table with a row for each picture: its name and the answers. The folders are the"
            " classes if empty.",
            title="Table",
            max_length=4096,
        )
        labels_sha256: str = setting(
            "",
            "SHA-256 of the table.",
            title="SHA-256 of the table",
            pattern="^([0-9a-fA-F]{64})?$",
        )
        name: own_table.Column = setting(
            "",
            "Table: the column that names the pictures; the one that does if empty.",
        )
        targets: dict[own_table.Column, TargetKind] = setting(
            {},
            "Table: columns to predict, each a task: classes, values, or auto. A picture may lack"
            " some of the answers.",
            max_length=1000,
        )
        split: own_table.Column = own_table.SPLIT
        size: int = setting(
            32, "Height and width the pictures are scaled to.", ge=4, le=512, unit="px"
        )
        colours: Literal["rgb", "grey"] = setting("rgb", "Three channels or one.")
        standardise: bool = setting(
            False,
            "Channels with mean 0 and deviation 1 over the training pictures; otherwise 0 to 1.",
        )
        val: float = setting(
            0.1, "Share of the pictures to validate on.", gt=0, lt=1, title="Validation"
        )
        test: float = setting(0.2, "Share of the pictures to test on.", gt=0, lt=1)
        split_seed: int = setting(0, "Which division of the pictures.", ge=0, le=2**31 - 1)
        flip: bool = FLIP
        crop: int = CROP
        mixup: float = MIXUP
        inputs_in: own_table.InputsIn = setting(
            "auto",
            "Pictures are held in memory as they are seen, or in a file from which each batch is"
            " read, ahead of its step. The task is the same. auto: in a file where they would take"
            " more than 1 GiB, or half of the memory there is.",
            title="Keep pictures in",
        )

    def tasks(self) -> list[Task]:
        return finished(self.loading())

    def loading(self) -> Loading:
        settings = self.settings
        path = yield from checked_file(settings.file, settings.sha256)
        yield None, f"reading {path.name}"
        named = yield from self._named(path)
        look = Look(settings.size, settings.colours == "grey")
        store = store_of(named.files, look, settings.inputs_in, machine())
        reading = seen(named.files, path, look, store)
        made = yield from labelled(reading, f"reading {path.name}")
        yield None, "preparing the pictures"
        said = ""
        if settings.split and named.table is not None:
            splits = splits_by_column(named.table, settings.split, settings.split_seed)
            said = told_twice(made.keys, splits)
        else:
            strata = strata_of(named.targets)
            splits = split_rows(made.keys, settings.val, settings.test, settings.split_seed, strata)
        preparation, inputs = inputs_of(made, look, splits, is_standardised=settings.standardise)
        views = {split: {"picture": values} for split, values in inputs.items()}
        tasks = [target_task(one, views, {"picture": look.kind}, splits) for one in named.targets]
        for task in tasks:
            task.preparation = preparation
            task.augmentation = augmentation_of(settings, look.kind)
        notices = [*where_they_lie(made), *named.notices, *([said] if said else [])]
        tasks[0].notices = (*notices, *tasks[0].notices)
        return tasks

    def _named(self, path: Path) -> Generator[LoadProgress, None, Named]:
        """Which pictures there are, and what is to be predicted of each."""
        settings = self.settings
        if settings.labels:
            table = yield from checked_file(settings.labels, settings.labels_sha256, "labels")
            return pictures_of_table(path, table, settings.name, settings.targets, settings.split)
        for field in ("targets", "name", "split"):
            if getattr(settings, field):
                raise BadSpecError(field, "belongs to a table of labels: name one")
        return pictures_of_folders(path)
