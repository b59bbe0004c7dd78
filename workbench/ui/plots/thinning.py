"""Thinning: which of many names are written where there is no room for all."""

import math

#: A line of small text, in pixels.
LINE = 13.0


def every(size: float, needed: float = LINE) -> int:
    """Every how many-th of names that stand `size` apart can be written: each needs `needed`."""
    return max(1, math.ceil(needed / size)) if size > 0 else 1
