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


def inputs_by_split(
    values: NDArray[Any], kind: InputKind, splits: Splits, *, is_standardised: bool
) -> dict[str, Tensor]:
    """Inputs [N_split, …] by split, float32; pictures of bytes are from 0 to 1.

    Standardised: numbers each by their own mean and deviation, pictures by those of a channel,
    over the training rows.
    """
    if isinstance(kind, Image):
        values = _channels_first(values, kind)
        axes, scale = (0, 2, 3), 255.0 if values.dtype == np.uint8 else 1.0
    else:
        values, axes, scale = values.reshape(len(values), -1), (0,), 1.0
    seen = values[splits["train"]]
    mean, deviation = np.zeros(1), np.full(1, scale)
    if is_standardised:
        mean = seen.mean(axes, keepdims=True, dtype=np.float64)
        spread = seen.std(axes, keepdims=True, dtype=np.float64)
        deviation = np.where(varies(seen, axes), spread, 1.0)
    # Bytes and halves are exact in single precision; other numbers may need all their digits.
    precision = np.float32 if values.dtype.itemsize <= 2 else np.float64
    scaled_by_split: dict[str, Tensor] = {}
    with np.errstate(over="ignore"):  # `check_scaled` names the row
        for split, rows in splits.items():
            scaled = values[rows].astype(precision)
            scaled -= mean.astype(precision)
            scaled /= deviation.astype(precision)
            scaled_by_split[split] = torch.from_numpy(scaled.astype(np.float32, copy=False))
    return scaled_by_split


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
