"""Draws: torch's own random numbers, to be drawn a second time.

A model that draws as it answers (a dropped view, a branch) would answer the same batch otherwise
when it is asked again: what changed in between would be lost in that.
"""

import contextlib
from collections.abc import Generator

import torch
from torch import Tensor


class Draws:
    """The place in torch's random numbers at one moment, on the CPU and on a CUDA device."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._place = self._now()

    def _now(self) -> list[Tensor]:
        states = [torch.get_rng_state()]
        if self._device.type == "cuda":
            states.append(torch.cuda.get_rng_state(self._device))
        return states

    def _go_to(self, place: list[Tensor]) -> None:
        torch.set_rng_state(place[0])
        if self._device.type == "cuda":
            torch.cuda.set_rng_state(place[1], self._device)

    @contextlib.contextmanager
    def again(self) -> Generator[None]:
        """Draw from there once more; afterwards all goes on as if nothing had been drawn."""
        now = self._now()
        self._go_to(self._place)
        try:
            yield
        finally:
            self._go_to(now)
