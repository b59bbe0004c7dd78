"""Rows: which training rows of a task are used, and which are taught a wrong answer."""

import torch
from torch import Tensor


def few(
    target: Tensor, n_classes: int, per_class: int, imbalance: float, generator: torch.Generator
) -> Tensor:
    """Positions, in their order, of some rows of each class.

    At most `per_class` of one (0: as many as there are), and of the last class 1 / `imbalance` of
    the first's share, those between falling exponentially (Cui et al. 2019); one at least.
    """
    kept: list[Tensor] = []
    present = [c for c in range(n_classes) if bool((target == c).any())]
    for place, code in enumerate(present):
        rows = (target == code).nonzero().squeeze(1)
        most = min(per_class or len(rows), len(rows))
        fall = imbalance ** (-place / max(len(present) - 1, 1))
        n = max(1, round(most * fall))
        kept.append(rows[torch.randperm(len(rows), generator=generator)[:n]])
    return torch.cat(kept).sort().values if kept else torch.empty(0, dtype=torch.int64)


def disturbed(target: Tensor, share: float, n_classes: int, generator: torch.Generator) -> Tensor:
    """Targets [N] with a share of them, rounded, moved to another class, all others alike."""
    n_wrong = round(share * len(target))
    chosen = torch.randperm(len(target), generator=generator)[:n_wrong]
    away = torch.randint(1, n_classes, (n_wrong,), generator=generator)
    result = target.clone()
    result[chosen] = (target[chosen] + away) % n_classes
    return result
