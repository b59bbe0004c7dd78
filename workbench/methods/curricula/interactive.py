"""interactive: the user says what is learned next, while it runs."""

from collections.abc import Sequence

from workbench.engine.roles.curriculum import Curriculum, Stage
from workbench.engine.training.plan import numbered
from workbench.spec.settings import Settings, setting


class Interactive(Curriculum):
    """You add, remove and reorder what is learned while it runs; each change is recorded.

    It starts with a plan: a group of tasks together, then the others one after the other or not at
    all. A change of what is being learned ends the stage; a change of what follows does not.
    A run of its preset makes the same changes at the same steps.
    """

    key = "interactive"
    title = "Interactive"
    helps = "Trying out what to learn next, and seeing at once what it does to the rest."
    gives = ("stages", "boundaries", "open-plan")

    class Settings(Settings):
        """The plan to start from, and when a run ends."""

        together: int = setting(
            1, "Tasks that are learned together at the start.", ge=1, le=1000, unit="tasks"
        )
        others_follow: bool = setting(
            True, "Whether the others follow, one a stage; if not, they wait until you take them."
        )
        patience: int = setting(
            0,
            "How much longer the last stage lasts, for you to say what comes next; then the run"
            " ends.",
            ge=0,
            le=100_000,
            unit="epochs",
        )

    def stages(self, tasks: Sequence[str], epochs: int) -> list[Stage]:
        n = self.settings.together
        others = [(task,) for task in tasks[n:]] if self.settings.others_follow else []
        return self.planned([tuple(tasks[:n]), *others], epochs)

    def planned(self, groups: Sequence[tuple[str, ...]], epochs: int) -> list[Stage]:
        lengths = [epochs] * (len(groups) - 1) + [epochs + self.settings.patience]
        names = numbered(groups)
        return [Stage(*each) for each in zip(names, groups, lengths, strict=True)]
