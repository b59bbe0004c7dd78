"""arrays: your own NPZ or IDX file."""

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from workbench.engine.blocks.tasks.array_inputs import (
    array_preparation,
    check_answers,
    check_finite,
    check_scaled,
    inputs_by_split,
    kind_of,
)
from workbench.engine.blocks.tasks.augmented import (
    CROP,
    FLIP,
    MIXUP,
    MIXUP_DEMANDS,
    augmentation_of,
)
from workbench.engine.blocks.tasks.split_column import splits_by_array
from workbench.engine.blocks.tasks.splits import row_keys, split_rows, told_twice
from workbench.engine.blocks.tasks.targets import (
    ArrayKind,
    Target,
    array_target,
    strata_of,
    target_of,
    target_task,
)
from workbench.engine.readers import npz, single_array
from workbench.engine.readers.errors import DataError
from workbench.engine.roles.loading import Loading, LoadProgress, checked_file, labelled
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Family, Task
from workbench.spec.settings import Settings, setting
from workbench.spec.work import finished

#: What the labels of an IDX file are called.
LABEL = "label"

_HASH = "^([0-9a-fA-F]{64})?$"

#: Reads the name of the inputs, the inputs, the targets, and what says the split of each example.
_Reading = Generator[
    LoadProgress, None, tuple[str, NDArray[Any], list[Target], NDArray[Any] | None]
]


