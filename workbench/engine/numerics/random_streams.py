"""Chance: streams of random numbers, one a part of a run.

What is drawn for one part does not depend on which other parts there are.
"""

import hashlib
from collections.abc import Generator, Hashable
from contextlib import contextmanager

import torch

#: What a stream is for, in words and numbers.
Purpose = str | int


def derived(seed: int, *purpose: Purpose) -> int:
    """A seed for one purpose, from a run's seed: the same on every machine, below 2⁶³."""
    text = "\0".join([str(seed), *(f"{type(part).__name__} {part}" for part in purpose)])
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


@contextmanager
def starting(*purpose: Purpose) -> Generator[None]:
    """Parameters made inside start from a stream of their own, whatever was made before them.

    It follows from the stream around it and from its purpose; that one goes on as if nothing had
    been drawn. Two networks made for one purpose start alike, so a caller that needs them to
    differ numbers them.
    """
    seed = derived(torch.initial_seed(), *purpose)
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        yield


class Streams:
    """A random generator for each source of data, made when it is first asked for.

    It follows from the seed and the source's name; sources are told apart by `key`, since two may
    be called alike.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._made: dict[Hashable, torch.Generator] = {}

    def of(self, source: str, key: Hashable) -> torch.Generator:
        """The generator of a source: one object however often it is asked for."""
        if key not in self._made:
            self._made[key] = torch.Generator().manual_seed(derived(self.seed, source))
        return self._made[key]
