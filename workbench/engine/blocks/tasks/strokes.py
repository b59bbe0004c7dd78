"""Strokes: pictures of a few curves each, drawn many at once."""

from dataclasses import dataclass

import torch
from torch import Tensor

#: Most strokes of a class, and the least.
_MOST, _LEAST = 4, 2
#: How far from the middle control points are at most; the picture ends at 1.
_REACH = 0.8
#: Dabs of the brush along a stroke, and the deviation of a dab in pixels.
_N_DABS, _BRUSH = 12, 0.7
#: Pictures drawn at once: the dabs of so many stay in the processor's cache.
_AT_ONCE = 1024


@dataclass(frozen=True, slots=True)
class Jitter:
    """How much pictures of a class differ, as standard deviations; half a picture's side is 1.

    `points` is that of every control point, `turn` in radians, `shape` of the entries of the matrix
    that stretches and slants the whole, `place` of where it lies.
    """

    points: float
    turn: float
    shape: float
    place: float


def drawn_strokes(n: int, generator: torch.Generator) -> Tensor:
    """Control points [n, 4, 3, 2] of quadratic Bézier curves, two to four for each of `n` classes.

    Curves that a class does not have are NaN.
    """
    counts = torch.randint(_LEAST, _MOST + 1, (n,), generator=generator)
    points = _REACH * (2 * torch.rand(n, _MOST, 3, 2, generator=generator) - 1)
    is_there = torch.arange(_MOST) < counts.unsqueeze(1)
    return torch.where(is_there[:, :, None, None], points, torch.nan)


def jittered(strokes: Tensor, n: int, jitter: Jitter, generator: torch.Generator) -> Tensor:
    """`n` variants of each class's control points [C, 4, 3, 2], one after the other."""
    points = strokes.repeat_interleave(n, 0)
    many = len(points)
    points = points + jitter.points * torch.randn(points.shape, generator=generator)
    angle = jitter.turn * torch.randn(many, generator=generator)
    cos, sin = angle.cos(), angle.sin()
    turn = torch.stack([cos, -sin, sin, cos], 1).view(many, 2, 2)
    shape = torch.eye(2) + jitter.shape * torch.randn(many, 2, 2, generator=generator)
    place = jitter.place * torch.randn(many, 1, 1, 2, generator=generator)
    return (points.flatten(1, 2) @ (turn @ shape).transpose(1, 2)).view(points.shape) + place


def inked(points: Tensor, size: int) -> Tensor:
    """Pictures [N, size, size] from 0 to 1 of the curves with control points [N, 4, 3, 2].

    The brush dabs a soft spot at places along each curve; a pixel that dabs of summed strength s
    touch has the ink 1 − exp(−s), so that nothing is jagged.
    """
    t = torch.linspace(0, 1, _N_DABS)
    basis = torch.stack([(1 - t).square(), 2 * t * (1 - t), t.square()])
    scale = _BRUSH * 2**0.5
    pixels = torch.arange(size) / scale
    pictures = torch.empty(len(points), size, size)
    for some, picture in zip(points.split(_AT_ONCE), pictures.split(_AT_ONCE), strict=True):
        at = (some.nan_to_num(100.0) + 1) * (size / 2) - 0.5
        dabs = (at.transpose(2, 3) @ basis / scale).transpose(1, 2).reshape(len(some), 2, -1, 1)
        x, y = (dabs - pixels).square_().neg_().exp_().unbind(1)
        picture.copy_(1 - (-(y.transpose(1, 2) @ x)).exp())
    return pictures
