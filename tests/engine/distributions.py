"""Distributions of tasks that are made in no time."""

import math

import torch

from workbench.engine.roles.task import Classes, Episodes, Part, Task, Values, Vector

SIZES = {"train": 200, "val": 20, "test": 30}


def waves(name: str = "waves", support: int = 5, query: int = 5, sign: float = 1.0) -> Task:
    """Sine waves of any height and phase; `sign` turns them."""
    generator = torch.Generator().manual_seed(sum(map(ord, name)))
    data: dict[str, Part] = {}
    for split, n in SIZES.items():
        x = 10 * torch.rand(n, support + query, 1, generator=generator) - 5
        height = 0.1 + 4.9 * torch.rand(n, 1, 1, generator=generator)
        phase = math.pi * torch.rand(n, 1, 1, generator=generator)
        data[split] = Part({"x": x}, sign * height * (x - phase).sin())
    episodes = Episodes(support, query)
    return Task(name, {"x": Vector(1)}, Values(1), data, "mse", episodes=episodes)


def heaps(name: str = "heaps", ways: int = 3, shots: int = 2, queries: int = 4) -> Task:
    """Points [4] heaped around a place for each class, other places in every task."""
    generator = torch.Generator().manual_seed(sum(map(ord, name)))
    labels = torch.arange(ways).repeat(shots + queries)
    data: dict[str, Part] = {}
    for split, n in SIZES.items():
        places = 2 * torch.randn(n, ways, 4, generator=generator)
        noise = 0.5 * torch.randn(n, len(labels), 4, generator=generator)
        data[split] = Part({"x": places[:, labels] + noise}, labels.expand(n, -1).clone())
    episodes = Episodes(ways * shots, ways * queries)
    return Task(name, {"x": Vector(4)}, Classes(ways), data, "accuracy", episodes=episodes)
