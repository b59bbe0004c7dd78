"""rotated: the pictures of any family, turned by another angle for each task."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from torch import Tensor

from workbench.engine.blocks.tasks.made import rotation
from workbench.engine.blocks.tasks.made.inputs import (
    as_pictures,
    n_bytes,
    named,
    shape_of,
    with_inputs,
)
from workbench.engine.roles.made import Maker, Source, source
from workbench.engine.roles.task import Task
from workbench.spec.rules import Rule
from workbench.spec.settings import Settings, setting


class Rotated(Maker):
    """The same pictures, turned by an angle for each task: the closer, the more alike.

    Bilinear interpolation about the centre, empty outside; right angles of squares are exact.
    """

    key = "rotated"
    title = "Rotated"
    paper = "Lopez-Paz & Ranzato, Gradient episodic memory for continual learning, NIPS 2017"
    link = "https://arxiv.org/abs/1706.08840"
    helps = "Transfer and forgetting at once; the angles set how much of each."

    class Settings(Settings):
        """The angles, one for each task."""

        rules: ClassVar[tuple[Rule, ...]] = (Rule("angles", "differ"),)

        of: Source = source()
        angles: list[Annotated[float, Field(ge=0, lt=360)]] = setting(
            [0.0, 30.0, 60.0, 90.0],
            "Angle of each task's pictures, counter-clockwise.",
            unit="°",
            min_length=1,
            max_length=100,
        )
        scenario: Literal["domain", "task"] = setting(
            "domain", "One head that does not know the task, or a head for each task."
        )

    def make(self, sources: Sequence[Sequence[Task]]) -> list[Task]:
        (tasks,) = sources
        by_task = self.settings.scenario == "task"
        made: list[Task] = []
        for i, angle in enumerate(self.settings.angles):
            turned = with_inputs(tasks, partial(self._turned, angle))
            for task, one in zip(tasks, turned, strict=True):
                head = "" if by_task else f"{self.key} of {task.head_identity}"
                one.notices = () if i else task.notices
                made.append(named(one, task, rotation.name(angle), head, len(tasks)))
        return made

    def n_made(self, sources: Sequence[Sequence[Task]]) -> int:
        return sum(angle != 0 for angle in self.settings.angles) * n_bytes(sources[0])

    def _turned(self, angle: float, values: Tensor, view: str, task: Task, split: str) -> Tensor:
        del split
        pictures = as_pictures(values, shape_of(task, view, self.key))
        return rotation.rotated(pictures, angle).reshape(values.shape) if angle else values
