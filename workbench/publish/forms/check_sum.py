"""Check sum: CRC-32C (RFC 3720) of many texts of one length at once, masked as TensorFlow does."""

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

_POLYNOMIAL = 0x82F63B78
_MASK = 0xA282EAD8


@cache
def _table() -> NDArray[np.uint32]:
    values = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        values = np.where(values & 1, (values >> 1) ^ np.uint32(_POLYNOMIAL), values >> 1)
    return values.astype(np.uint32)


def sums(rows: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """The check sums [N] of rows [N, L]."""
    table = _table()
    remainders: Any = np.full(len(rows), 0xFFFFFFFF, dtype=np.uint32)
    for column in np.ascontiguousarray(rows.T):
        remainders = table[(remainders ^ column) & np.uint32(0xFF)] ^ (remainders >> np.uint32(8))
    return remainders ^ np.uint32(0xFFFFFFFF)


def masked_sums(rows: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """The same, turned and shifted as `crc32c::Mask` does, the lowest byte first."""
    remainders: Any = sums(rows)
    turned = (remainders >> np.uint32(15)) | (remainders << np.uint32(17))
    return (turned + np.uint32(_MASK)).astype("<u4")
