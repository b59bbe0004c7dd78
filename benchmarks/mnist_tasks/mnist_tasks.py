"""Split and permuted MNIST as published tables have them: families of another package.

The four IDX files are looked for in the folder that the environment variable WORKBENCH_MNIST names.
"""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import torch
from torch import Tensor

from workbench.engine.readers import idx
from workbench.engine.roles.task import Classes, Family, Part, Task, Vector
from workbench.spec.settings import Settings, setting
from workbench.spec.work import finished

_N_PIXELS = 28 * 28
#: Training examples that are looked at as validation; the published protocols hold none back.
_N_VAL = 200


def folder() -> Path:
    """Where the files are."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data" / "mnist"
    return Path(os.environ.get("WORKBENCH_MNIST", beside))


@cache
def _read(kind: str) -> tuple[Tensor, Tensor]:
    """Pixels [N, 784] from 0 to 1, and digits [N]."""
    images, labels = (
        finished(idx.read(folder() / f"{kind}-{name}-ubyte.gz"))
        for name in ("images-idx3", "labels-idx1")
    )
    pixels = torch.from_numpy(images.copy()).view(-1, _N_PIXELS).float() / 255
    return pixels, torch.from_numpy(labels.copy()).long()


def _splits() -> Iterator[tuple[str, Tensor, Tensor]]:
    train, test = _read("train"), _read("t10k")
    yield "train", *train
    yield "val", train[0][:_N_VAL], train[1][:_N_VAL]
    yield "test", *test


class MNISTSplit(Family):
    """Two digits a task, one head of ten classes, all 60,000 examples to learn from."""

    key = "mnist-split"
    title = "MNIST: split"
    helps = "Published tables of class-incremental learning."

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return tuple(f"{first}-{first + 1}" for first in range(0, 10, 2))

    def tasks(self) -> list[Task]:
        made: list[Task] = []
        for first, name in enumerate(self.task_names()):
            classes = (2 * first, 2 * first + 1)
            data: dict[str, Part] = {}
            for split, pixels, digits in _splits():
                mine = torch.isin(digits, torch.tensor(classes))
                data[split] = Part({"pixels": pixels[mine]}, digits[mine])
            kind = {"pixels": Vector(_N_PIXELS)}
            made.append(
                Task(
                    name, kind, Classes(10), data, head=self.key, classes=classes, picture=(28, 28)
                )
            )
        return made


class MNISTPermuted(Family):
    """The ten digits with their pixels in another order for each task, and one head."""

    key = "mnist-permuted"
    title = "MNIST: permuted"
    helps = "Published tables of domain-incremental learning."
    gives = ("varying-tasks",)

    class Settings(Settings):
        """How many orders there are, and which."""

        n_tasks: int = setting(20, "Number of tasks.", ge=1, le=100, title="Tasks")
        data_seed: int = setting(0, "Which draw of the orders.", ge=0, le=2**31 - 1)

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return _names(cls.Settings().n_tasks)

    def tasks(self) -> list[Task]:
        generator = torch.Generator().manual_seed(self.settings.data_seed)
        made: list[Task] = []
        for name in _names(self.settings.n_tasks):
            order = torch.randperm(_N_PIXELS, generator=generator)
            data = {
                split: Part({"pixels": pixels[:, order]}, digits)
                for split, pixels, digits in _splits()
            }
            kind = {"pixels": Vector(_N_PIXELS)}
            made.append(Task(name, kind, Classes(10), data, head=self.key, picture=(28, 28)))
        return made


def _names(n_tasks: int) -> tuple[str, ...]:
    return tuple(f"permuted-{i}" for i in range(n_tasks))
