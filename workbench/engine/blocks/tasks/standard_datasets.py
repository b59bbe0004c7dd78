"""Standard: data sets of pictures that come with a test set of their own."""

from collections.abc import Generator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from workbench.engine.blocks.tasks.array_inputs import array_preparation, inputs_by_split, kind_of
from workbench.engine.blocks.tasks.augmented import (
    CROP,
    FLIP,
    MIXUP,
    MIXUP_DEMANDS,
    augmentation_of,
)
from workbench.engine.blocks.tasks.splits import Splits
from workbench.engine.blocks.tasks.targets import Target, target_task
from workbench.engine.readers import idx
from workbench.engine.readers.downloads import SOURCES, folder_of
from workbench.engine.readers.errors import DataError
from workbench.engine.roles.loading import Loading, LoadProgress, labelled
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Family, Task
from workbench.spec.settings import Settings, setting
from workbench.spec.work import finished

#: Pictures [N, …] and labels [N, n] of the training set, then those of the test set.
Sets = tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]


class StandardSettings(Settings):
    """How much of it is used."""

    folder: str = setting(
        "", "Where its files are; where downloads are kept if empty.", max_length=4096
    )
    samples: int = setting(
        0, "Training pictures, those to validate on included; 0: all.", ge=0, le=1_000_000
    )
    val: float = setting(
        0.1, "Share of the training pictures to validate on.", gt=0, lt=1, title="Validation"
    )
    split_seed: int = setting(0, "Which pictures those are.", ge=0, le=2**31 - 1)
    flip: bool = FLIP
    crop: int = CROP
    mixup: float = MIXUP


class StandardFamily(Family):
    """A data set that is downloaded when the user asks; its test set is its makers'."""

    group = "downloads"
    gives = ("pictures",)
    demands = MIXUP_DEMANDS
    Settings = StandardSettings

    #: The tasks, with the names of their classes.
    answers: ClassVar[dict[str, tuple[str, ...]]] = {}

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return tuple(cls.answers)

    @classmethod
    def download_bytes(cls) -> int:
        return SOURCES[cls.key].n_bytes if cls.key in SOURCES else 0

    def tasks(self) -> list[Task]:
        return finished(self.loading())

    def loading(self) -> Loading:
        settings = self.settings
        folder = Path(settings.folder) if settings.folder else folder_of(self.key)
        left_out = [name for name in SOURCES[self.key].files if not (folder / name).exists()]
        if left_out:
            message = f"{left_out[0]} is not in {folder}; `workbench download {self.key}` gets it"
            raise BadSpecError("family" if not settings.folder else "folder", message)
        images, labels, test_images, test_labels = yield from self.sets(folder)
        yield None, "preparing the pictures"
        splits = self._splits(len(images), len(test_images))
        images = np.concatenate([images, test_images])
        labels = np.concatenate([labels, test_labels])
        kind = kind_of(folder, "images", images.shape)
        preparation = array_preparation(
            images, kind, splits["train"], is_standardised=False, view="picture"
        )
        made = inputs_by_split(images, kind, splits, preparation)
        views = {split: {"picture": values} for split, values in made.items()}
        targets = [
            Target(name, _codes(folder, labels[:, i], len(answers)), answers)
            for i, (name, answers) in enumerate(self.answers.items())
        ]
        tasks = [target_task(target, views, {"picture": kind}, splits) for target in targets]
        for task in tasks:
            task.preparation = preparation
            task.augmentation = augmentation_of(settings, kind)
        return tasks

    def sets(self, folder: Path) -> Generator[LoadProgress, None, Sets]:
        """The training and the test set, from IDX files. Raises DataError and OSError."""
        arrays: list[NDArray[Any]] = []
        for name in SOURCES[self.key].files:
            values = yield from labelled(idx.read(folder / name), f"reading {name}")
            arrays.append(values if values.ndim > 1 else values[:, None])
        images, labels, test_images, test_labels = arrays
        for pictures, classes in ((images, labels), (test_images, test_labels)):
            if len(pictures) != len(classes):
                message = f"has {len(classes):,} labels of {len(pictures):,} pictures"
                raise DataError(folder, message)
        return images, labels, test_images, test_labels

    def _splits(self, n_train: int, n_test: int) -> Splits:
        settings = self.settings
        draw = np.random.default_rng(settings.split_seed)
        order = draw.permutation(n_train)[: settings.samples or None]
        n_val = max(round(len(order) * settings.val), 1)
        if n_val >= len(order):
            message = f"of {len(order):,} pictures {n_val:,} validate: none is left to train on"
            raise BadSpecError("samples" if settings.samples else "val", message)
        if not n_test:
            raise BadSpecError("folder", "the test set has no pictures in it")
        # The test set stays the test set; only its order is drawn.
        test = n_train + draw.permutation(n_test)
        return {"train": order[n_val:], "val": order[:n_val], "test": test}


def _codes(folder: Path, labels: NDArray[Any], n_classes: int) -> NDArray[np.int64]:
    if labels.max() >= n_classes:
        message = f"has a label {labels.max()}; there are {n_classes} classes, from 0"
        raise DataError(folder, message)
    return labels.astype(np.int64)
