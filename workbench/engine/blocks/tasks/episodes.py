"""Episodes: how many tasks a distribution has, how many rows each, and draws of them."""

import torch
from torch import Tensor

from workbench.engine.roles.task import SPLITS
from workbench.spec.settings import Settings, setting

#: Random numbers that a draw makes at once.
_AT_ONCE = 4_000_000

#: What the classes of an episode are called: which class is which changes from one to the next.
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class DistributionSettings(Settings):
    """How many rows a task has, and how many tasks there are."""

    shots: int = setting(10, "Rows of a task that a learner adapts to.", ge=1, le=100, unit="rows")
    queries: int = setting(
        10, "Rows of a task that are asked once it has adapted.", ge=1, le=100, unit="rows"
    )
    train_tasks: int = setting(
        20_000, "Tasks to learn to learn from.", ge=1, le=100_000, title="Training tasks"
    )
    val_tasks: int = setting(
        100, "Tasks to validate on, which are not trained on.",
        ge=1, le=10_000, title="Validation tasks",
    )  # fmt: skip
    test_tasks: int = setting(
        500, "Tasks to test on, which are not trained on.", ge=1, le=10_000, title="Test tasks"
    )
    data_seed: int = setting(0, "Which draw of tasks and rows.", ge=0, le=2**31 - 1)

    def sizes(self) -> dict[str, int]:
        """How many tasks each split has."""
        return dict(zip(SPLITS, (self.train_tasks, self.val_tasks, self.test_tasks), strict=True))

    def generator(self, split: str, purpose: int = 0) -> torch.Generator:
        """Chance of its own for each split and each of four purposes."""
        return generator_of(self.data_seed, split, purpose)


class ClassesSettings(DistributionSettings):
    """How many classes a task has, how many rows each, and how many tasks there are."""

    ways: int = setting(5, "Classes of each task.", ge=2, le=20, unit="classes")
    shots: int = setting(
        5, "Rows of each class that a learner adapts to.", ge=1, le=20, unit="rows"
    )
    queries: int = setting(
        5, "Rows of each class that are asked once it has adapted.", ge=1, le=100, unit="rows"
    )
    train_tasks: int = setting(
        5000, "Tasks to learn to learn from.", ge=1, le=100_000, title="Training tasks"
    )
    test_tasks: int = setting(
        200, "Tasks to test on, which are not trained on.", ge=1, le=10_000, title="Test tasks"
    )


def generator_of(data_seed: int, split: str, purpose: int = 0) -> torch.Generator:
    """Chance of its own for each split and each of four purposes.

    So more tasks or rows of one leave the others as they are.
    """
    seed = 16 * data_seed + 4 * (SPLITS.index(split) + 1) + purpose
    return torch.Generator().manual_seed(seed)


def different(below: Tensor, k: int, generator: torch.Generator) -> Tensor:
    """`k` different whole numbers below each of `below` [M], in random order: [M, k].

    None of `below` may be less than `k`.
    """
    most = int(below.max())
    drawn: list[Tensor] = []
    for bounds in below.split(max(1, _AT_ONCE // most)):
        keys = torch.rand(len(bounds), most, generator=generator)
        keys.masked_fill_(torch.arange(most) >= bounds.unsqueeze(1), 2.0)
        drawn.append(keys.topk(k, largest=False).indices)
    return torch.cat(drawn)


def drawn_classes(
    counts: Tensor, n_tasks: int, ways: int, rows: int, generator: torch.Generator
) -> Tensor:
    """Positions [n_tasks, rows · ways] of a pool's rows that make tasks of `ways` classes each.

    The pool holds `counts` [C] rows of each class, one class after the other. The k-th row of each
    class follows the one before of each, so the first `shots · ways` are so many of every class,
    and `answers_to` says which is which.
    """
    classes = different(torch.full((n_tasks,), len(counts)), ways, generator)
    within = different(counts[classes].flatten(), rows, generator).view(n_tasks, ways, rows)
    starts = counts.cumsum(0) - counts
    return (starts[classes].unsqueeze(2) + within).transpose(1, 2).flatten(1)


def answers_to(n_tasks: int, ways: int, rows: int) -> Tensor:
    """The classes [n_tasks, rows · ways], from 0, of what `drawn_classes` draws."""
    return torch.arange(ways).repeat(rows).repeat(n_tasks, 1)


def drawn_groups(counts: Tensor, n_tasks: int, rows: int, generator: torch.Generator) -> Tensor:
    """Positions [n_tasks, rows] of a pool's rows that make tasks of one group each.

    The pool holds `counts` [G] rows of each group, one group after the other. Each group makes as
    many tasks as any other, or one more.
    """
    order = torch.randperm(len(counts), generator=generator)
    groups = order.repeat(-(-n_tasks // len(counts)))[:n_tasks]
    starts = counts.cumsum(0) - counts
    return starts[groups].unsqueeze(1) + different(counts[groups], rows, generator)
