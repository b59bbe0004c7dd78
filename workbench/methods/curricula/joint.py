"""joint: all tasks at once."""

from collections.abc import Sequence
from typing import Literal

from workbench.engine.roles.curriculum import Curriculum, Stage
from workbench.spec.settings import Settings, setting


class Joint(Curriculum):
    """All tasks together from beginning to end: multi-task learning.

    A pass is one over the task with the most data. Each batch has a part for every task, so a
    smaller task begins anew meanwhile and is seen more often; or it rests, evenly spread, so that
    each of its examples comes as often as those of the largest.
    """

    key = "joint"
    title = "Joint"
    helps = "Tasks that are all there at the start."
    gives = ("boundaries",)

    class Settings(Settings):
        """What becomes of tasks with less data."""

        smaller: Literal["again", "rests"] = setting(
            "again",
            "What a task with less data does while the largest goes on: begins again, as many"
            " updates for all; or rests now and then, each example as often for all.",
            title="Smaller tasks",
        )

    def stages(self, tasks: Sequence[str], epochs: int) -> list[Stage]:
        rests = self.settings.smaller == "rests"
        return [Stage("all tasks", tuple(tasks), epochs, rests=rests)]
