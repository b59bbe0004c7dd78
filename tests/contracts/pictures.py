"""Tiny tasks of pictures, and the smallest encoders that normalise by their batch."""

from collections.abc import Callable

import torch

from tests.engine.toys import SPLITS
from workbench.engine.roles.task import Classes, Episodes, Image, InputKind, Part, Task
from workbench.spec.experiment import Choice

SIDE = 8
KIND = Image(1, SIDE, SIDE)
#: The smallest network with batch norm, and with one that looks at each row by itself.
BATCH = Choice(kind="resnet", width=4)
GROUP = Choice(kind="resnet", width=4, norm="group")


def pictures(n: int, seed: int) -> torch.Tensor:
    """Pictures [n, 1, 8, 8], of which some are brighter on the left, some above."""
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(n, 1, SIDE, SIDE, generator=generator) * 0.5 + 2.0 * seed
    left, above = torch.rand(2, n, 1, 1, generator=generator).sub(0.5).unbind()
    noise[:, :, :, : SIDE // 2] += 4 * left[:, None]
    noise[:, :, : SIDE // 2] += 4 * above[:, None]
    return noise


def _task(name: str, by_split: dict[str, torch.Tensor], *, is_left: bool) -> Task:
    data: dict[str, Part] = {}
    for split, x in by_split.items():
        half = x[:, 0, :, : SIDE // 2] if is_left else x[:, 0, : SIDE // 2]
        data[split] = Part({"x": x}, (half.mean((1, 2)) > x.mean((1, 2, 3))).long())
    return Task(name, {"x": KIND}, Classes(2), data, metric="accuracy")


def shared() -> list[Task]:
    """Two questions about the same pictures."""
    by_split = {split: pictures(20, seed) for seed, split in enumerate(SPLITS)}
    return [_task("left", by_split, is_left=True), _task("above", by_split, is_left=False)]


def apart() -> list[Task]:
    """Two questions, each about pictures of its own, of which one's are much brighter."""
    made: list[Task] = []
    for number, name in enumerate(("left", "above")):
        by_split = {split: pictures(20, 3 * number + seed) for seed, split in enumerate(SPLITS)}
        made.append(_task(name, by_split, is_left=number == 0))
    return made


def distribution() -> Task:
    """Small tasks of two rows to adapt to and two to ask, each of two classes."""
    data: dict[str, Part] = {}
    for seed, split in enumerate(SPLITS):
        x = pictures(64, seed).view(16, 4, 1, SIDE, SIDE)
        data[split] = Part({"x": x}, torch.tensor([0, 1, 0, 1]).expand(16, 4).contiguous())
    episodes = Episodes(2, 2)
    return Task("many", {"x": KIND}, Classes(2), data, metric="accuracy", episodes=episodes)


def views(make: Callable[[], list[Task]]) -> list[Task]:
    """The same tasks, with each picture and its mirror image for two views."""
    made = make()
    mirrored: dict[int, torch.Tensor] = {}
    for task in made:
        kinds: dict[str, InputKind] = {"x": KIND, "mirror": KIND}
        task.inputs = kinds
        data: dict[str, Part] = {}
        for split, part in task.data.items():
            x = part.inputs["x"]
            other = mirrored.setdefault(id(x), x.flip(3).contiguous())
            data[split] = Part({"x": x, "mirror": other}, part.target)
        task.data = data
    return made
