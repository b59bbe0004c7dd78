"""pictures: your own folder of class folders."""

from typing import Literal

from workbench.engine.blocks.tasks.array_inputs import array_preparation, inputs_by_split
from workbench.engine.blocks.tasks.augmented import (
    CROP,
    FLIP,
    MIXUP,
    MIXUP_DEMANDS,
    augmentation_of,
)
from workbench.engine.blocks.tasks.splits import row_keys, split_rows
from workbench.engine.blocks.tasks.targets import Target, strata_of, target_task
from workbench.engine.readers import pictures
from workbench.engine.roles.loading import Loading, checked_file, labelled
from workbench.engine.roles.task import Family, Image, Task
from workbench.spec.settings import Settings, setting
from workbench.spec.trained.preparation import PicturePreparation
from workbench.spec.work import finished


class PicturesFolder(Family):
    """Pictures of your own as one task: which folder is each from?

    The folder holds one for each class. Pictures are cut to the square in their middle and scaled;
    they are divided in shuffled order, equal ones together, with the classes alike in each split.
    """

    key = "pictures"
    title = "Your pictures"
    group = "your data"
    helps = "Your own photographs or drawings, sorted into folders."
    gives = ("varying-tasks", "pictures")
    demands = MIXUP_DEMANDS

    class Settings(Settings):
        """Which folder, and how its pictures are seen."""

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

    def tasks(self) -> list[Task]:
        return finished(self.loading())

    def loading(self) -> Loading:
        settings = self.settings
        path = yield from checked_file(settings.file, settings.sha256)
        reading = pictures.read(path, settings.size, settings.colours == "grey")
        data = yield from labelled(reading, f"reading {path.name}")
        yield None, "preparing the pictures"
        n = len(data.classes)
        keys = row_keys(data.images.reshape(n, -1).T, n)
        target = Target("class", data.classes, data.names)
        splits = split_rows(
            keys, settings.val, settings.test, settings.split_seed, strata_of([target])
        )
        kind = Image(data.images.shape[1], settings.size, settings.size)
        learned = array_preparation(
            data.images, kind, splits["train"], is_standardised=settings.standardise
        )
        preparation = PicturePreparation(
            size=settings.size,
            is_grey=settings.colours == "grey",
            mean=learned.mean,
            deviation=learned.deviation,
        )
        made = inputs_by_split(data.images, kind, splits, preparation)
        views = {split: {"picture": values} for split, values in made.items()}
        task = target_task(target, views, {"picture": kind}, splits)
        task.preparation = preparation
        task.augmentation = augmentation_of(settings, kind)
        task.notices = (*pictures.strays(path), *task.notices)
        return [task]
