"""Scaling: columns brought to mean 0 and deviation 1, and back into their unit.

One guard serves every family: a column that is constant but for rounding is not divided by that
rounding, which would make ±1 of nothing and 10¹⁴ of a value that really differs.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

#: By how much rounding spreads equal numbers, as a share of the largest: in double precision that
#: of a sum of thousands, in a smaller one some units of its last digit; whole numbers are exact.
_DOUBLE, _UNITS, _EXACT = 1e-12, 4, 1e-15


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """What was taken off the columns of values [N, n], and what they were divided by, both [n]."""

    mean: Tensor
    deviation: Tensor

    def scaled(self, values: Tensor) -> Tensor:
        """Values [N, n] with mean 0 and deviation 1 over the rows that the scaling is of."""
        return (values - self.mean) / self.deviation

    def unscaled(self, values: Tensor) -> Tensor:
        """Scaled values [N, n] in their own unit, in double precision."""
        mean, deviation = (part.to(values.device).double() for part in (self.mean, self.deviation))
        return values.double() * deviation + mean


def scaling_of(values: Tensor, train: Tensor) -> Scaling:
    """The scaling of values [N, …] by their rows `train`; a column constant there is centred."""
    seen = values[train]
    deviation = seen.std(0, correction=0)
    is_varied = torch.from_numpy(varies(seen.numpy())[0])
    return Scaling(seen.mean(0), torch.where(is_varied, deviation, 1.0))


def varies(values: NDArray[Any], axes: tuple[int, ...] = (0,)) -> NDArray[np.bool_]:
    """Whether values [N, …] differ along `axes`, which are kept, by more than rounding."""
    low = values.min(axes, keepdims=True).astype(np.float64)
    high = values.max(axes, keepdims=True).astype(np.float64)
    magnitude = np.maximum(np.abs(low), np.abs(high))
    # Halves: the whole way from −10³⁰⁸ to 10³⁰⁸ is no number.
    return high / 2 - low / 2 > _rounding(values.dtype) * magnitude / 2


def _rounding(dtype: np.dtype[Any]) -> float:
    if dtype.kind != "f":
        return _EXACT
    return _DOUBLE if dtype.itemsize >= 8 else _UNITS * float(np.finfo(dtype).eps)


def standardised(values: Tensor, train: Tensor) -> Tensor:
    """Columns of values [N, …] with mean 0 and deviation 1 over the rows `train`.

    A column that is constant there, but for rounding, is only centred.
    """
    return scaling_of(values, train).scaled(values)
