"""joint: all tasks at once."""

from collections.abc import Sequence

from workbench.engine.roles.curriculum import Curriculum, Stage


class Joint(Curriculum):
    """All tasks together from beginning to end: multi-task learning."""

    key = "joint"
    title = "Joint"
    helps = "Tasks that are all there at the start."
    gives = ("boundaries",)

    def stages(self, tasks: Sequence[str], epochs: int) -> list[Stage]:
        return [Stage("all tasks", tuple(tasks), epochs)]
