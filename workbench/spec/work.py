"""Work that takes a while: a generator that tells how far it is, and returns what it made."""

from collections.abc import Generator
from typing import Any, TypeVar

Made = TypeVar("Made")


def finished(work: Generator[Any, None, Made]) -> Made:
    """What work returns, once it is done; what it tells on the way is passed over."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value
