"""corrupted: the tasks of any family, with noise, blur or less contrast by level."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor

from workbench.engine.blocks.tasks.made.corruption import (
    Kind,
    blurred,
    noisy,
    with_less_contrast,
)
from workbench.engine.blocks.tasks.made.inputs import (
    as_pictures,
    n_bytes,
    named,
    require_numbers,
    shape_of,
    with_inputs,
)
from workbench.engine.numerics.random_streams import derived
from workbench.engine.roles.made import Maker, Source, source
from workbench.engine.roles.task import Image, Task
from workbench.spec.rules import Rule
from workbench.spec.settings import Settings, setting


class Corrupted(Maker):
    """The same examples, worse from level to level; each level is a task, level 0 the clean one.

    Levels of noise and contrast are those of ImageNet-C, of blur those of CIFAR-10-C, scaled to
    the height of the picture. Noise is measured by the range of the training inputs (of numbers
    that are no picture, by each one's own) and is drawn once for each example.
    """

    key = "corrupted"
    title = "Corrupted"
    paper = "Hendrycks & Dietterich, Benchmarking neural network robustness, ICLR 2019"
    link = "https://arxiv.org/abs/1903.12261"
    helps = "Data that get worse, or better: how much of the clean ones survives?"

    class Settings(Settings):
        """What is done to the inputs, and how much of it in each task."""

        rules: ClassVar[tuple[Rule, ...]] = (Rule("levels", "differ"),)

        of: Source = source()
        corruption: Kind = setting(
            "noise", "Gaussian noise, Gaussian blur or less contrast; numbers can have noise alone."
        )
        levels: list[Annotated[int, Field(ge=0, le=5)]] = setting(
            [0, 1, 3, 5], "Level of each task: 0 is clean, 5 the worst.", min_length=1, max_length=6
        )
        scenario: Literal["domain", "task"] = setting(
            "domain", "One head that does not know the task, or a head for each task."
        )
        data_seed: int = setting(0, "Which draw of the noise.", ge=0, le=2**31 - 1)

    def make(self, sources: Sequence[Sequence[Task]]) -> list[Task]:
        (tasks,) = sources
        require_numbers(tasks, self.key)
        by_task = self.settings.scenario == "task"
        made: list[Task] = []
        for i, level in enumerate(self.settings.levels):
            name = f"{self.settings.corruption}-{level}" if level else "clean"
            for task, one in zip(tasks, self._at(tasks, level), strict=True):
                head = "" if by_task else f"{self.key} of {task.head_identity}"
                one.notices = () if i else task.notices
                made.append(named(one, task, name, head, len(tasks)))
        return made

    def n_made(self, sources: Sequence[Sequence[Task]]) -> int:
        return sum(level > 0 for level in self.settings.levels) * n_bytes(sources[0])

    def _at(self, tasks: Sequence[Task], level: int) -> list[Task]:
        what = self.settings.corruption

        def worse(values: Tensor, view: str, task: Task, split: str) -> Tensor:
            if what != "noise":
                shape = shape_of(task, view, what)
                if not level:
                    return values
                pictures = as_pictures(values, shape)
                change = blurred if what == "blur" else with_less_contrast
                return change(pictures, level).reshape(values.shape)
            if not level:
                return values
            low, high = _range_of(task, view)
            drawn = derived(self.settings.data_seed, "noise", level, view, split)
            generator = torch.Generator().manual_seed(drawn)
            is_picture = isinstance(task.inputs[view], Image) or task.picture is not None
            return noisy(values, level, low, high, generator, is_cut=is_picture)

        return with_inputs(tasks, worse)


def _range_of(task: Task, view: str) -> tuple[Tensor, Tensor]:
    """The least and the largest training value: of a picture's channel, of a number by itself."""
    values = task.data["train"].inputs[view]
    if isinstance(task.inputs[view], Image):
        return values.amin((0, 2, 3), keepdim=True)[0], values.amax((0, 2, 3), keepdim=True)[0]
    if task.picture is not None:
        return values.amin(), values.amax()
    return values.amin(0), values.amax(0)
