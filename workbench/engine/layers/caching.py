"""Caching: what causal blocks have seen of a text, kept while it is continued token by token."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from torch import Tensor


class Slot:
    """Keys and values [B, heads, L, n] of one block's attention, of the places that were seen."""

    def __init__(self) -> None:
        self.length = 0
        self._keys: Tensor | None = None
        self._values: Tensor | None = None

    def extended(self, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """All keys and values, with those of the new places."""
        end = self.length + key.shape[2]
        if self._keys is None or self._values is None or end > self._keys.shape[2]:
            self._keys, self._values = (
                self._grown(self._keys, key),
                self._grown(self._values, value),
            )
        self._keys[:, :, self.length : end] = key
        self._values[:, :, self.length : end] = value
        self.length = end
        return self._keys[:, :, :end], self._values[:, :, :end]

    def _grown(self, known: Tensor | None, new: Tensor) -> Tensor:
        """Room for twice as much as there is to keep."""
        n, heads, length, size = new.shape
        room = new.new_empty(n, heads, 2 * (self.length + length), size)
        if known is not None:
            room[:, :, : self.length] = known[:, :, : self.length]
        return room

    def choose(self, rows: Tensor) -> None:
        """Keep these rows [N] of the batch, in this order; one may be kept several times."""
        if self._keys is not None and self._values is not None:
            self._keys, self._values = self._keys[rows], self._values[rows]


class Cache:
    """The slots of all blocks of a model, in the order in which a pass comes to them.

    A pass through the model calls its blocks in the same order each time, whichever tasks share
    them; so the place in that order tells whose text a slot holds.
    """

    def __init__(self) -> None:
        self.slots: list[Slot] = []
        self._next = 0

    def begin(self) -> None:
        """Another pass begins, with the tokens after those of the last."""
        self._next = 0

    def take(self) -> Slot:
        """The slot of the block that is asked next."""
        if self._next == len(self.slots):
            self.slots.append(Slot())
        self._next += 1
        return self.slots[self._next - 1]


_ACTIVE: ContextVar[Cache | None] = ContextVar("cache", default=None)


@contextmanager
def cached(cache: Cache) -> Generator[None]:
    """One pass of a model over tokens that follow those which the cache has seen."""
    cache.begin()
    token = _ACTIVE.set(cache)
    try:
        yield
    finally:
        _ACTIVE.reset(token)


def slot() -> Slot | None:
    """The slot for the block that is running; None where nothing is kept."""
    cache = _ACTIVE.get()
    return None if cache is None else cache.take()
