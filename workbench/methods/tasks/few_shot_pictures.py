"""few-shot-pictures: your own folder of class folders, a few classes to be told apart at a time."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from workbench.engine.blocks.tasks.episodes import (
    LETTERS,
    ClassesSettings,
    answers_to,
    drawn_classes,
)
from workbench.engine.blocks.tasks.groups import named, split_whole
from workbench.engine.blocks.tasks.splits import row_keys
from workbench.engine.readers import pictures
from workbench.engine.readers.errors import DataError
from workbench.engine.roles.loading import Loading, checked_file, labelled
from workbench.engine.roles.rows.pooled import Pooled
from workbench.engine.roles.task import Classes, Episodes, Family, Image, Part, Task
from workbench.spec.rules import Rule
from workbench.spec.settings import Settings, setting
from workbench.spec.work import finished


class _WhichPictures(Settings):
    """Which folder, and how its pictures are seen: what is asked first."""

    file: str = setting(
        "", "The folder that holds one for each class.", title="Folder", max_length=4096
    )
    sha256: str = setting(
        "",
        "SHA-256 of its names and pictures: the run is refused if they changed. Not checked if "
        "empty.",
        title="SHA-256",
        pattern="^([0-9a-fA-F]{64})?$",
    )
    size: int = setting(32, "Height and width the pictures are scaled to.", ge=4, le=512, unit="px")
    colours: Literal["rgb", "grey"] = setting("rgb", "Three channels or one.")


class FewShotPictures(Family):
    """Your own pictures, sorted into folders: tell classes apart that were not trained on.

    Each task takes a few of the classes, called by letters, and some pictures of each. Classes go
    to training, validation and test whole, by their name and the seed. Pictures are cut to the
    square in their middle and scaled; one that is there twice counts once, one that lies in two
    classes is left out, for it would be of both, and classes with too few pictures are left out.
    """

    key = "few-shot-pictures"
    title = "Few-shot: your pictures"
    group = "learning to learn"
    helps = "To recognise new kinds of things after a few pictures of each."
    gives = ("varying-tasks", "episodes", "pictures")
    is_judged_built = True

    class Settings(ClassesSettings, _WhichPictures):
        """Which folder, how many of its classes a task has, and how many pictures each."""

        rules: ClassVar[tuple[Rule, ...]] = (
            Rule("val", "<", "1 - test", "must be less than {bound}: test takes {test}"),
        )

        val: float = setting(
            0.2, "Share of the classes to validate on.", gt=0, lt=1, title="Validation"
        )
        test: float = setting(0.2, "Share of the classes to test on.", gt=0, lt=1)

    def tasks(self) -> list[Task]:
        return finished(self.loading())

    def loading(self) -> Loading:
        settings = self.settings
        path = yield from checked_file(settings.file, settings.sha256)
        reading = pictures.read(path, settings.size, settings.colours == "grey")
        read = yield from labelled(reading, f"reading {path.name}")
        yield None, "preparing the pictures"
        by_class, of_two = _different(read)
        large = self._large(path, read.names, by_class)
        names = [read.names[i] for i in large]
        shares = settings.val, settings.test, settings.data_seed
        chosen = split_whole(names, *shares, least=settings.ways)
        n_rows = settings.shots + settings.queries
        data: dict[str, Part] = {}
        for split, n in settings.sizes().items():
            of_split = [by_class[large[i]] for i in chosen[split]]
            counts = torch.tensor([len(of_class) for of_class in of_split])
            positions = drawn_classes(counts, n, settings.ways, n_rows, settings.generator(split))
            pool = torch.from_numpy(read.images[np.concatenate(of_split)])
            target = answers_to(n, settings.ways, n_rows)
            data[split] = Part({"picture": Pooled(pool, positions)}, target)
        small = [i for i in range(len(read.names)) if i not in set(large)]
        task = Task(
            "class",
            {"picture": Image(read.images.shape[1], settings.size, settings.size)},
            Classes(settings.ways),
            data,
            "accuracy",
            answers=tuple(LETTERS[: settings.ways]),
            episodes=Episodes(settings.ways * settings.shots, settings.ways * settings.queries),
            drawn_from={split: tuple(names[i] for i in of) for split, of in chosen.items()},
            notices=(*pictures.strays(path), *of_two),
        )
        if small:
            few = named([read.names[i] for i in small], [len(by_class[i]) for i in small])
            message = (
                f"{len(small):,} of {len(read.names):,} classes have fewer than {n_rows} different"
                f" pictures, and are left out: {few}"
            )
            task.notices = (*task.notices, message)
        return [task]

    def _large(
        self, path: Path, names: Sequence[str], by_class: Sequence[NDArray[np.int64]]
    ) -> list[int]:
        """Positions of the classes with enough pictures. Raises DataError where they are few."""
        settings = self.settings
        least = settings.shots + settings.queries
        large = [i for i, rows in enumerate(by_class) if len(rows) >= least]
        if len(large) < 3 * settings.ways:
            message = (
                f"{len(large)} of its {len(names)} classes have {least} different pictures, for"
                f" shots and queries; {3 * settings.ways} are needed: {settings.ways} of each task,"
                " and others to train, to validate and to test on"
            )
            raise DataError(path, message)
        return large


def _different(read: pictures.Pictures) -> tuple[list[NDArray[np.int64]], tuple[str, ...]]:
    """Positions of the pictures of each class, of equal ones the first; and what is left out.

    A picture of two classes might train as the one and be asked as the other.
    """
    n = len(read.classes)
    keys = row_keys(read.images.reshape(n, -1).T, n)
    pairs = np.unique(np.stack([keys, read.classes.astype(np.uint64)]), axis=1)
    known, n_classes = np.unique(pairs[0], return_counts=True)
    is_of_two = np.isin(keys, known[n_classes > 1])
    rows = np.sort(np.unique(keys, return_index=True)[1])
    rows = rows[~is_of_two[rows]]
    by_class = [rows[read.classes[rows] == i] for i in range(len(read.names))]
    if not is_of_two.any():
        return by_class, ()
    counts = np.bincount(read.classes[is_of_two], minlength=len(read.names))
    where = np.flatnonzero(counts)
    left_out = named([read.names[i] for i in where], [int(counts[i]) for i in where])
    files = f"{int(is_of_two.sum()):,} of {n:,} pictures"
    rule = "lie in the folders of more than one class, and are left out"
    return by_class, (f"{files} {rule}: {left_out}",)
