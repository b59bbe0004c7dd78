"""sequential: one task after the other."""

from collections.abc import Sequence

from workbench.engine.roles.curriculum import Curriculum, Stage


class Sequential(Curriculum):
    """One task after the other, each seen only in its own stage: lifelong learning."""

    key = "sequential"
    title = "Sequential"
    helps = "Watching what is forgotten, and what helps against it."
    gives = ("stages", "boundaries")

    def stages(self, tasks: Sequence[str], epochs: int) -> list[Stage]:
        return [Stage(task, (task,), epochs) for task in tasks]
