"""Inputs of a trained model from a file, prepared as its training rows were."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from workbench.engine.blocks.tasks.array_inputs import check_finite, kind_of, prepared_array
from workbench.engine.blocks.tasks.features import prepared_rows
from workbench.engine.build.trained.description import shape_of
from workbench.engine.build.trained.tables import frame_of_rows, read_table
from workbench.engine.readers import idx, npz, pictures
from workbench.engine.readers.errors import DataError
from workbench.engine.readers.frame import Frame
from workbench.engine.roles.loading import LoadProgress, labelled
from workbench.engine.roles.task import Image, InputKind, Task
from workbench.spec.trained.preparation import (
    ArrayPreparation,
    PicturePreparation,
    Preparation,
    TablePreparation,
)
from workbench.spec.user_files.sources import files_in


@dataclass(slots=True, eq=False)
class FileRows:
    """The N rows of a file as inputs by task and view, [N, …], and what to say of the file.

    Tasks that share inputs hold the same tensors. `frame` is the table, where it was one, and
    `missing` says of the tasks that have no part in it why.
    """

    n: int
    inputs: dict[str, dict[str, Tensor]] = field(default_factory=dict[str, dict[str, Tensor]])
    labels: tuple[str, ...] = ()
    frame: Frame | None = None
    notices: list[str] = field(default_factory=list[str])
    missing: dict[str, str] = field(default_factory=dict[str, str])


Reading = Generator[LoadProgress, None, FileRows]


def reading(tasks: Mapping[str, Task], path: Path, beside: Sequence[str] = ()) -> Reading:
    """A file as inputs of the tasks that it serves. Raises DataError, also where it serves none.

    `beside` are columns of a table that are wanted too, where they are there.
    """
    first = next(iter(tasks.values()))
    if path.is_dir() or pictures.is_picture(path):
        return (yield from _from_pictures(tasks, path))
    if path.suffix.lower() in (".npz", ".npy") or _is_idx(path):
        return (yield from _from_arrays(tasks, path))
    if not any(isinstance(task.preparation, TablePreparation) for task in tasks.values()):
        wanted = "pictures, or an NPZ or NPY file" if _has_pictures(first) else "an NPZ or NPY file"
        raise DataError(path, f"is none of what this model reads: {wanted}")
    return (yield from _from_table(tasks, path, beside))


def of_rows(tasks: Mapping[str, Task], rows: Sequence[Mapping[str, str]]) -> FileRows:
    """Rows that were typed, as text by column, as inputs. Raises DataError."""
    read = FileRows(len(rows))
    for preparation, names in _by_preparation(tasks):
        if not isinstance(preparation, TablePreparation):
            read.missing.update(dict.fromkeys(names, "rows can be typed for tables alone"))
            continue
        read.frame = frame_of_rows(preparation, rows)
        _give(read, tasks, names, prepared_rows(read.frame, preparation))
    return _served(read, Path("the row"))


def _from_table(tasks: Mapping[str, Task], path: Path, beside: Sequence[str]) -> Reading:
    read = FileRows(0)
    for preparation, names in _by_preparation(tasks):
        if not isinstance(preparation, TablePreparation):
            read.missing.update(dict.fromkeys(names, "reads no table"))
            continue
        made = yield from read_table(preparation, path, beside)
        if isinstance(made, str):
            read.missing.update(dict.fromkeys(names, made))
            continue
        frame, notices = made
        read.n, read.frame = frame.n_rows, frame
        read.notices += [notice for notice in notices if notice not in read.notices]
        _give(read, tasks, names, prepared_rows(frame, preparation))
    return _served(read, path)


def _from_arrays(tasks: Mapping[str, Task], path: Path) -> Reading:
    """Arrays of an NPZ, NPY or IDX file, whose first axis counts the rows."""
    if path.suffix.lower() == ".npz":
        headers = npz.headers(path)
        names = [name for name, header in headers.items() if not header.reason]
        arrays = yield from labelled(npz.read(path, names), f"reading {path.name}")
    elif _is_idx(path):
        arrays = {"": (yield from labelled(idx.read(path), f"reading {path.name}"))}
    else:
        arrays = {"": _npy(path)}
    read = FileRows(0)
    for preparation, names in _by_preparation(tasks):
        task = tasks[names[0]]
        for view, kind in task.inputs.items():
            made = _array(arrays, preparation, view, kind, path)
            if isinstance(made, str):
                read.missing.update(dict.fromkeys(names, made))
                break
            read.n = len(made)
            for name in names:
                read.inputs.setdefault(name, {})[view] = made
    return _served(read, path)


def _array(
    arrays: Mapping[str, NDArray[Any]],
    preparation: Preparation | None,
    view: str,
    kind: InputKind,
    path: Path,
) -> Tensor | str:
    """One view's inputs; a sentence where there are none for it. Raises DataError."""
    wanted = preparation.array if isinstance(preparation, ArrayPreparation) else view
    name = wanted if wanted in arrays else next(iter(arrays)) if len(arrays) == 1 else None
    if name is None:
        there = ", ".join(arrays)
        return f"{path.name} has no array '{wanted}' (it has: {there})"
    values = arrays[name]
    if values.ndim == 0 or values.dtype.kind not in "buif":
        raise DataError(path, f"array '{name}' holds no numbers by row")
    check_finite(path, name, values)
    if preparation is None:
        return _as_they_are(values, kind, path, name)
    if not isinstance(preparation, ArrayPreparation | PicturePreparation):
        return "reads a table, not arrays"
    if kind_of(path, name, values.shape) != kind:
        raise DataError(path, f"array '{name}' is {values.shape[1:]} a row; {kind} is read")
    return prepared_array(values, kind, preparation)


