"""Examples: arrays of a user's as the inputs of tasks, rows of numbers or pictures."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from workbench.engine.blocks.tasks.splits import Splits
from workbench.engine.numerics.scaling import varies
from workbench.engine.readers.errors import DataError, check_numbers
from workbench.engine.roles.task import Image, InputKind, Vector
from workbench.spec.trained.preparation import ArrayPreparation, PicturePreparation

#: More channels than this are rows or columns of a picture.
_MOST_CHANNELS = 4


def kind_of(path: Path, name: str, shape: tuple[int, ...]) -> InputKind:
    """What an array of this shape [N, …] holds. Raises DataError.

    [N] and [N, n] are numbers, [N, H, W] grey pictures, [N, H, W, C] and [N, C, H, W] pictures
    with up to four channels.
    """
    match shape[1:]:
        case ():
            return Vector(1)
        case (n,):
            return Vector(n)
        case (height, width):
            return Image(1, height, width)
        case (height, width, channels) if channels <= _MOST_CHANNELS:
            return Image(channels, height, width)
        case (channels, height, width) if channels <= _MOST_CHANNELS:
            return Image(channels, height, width)
        case _:
            raise DataError(
                path,
                f"array '{name}' has the shape {shape}; inputs are [N], [N, n], [N, H, W], "
                "[N, H, W, C] or [N, C, H, W]",
            )


def array_preparation(
    values: NDArray[Any],
    kind: InputKind,
    train: NDArray[np.int64],
    *,
    is_standardised: bool,
    array: str = "",
    view: str = "array",
) -> ArrayPreparation:
    """How an array [N, …] becomes inputs, learned from its training rows.

    Pictures of bytes are from 0 to 1. Standardised: numbers each by their own mean and deviation,
    pictures by those of a channel.
    """
    shape = values.shape[1:]
    values, axes, scale = _laid_out(values, kind)
    mean, deviation = np.zeros(1), np.full(1, scale)
    if is_standardised:
        seen = values[train]
        mean = seen.mean(axes, keepdims=True, dtype=np.float64)
        spread = seen.std(axes, keepdims=True, dtype=np.float64)
        deviation = np.where(varies(seen, axes), spread, 1.0)
    return ArrayPreparation(
        array=array,
        view=view,
        shape=shape,
        mean=tuple(mean.flatten().tolist()),
        deviation=tuple(deviation.flatten().tolist()),
    )


def inputs_by_split(
    values: NDArray[Any],
    kind: InputKind,
    splits: Splits,
    preparation: ArrayPreparation | PicturePreparation,
) -> dict[str, Tensor]:
    """Inputs [N_split, …] by split, float32, as an array [N, …] is prepared."""
    values, _, _ = _laid_out(values, kind)
    with np.errstate(over="ignore"):  # `check_scaled` names the row
        return {split: _scaled(values[rows], preparation) for split, rows in splits.items()}


def prepared_array(
    values: NDArray[Any], kind: InputKind, preparation: ArrayPreparation | PicturePreparation
) -> Tensor:
    """An array [N, …] of any file as inputs [N, …], float32."""
    values, _, _ = _laid_out(values, kind)
    with np.errstate(over="ignore"):
        return _scaled(values, preparation)


def _laid_out(values: NDArray[Any], kind: InputKind) -> tuple[NDArray[Any], tuple[int, ...], float]:
    """An array as [N, C, H, W] or [N, n], what is one scale in it, and what its largest is."""
    if isinstance(kind, Image):
        scale = 255.0 if values.dtype == np.uint8 else 1.0
        return _channels_first(values, kind), (0, 2, 3), scale
    return values.reshape(len(values), -1), (0,), 1.0


def _scaled(values: NDArray[Any], preparation: ArrayPreparation | PicturePreparation) -> Tensor:
    # Bytes and halves are exact in single precision; other numbers may need all their digits.
    precision = np.float32 if values.dtype.itemsize <= 2 else np.float64
    shape = (1, -1, *[1] * (values.ndim - 2))
    mean, deviation = (
        np.array(part, dtype=precision).reshape(shape)
        for part in (preparation.mean, preparation.deviation)
    )
    scaled = values.astype(precision)
    scaled -= mean
    scaled /= deviation
    return torch.from_numpy(scaled.astype(np.float32, copy=False))


def check_finite(path: Path, name: str, values: NDArray[Any]) -> None:
    """Raise DataError, naming the row, where a value is missing, infinite or too large."""
    if values.dtype.kind != "f":
        return
    is_bad = ~np.isfinite(values.reshape(len(values), -1)).all(1)
    if is_bad.any():
        row = int(np.flatnonzero(is_bad)[0])
        message = f"a value of array '{name}' is no number, in {is_bad.sum():,} rows"
        raise DataError(path, message, place=f"row {row + 1:,}")
    check_numbers(path, name, values)


def check_answers(path: Path, name: str, values: NDArray[Any]) -> None:
    """As `check_finite`, of a target: NaN is a missing answer."""
    if values.dtype.kind != "f":
        return
    is_bad = np.isinf(values.reshape(len(values), -1)).any(1)
    if is_bad.any():
        row = int(np.flatnonzero(is_bad)[0])
        message = f"a value of array '{name}' is infinite, in {is_bad.sum():,} rows"
        raise DataError(path, message, place=f"row {row + 1:,}")
    check_numbers(path, name, values)


def check_scaled(path: Path, name: str, scaled: dict[str, Tensor], splits: Splits) -> None:
    """Raise DataError, naming the row, where an input is too large for single precision."""
    for split, values in scaled.items():
        is_bad = ~values.flatten(1).isfinite().all(1)
        if is_bad.any():
            row = int(splits[split][int(is_bad.nonzero()[0])])
            message = f"a value of array '{name}' is too large for single precision"
            raise DataError(path, message, place=f"row {row + 1:,}")


def _channels_first(values: NDArray[Any], kind: Image) -> NDArray[Any]:
    if values.ndim == 3:
        return values[:, None]
    is_first = values.shape[1:] == (kind.channels, kind.height, kind.width)
    return values if is_first else values.transpose(0, 3, 1, 2)
