"""Allocator: memory that one step frees stays with the process, for the next step to use.

While data are read it is the other way round: what is freed goes back, for arrays of many sizes
that come and go would leave holes, and a run would take twice what it needs.

glibc gives what is free at the end of its heap back to the system at once, and the next step is
given it anew, page by page and filled with zeros: with the gradients of twenty tasks that was a
third of the step. Nothing that is computed depends on it.
"""

import ctypes

#: Bytes of free memory that are kept; and the size, glibc's greatest, from which on a piece of
#: memory is the system's own and goes back to it.
_KEPT, _LARGEST = 128 << 20, 32 << 20

#: The same while data are read.
_KEPT_READING, _LARGEST_READING = 8 << 20, 1 << 20

#: What glibc's malloc.h calls M_TRIM_THRESHOLD and M_MMAP_THRESHOLD.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3


def keep_freed_memory() -> bool:
    """Have the C library keep freed memory; False where it is none that knows how."""
    return _choose(_KEPT, _LARGEST)


def give_back_freed_memory() -> bool:
    """Have the C library give freed memory back; False where it is none that knows how."""
    return _choose(_KEPT_READING, _LARGEST_READING)


def _choose(n_kept: int, largest: int) -> bool:
    try:
        choose = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # no glibc: macOS, Windows, musl
        return False
    choices = ((_TRIM_THRESHOLD, n_kept), (_MMAP_THRESHOLD, largest))
    return sum(choose(*choice) for choice in choices) == len(choices)
