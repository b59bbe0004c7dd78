"""Field images: arrays as pictures that Qt can draw."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

Shares = NDArray[np.floating[Any]]


def picture(values: NDArray[np.uint8]) -> QImage:
    """A picture from bytes: greys [H, W], or red, green and blue [H, W, 3]."""
    values = np.ascontiguousarray(values)
    height, width = values.shape[:2]
    is_colour = values.ndim == 3
    kind = QImage.Format.Format_RGB888 if is_colour else QImage.Format.Format_Grayscale8
    # The copy owns its memory: the array may go.
    return QImage(values.data, width, height, width * (3 if is_colour else 1), kind).copy()


def ramp(shares: Shares, low: QColor, high: QColor) -> QImage:
    """A picture of shares [H, W] from 0 to 1, from one colour to another."""
    ends = np.array([rgb(low), rgb(high)], dtype=np.float32)
    colours = ends[0] + (ends[1] - ends[0]) * shares[..., None]
    return picture(colours.round().astype(np.uint8))


def rgb(colour: QColor) -> tuple[int, int, int]:
    """Red, green and blue of a colour."""
    return colour.red(), colour.green(), colour.blue()
