"""blurred: one task after the other, with soft boundaries."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from workbench.engine.roles.curriculum import Curriculum, Mixture, Stage
from workbench.spec.settings import Settings, setting


class Blurred(Curriculum):
    """One task after the other, where neighbours mix near the boundary between them.

    Each batch is of one task. Towards the end of a stage the next task's batches come ever more
    often, until at the boundary both are equally likely; then the old one's grow rare. Every
    example is shown once an epoch.
    """

    key = "blurred"
    title = "Blurred"
    helps = "Methods that must not depend on knowing where a task begins."
    gives = ("stages", "boundaries")
    withholds: ClassVar[Mapping[str, tuple[str, str]]] = {"boundaries": ("none", "boundaries")}

    class Settings(Settings):
        """How soft the boundaries are."""

        width: float = setting(
            0.25,
            "Share of a stage, before and after each boundary, in which neighbours mix.",
            gt=0,
            le=0.5,
        )
        boundaries: Literal["known", "none"] = setting(
            "known", "Who says to the learner where a stage ends: the stream itself, or nobody."
        )

    def stages(self, tasks: Sequence[str], epochs: int) -> list[Stage]:
        around = [None, *tasks, None]
        return [
            Stage(task, (task,), epochs, mixture=_mixture(before, task, after, self.settings.width))
            for before, task, after in zip(around, tasks, around[2:], strict=False)
        ]


def _mixture(before: str | None, task: str, after: str | None, width: float) -> Mixture:
    def mixture(progress: float) -> Mapping[str, float]:
        odds: dict[str, float] = {}
        if before is not None:
            odds[before] = max(0.0, 1 - progress / width) / 2
        if after is not None:
            odds[after] = max(0.0, 1 - (1 - progress) / width) / 2
        return {task: 1 - sum(odds.values()), **odds}

    return mixture
