"""digits-rotated: the same digits, turned by another angle for each task."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from workbench.engine.blocks.tasks.digits import N_DIGITS, handwritten_digits
from workbench.engine.blocks.tasks.made.rotation import name, rotated
from workbench.engine.roles.task import (
    Classes,
    Family,
    Task,
    Vector,
    divided,
    parts,
    split_indices,
)
from workbench.spec.rules import Rule
from workbench.spec.settings import Settings, setting


class DigitsRotated(Family):
    """Real 8×8 digits turned by an angle for each task: the closer, the more alike.

    Bilinear interpolation about the centre, empty outside; angles of whole right angles are
    exact. Pixels scaled to 0–1; 1797 pictures, split 70/10/20 once and for all, the same way in
    every task.
    """

    key = "digits-rotated"
    title = "Digits: rotated"
    group = "digits"
    paper = "Lopez-Paz & Ranzato, Gradient episodic memory for continual learning, NIPS 2017"
    link = "https://arxiv.org/abs/1706.08840"
    helps = "Transfer and forgetting at once; the angles set how much of each."
    gives = ("varying-tasks",)
    is_judged_built = False

    class Settings(Settings):
        """The angles, one for each task."""

        rules: ClassVar[tuple[Rule, ...]] = (Rule("angles", "differ"),)

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

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return tuple(name(angle) for angle in cls.Settings().angles)

    @property
    def n_bytes(self) -> int:
        return 4 * 64 * N_DIGITS * len(self.settings.angles)

    def tasks(self) -> list[Task]:
        pixels, digits = handwritten_digits()
        pictures = pixels.view(-1, 8, 8)
        splits = split_indices(len(digits))
        tasks: list[Task] = []
        for angle in self.settings.angles:
            own_name = name(angle)
            inputs = divided({"pixels": rotated(pictures, angle).flatten(1)}, splits)
            head = own_name if self.settings.scenario == "task" else self.key
            data = parts(inputs, digits, splits)
            kind = {"pixels": Vector(64)}
            tasks.append(Task(own_name, kind, Classes(10), data, head=head, picture=(8, 8)))
        return tasks
