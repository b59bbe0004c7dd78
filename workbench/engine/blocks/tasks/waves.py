"""Waves: the distribution of sine waves that learning to learn is measured on."""

import math

import torch
from torch import Tensor

#: Between which amplitudes, phases and inputs are drawn, evenly.
AMPLITUDE = (0.1, 5.0)
PHASE = (0.0, math.pi)
RANGE = (-5.0, 5.0)


def within(bounds: tuple[float, float], uniform: Tensor) -> Tensor:
    """Numbers from 0 to 1 as numbers between two bounds."""
    low, high = bounds
    return low + (high - low) * uniform


def drawn_waves(n: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Amplitudes [n] and phases [n]; fewer are the first of more."""
    drawn = torch.rand(n, 2, generator=generator)
    return within(AMPLITUDE, drawn[:, 0]), within(PHASE, drawn[:, 1])
