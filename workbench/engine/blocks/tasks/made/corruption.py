"""Corruption: inputs with noise, blur or less contrast, by level.

Levels 1 to 5 of noise and contrast are those of ImageNet-C, of blur those of CIFAR-10-C, whose
pictures are 32 high (Hendrycks & Dietterich, Benchmarking neural network robustness, ICLR 2019).
"""

import math
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

Kind = Literal["noise", "blur", "contrast"]

#: Noise: deviation, of a range of 1. Contrast: the factor. Blur: deviation in pixels of 32.
_NOISE = (0.0, 0.08, 0.12, 0.18, 0.26, 0.38)
_CONTRAST = (1.0, 0.4, 0.3, 0.2, 0.1, 0.05)
_BLUR = (0.0, 0.4, 0.6, 0.7, 0.8, 1.0)
_BLUR_HEIGHT = 32
#: A kernel reaches so many deviations to each side.
_REACH = 4.0


def noisy(
    values: Tensor,
    level: int,
    low: Tensor,
    high: Tensor,
    generator: torch.Generator,
    *,
    is_cut: bool,
) -> Tensor:
    """Values [N, …] with Gaussian noise, measured by the range from `low` to `high`.

    What `is_cut` stays within that range, as the brightness of pictures does. Rows of a few numbers
    would meet at its corners, and one that is asked be one that is learned.
    """
    noise = torch.randn(values.shape, generator=generator)
    noise *= _NOISE[level] * (high - low)
    noise += values
    return noise.clamp_(low, high) if is_cut else noise


def with_less_contrast(pictures: Tensor, level: int) -> Tensor:
    """Pictures [N, C, H, W], each channel of each nearer to its mean."""
    mean = pictures.mean((-2, -1), keepdim=True)
    return (pictures - mean) * _CONTRAST[level] + mean


def blurred(pictures: Tensor, level: int) -> Tensor:
    """Pictures [N, C, H, W] under a Gaussian; beyond the edge is what stands at it."""
    n, channels, height, width = pictures.shape
    deviation = _BLUR[level] * height / _BLUR_HEIGHT
    reach = min(max(1, math.ceil(_REACH * deviation)), height - 1, width - 1)
    if deviation == 0 or reach < 1:
        return pictures.clone()
    places = torch.arange(-reach, reach + 1, dtype=pictures.dtype)
    kernel = torch.exp(-(places**2) / (2 * deviation**2))
    kernel /= kernel.sum()
    flat = pictures.reshape(n * channels, 1, height, width)
    padded = functional.pad(flat, (reach, reach, reach, reach), mode="replicate")
    down = functional.conv2d(padded, kernel.view(1, 1, -1, 1))
    return functional.conv2d(down, kernel.view(1, 1, 1, -1)).view(pictures.shape)
