"""blocked: groups of tasks, one group after the other."""

from collections.abc import Sequence

from workbench.engine.roles.curriculum import Curriculum, Stage
from workbench.spec.settings import Settings, setting


class Blocked(Curriculum):
    """A few tasks at a time: learned together within a block, one block after the other.

    Tasks are taken in their order; the last block may be smaller.
    """

    key = "blocked"
    title = "Blocked"
    helps = "Between joint and sequential: tasks that come in groups."
    gives = ("stages", "boundaries")

    class Settings(Settings):
        """How the tasks are grouped."""

        size: int = setting(2, "Tasks in a block.", ge=1, le=1000, unit="tasks", title="Block")

    def stages(self, tasks: Sequence[str], epochs: int) -> list[Stage]:
        size = self.settings.size
        blocks = [tuple(tasks[i : i + size]) for i in range(0, len(tasks), size)]
        return [Stage(" + ".join(block), block, epochs) for block in blocks]
