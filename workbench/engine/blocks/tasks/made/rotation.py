"""Rotation: pictures turned by an angle."""

import math

import torch
from torch import Tensor
from torch.nn import functional


def rotated(pictures: Tensor, angle: float) -> Tensor:
    """Pictures [N, H, W] or [N, C, H, W] turned counter-clockwise by `angle` degrees.

    Of the same size: bilinear about the centre, empty outside; right angles of squares are exact.
    """
    height, width = pictures.shape[-2:]
    if angle % 180 == 0 or (angle % 90 == 0 and height == width):
        return pictures.rot90(round(angle / 90), (-2, -1))
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    # Places are told from −1 to 1 in each direction, whatever its length.
    down, across = sin * height / width, sin * width / height
    layers = pictures.unsqueeze(1) if pictures.dim() == 3 else pictures
    # Rows point down, so this turns the grid clockwise: where each pixel is to be taken from.
    turn = torch.tensor([[[cos, -down, 0.0], [across, cos, 0.0]]]).expand(len(layers), 2, 3)
    grid = functional.affine_grid(turn, list(layers.shape), False)
    return functional.grid_sample(layers, grid, align_corners=False).view(pictures.shape)


def name(angle: float) -> str:
    """What a task whose pictures are turned so is called."""
    return f"rotated-{angle:g}"
