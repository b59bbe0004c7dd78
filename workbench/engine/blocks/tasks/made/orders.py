"""Orders: the numbers of an input in other places."""

import torch
from torch import Tensor


def orders(n: int, n_tasks: int, share: float, seed: int) -> list[Tensor]:
    """For each task, the number [n] of the source that stands at each place.

    The first is in order; of the others a share, rounded, has moved, none of which stays.
    """
    generator = torch.Generator().manual_seed(seed)
    n_moved = round(share * n)
    made = [torch.arange(n)]
    for _ in range(1, n_tasks):
        moved = torch.randperm(n, generator=generator)[:n_moved]
        order = made[0].clone()
        # Each goes to the next one's place: so that none of them stays where it was.
        order[moved] = moved.roll(1)
        made.append(order)
    return made


def names(n_tasks: int) -> tuple[str, ...]:
    """What the tasks are called."""
    return ("original", *(f"permuted-{i}" for i in range(1, n_tasks)))
