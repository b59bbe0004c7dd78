"""repeating: one task after the other, and again from the first."""

from collections.abc import Sequence

from workbench.engine.roles.curriculum import Curriculum, Stage
from workbench.spec.settings import Settings, setting


class Repeating(Curriculum):
    """One task after the other, several times over: what was forgotten comes back.

    Each visit lasts as long as a stage of the sequential curriculum. A task counts as learned in
    its last visit.
    """

    key = "repeating"
    title = "Repeating"
    helps = "Seeing how fast a forgotten task is learned again."
    gives = ("stages", "boundaries")
    judged = ("rounds",)

    class Settings(Settings):
        """How often."""

        rounds: int = setting(2, "Visits to each task.", ge=1, le=1000, unit="visits")

    def stages(self, tasks: Sequence[str], epochs: int) -> list[Stage]:
        return [
            Stage(task if visit == 1 else f"{task} ({visit})", (task,), epochs)
            for visit in range(1, self.settings.rounds + 1)
            for task in tasks
        ]