class ArraysFile(Family):
    """Arrays of your own as tasks, from an NPZ file or from IDX files.

    The first axis counts the examples. Each target array is a task; the tasks share their inputs:
    rows of numbers, or pictures. Rows are divided in shuffled order, equal ones together.
    """

    key = "arrays"
    title = "Your arrays"
    group = "your data"
    helps = "Your own numbers or pictures as numpy writes them, or as MNIST comes."
    #: Whether they are pictures shows in the file: an encoder of pictures looks when it is built.
    gives = ("varying-tasks", "pictures")
    demands = MIXUP_DEMANDS

    class Settings(Settings):
        """Which file, which arrays, and what becomes of them."""

        file: str = setting("", "An NPZ file, or the IDX file of the inputs.", max_length=4096)
        sha256: str = setting(
            "",
            "SHA-256 of the file: the run is refused if it changed. Not checked if empty.",
            title="SHA-256",
            pattern=_HASH,
        )
        labels: str = setting("", "IDX: the file of the labels.", max_length=4096)
        labels_sha256: str = setting(
            "", "SHA-256 of the file of the labels.", title="SHA-256 of labels", pattern=_HASH
        )
        inputs: str = setting(
            "",
            "NPZ: the array of inputs; the only one that is no target if empty.",
            max_length=1000,
        )
        targets: dict[Annotated[str, Field(max_length=1000)], ArrayKind] = setting(
            {},
            "Arrays to predict, each a task: classes, values, labels (any of several at once, an "
            "array [N, n] of 0 and 1), or auto. IDX: label.",
            max_length=1000,
        )
        missing: list[Annotated[float, Field(ge=-1e150, le=1e150)]] = setting(
            [],
            "Numbers that stand for no answer in every target, such as -1 for what nobody labelled."
            " NaN always does.",
            max_length=100,
        )
        split: str = setting(
            "",
            "NPZ: the array of words [N] that say what each example is for: train, validation or"
            " test; the shares do if empty.",
            title="Split array",
            max_length=1000,
        )
        standardise: bool = setting(
            False,
            "Inputs with mean 0 and deviation 1 over the training rows. Otherwise they stay as "
            "they are, and pictures of bytes are from 0 to 1. Targets that are values always are.",
        )
        val: float = setting(
            0.1, "Share of the rows to validate on.", gt=0, lt=1, title="Validation"
        )
        test: float = setting(0.2, "Share of the rows to test on.", gt=0, lt=1)
        stratify: bool = setting(
            True, "Each split has the classes of the first target with classes alike."
        )
        split_seed: int = setting(0, "Which division of the rows.", ge=0, le=2**31 - 1)
        flip: bool = FLIP
        crop: int = CROP
        mixup: float = MIXUP

    def tasks(self) -> list[Task]:
        return finished(self.loading())

    def loading(self) -> Loading:
        settings = self.settings
        path = yield from checked_file(settings.file, settings.sha256)
        reading = self._from_idx(path) if _is_idx(path) else self._from_npz(path)
        name, inputs, targets, told = yield from reading
        kind = kind_of(path, name, inputs.shape)
        check_finite(path, name, inputs)
        yield None, "preparing the examples"
        keys = row_keys(inputs.reshape(len(inputs), -1).T, len(inputs))
        said = ""
        if told is None:
            strata = strata_of(targets) if settings.stratify else None
            splits = split_rows(keys, settings.val, settings.test, settings.split_seed, strata)
        else:
            splits = splits_by_array(path, settings.split, told, settings.split_seed)
            said = told_twice(keys, splits)
        preparation = array_preparation(
            inputs, kind, splits["train"], is_standardised=settings.standardise, array=name
        )
        made = inputs_by_split(inputs, kind, splits, preparation)
        check_scaled(path, name, made, splits)
        views = {split: {"array": values} for split, values in made.items()}
        tasks = [target_task(target, views, {"array": kind}, splits) for target in targets]
        for task in tasks:
            task.preparation = preparation
            task.augmentation = augmentation_of(settings, kind)
        tasks[0].notices = (*([said] if said else []), *tasks[0].notices)
        return tasks

    def _from_npz(self, path: Path) -> _Reading:
        settings = self.settings
        if not settings.targets:
            raise BadSpecError("targets", "names no array to predict: choose one at least")
        if settings.labels:
            raise BadSpecError("labels", "belongs to IDX files; an NPZ file holds its targets")
        headers = npz.headers(path)
        serve = (*settings.targets, settings.split)
        others = [n for n, h in headers.items() if n not in serve and not h.reason]
        if not settings.inputs and len(others) != 1:
            known = ", ".join(others) or "none"
            raise BadSpecError("inputs", f"choose the array of inputs (there is: {known})")
        name = settings.inputs or others[0]
        if name in settings.targets:
            raise BadSpecError("inputs", f"'{name}' is a target too: it would be told")
        if settings.split and settings.split in (name, *settings.targets):
            what = "the inputs" if settings.split == name else "a target"
            raise BadSpecError("split", f"'{settings.split}' is {what} too")
        read = [name, *settings.targets, *([settings.split] if settings.split else [])]
        reading = npz.read(path, read)
        arrays = yield from labelled(reading, f"reading {path.name}")
        targets = [
            _target(path, key, arrays[key], kind, settings.missing)
            for key, kind in settings.targets.items()
        ]
        _check_lengths(path, {key: arrays[key] for key in read})
        if arrays[name].dtype.kind in "US":
            raise DataError(path, f"array '{name}' holds text; inputs are numbers")
        return name, arrays[name], targets, arrays[settings.split] if settings.split else None

    def _from_idx(self, path: Path) -> _Reading:
        settings = self.settings
        if settings.split:
            raise BadSpecError("split", "belongs to NPZ files; an IDX file holds one array")
        beside = yield from checked_file(settings.labels, settings.labels_sha256, "labels")
        unknown = [name for name in settings.targets if name != LABEL]
        if unknown:
            raise BadSpecError(
                "targets", f"an IDX file has no '{unknown[0]}'; its target is {LABEL}"
            )
        inputs = yield from labelled(single_array.read(path), f"reading {path.name}")
        labels = yield from labelled(single_array.read(beside), f"reading {beside.name}")
        if len(labels) != len(inputs):
            message = f"has {len(labels):,} labels, but {path.name} has {len(inputs):,} examples"
            raise DataError(beside, message)
        kind = settings.targets.get(LABEL, "auto")
        target = _target(beside, LABEL, labels, kind, settings.missing)
        return path.name, inputs, [target], None


def _is_idx(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) != b"PK"


def _check_lengths(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    lengths = {name: len(values) if values.ndim else 0 for name, values in arrays.items()}
    if len(set(lengths.values())) > 1:
        counts = ", ".join(f"{name} {n:,}" for name, n in lengths.items())
        raise DataError(path, f"arrays count different numbers of examples: {counts}")


def _text(value: Any) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def _target(
    path: Path, name: str, values: NDArray[Any], kind: ArrayKind, missing: Sequence[float]
) -> Target:
    if values.ndim == 0 or values.ndim > 2:
        raise DataError(
            path, f"array '{name}' has the shape {values.shape}; targets are [N] or [N, n]"
        )
    check_answers(path, name, values)
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.dtype.kind == "b" and values.ndim == 1 and kind in ("auto", "classes"):
        values = np.where(values, "true", "false")
    if values.dtype.kind in "US":
        if kind in ("values", "labels"):
            raise DataError(path, f"array '{name}' holds text, which is no number")
        names, codes = np.unique(values, return_inverse=True)
        made = target_of(path, name, codes, "classes", is_whole=True)
        return Target(name, made.values, tuple(_text(value) for value in names), path)
    return array_target(path, name, values, kind, missing)