def _as_they_are(values: NDArray[Any], kind: InputKind, path: Path, name: str) -> Tensor:
    """Inputs as the family gives them to the model, which this array must have the shape of."""
    shape = shape_of(kind)
    if values.shape[1:] != shape and not (shape == (1,) and values.ndim == 1):
        wanted = ", ".join(map(str, ("N", *shape)))
        raise DataError(path, f"array '{name}' has the shape {values.shape}; [{wanted}] is read")
    return torch.from_numpy(values.reshape(len(values), *shape).astype(np.float32))


def _from_pictures(tasks: Mapping[str, Task], path: Path) -> Reading:
    folder = path if path.is_dir() else path.parent
    files = [file for file in files_in(path) if pictures.is_picture(file)] if path.is_dir() else []
    files = files or ([] if path.is_dir() else [path])
    if not files:
        raise DataError(path, "has no pictures in it")
    read = FileRows(len(files))
    read.labels = tuple(file.relative_to(folder).as_posix() for file in files)
    for preparation, names in _by_preparation(tasks):
        kind = next(iter(tasks[names[0]].inputs.values()))
        if preparation is None or not isinstance(kind, Image) or kind.height != kind.width:
            read.missing.update(dict.fromkeys(names, "reads no square pictures"))
            continue
        if not isinstance(preparation, ArrayPreparation | PicturePreparation):
            read.missing.update(dict.fromkeys(names, "reads a table, not pictures"))
            continue
        seen = np.empty((len(files), kind.channels, kind.height, kind.width), dtype=np.uint8)
        for i, file in enumerate(files):
            seen[i] = pictures.picture(file, folder, kind.height, kind.channels == 1)
            yield (i + 1) / len(files), f"reading {path.name}"
        _give(read, tasks, names, prepared_array(seen, kind, preparation))
    return _served(read, path)


def _by_preparation(
    tasks: Mapping[str, Task],
) -> list[tuple[Preparation | None, list[str]]]:
    """The tasks that are prepared alike and read the same inputs, together."""
    groups: dict[tuple[int, str], tuple[Preparation | None, list[str]]] = {}
    for name, task in tasks.items():
        prepared = task.preparation
        # Rows of which some tasks have no answer are prepared alike all the same.
        key = (id(prepared), "") if prepared is not None else (0, task.source)
        groups.setdefault(key, (prepared, []))[1].append(name)
    return list(groups.values())


def _give(read: FileRows, tasks: Mapping[str, Task], names: Sequence[str], values: Tensor) -> None:
    for name in names:
        (view,) = tasks[name].inputs
        read.inputs[name] = {view: values}


def _served(read: FileRows, path: Path) -> FileRows:
    """The rows, with what to say of tasks they do not serve. Raises DataError where it is all."""
    if not read.inputs:
        raise DataError(path, next(iter(read.missing.values()), "serves no task"))
    for name, why in read.missing.items():
        read.notices.append(f"{name} is not asked: {why}")
    return read


def _npy(path: Path) -> NDArray[Any]:
    try:
        return np.load(path, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise DataError(path, f"is no NPY file of numbers: {error}") from None


def _is_idx(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(4)
    return len(start) == 4 and start[:2] == b"\0\0" and start[2] in (8, 9, 11, 12, 13, 14)


def _has_pictures(task: Task) -> bool:
    return any(isinstance(kind, Image) for kind in task.inputs.values())
