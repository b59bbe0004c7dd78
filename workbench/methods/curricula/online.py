"""online: every example once, in small batches."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from workbench.engine.roles.curriculum import Curriculum, Stage
from workbench.spec.settings import Settings, setting


class Online(Curriculum):
    """One task after the other, each example seen once, in small batches.

    The number of epochs and the batch size of the training do not matter here.
    """

    key = "online"
    title = "Online"
    helps = "Streams: what can be learned and kept from a single pass."
    gives = ("stages", "boundaries")
    withholds: ClassVar[Mapping[str, tuple[str, str]]] = {"boundaries": ("none", "boundaries")}

    class Settings(Settings):
        """How much comes at once."""

        batch_size: int = setting(
            10, "Examples that come at once.", ge=1, le=1_000_000, unit="examples"
        )
        boundaries: Literal["known", "none"] = setting(
            "known", "Who says to the learner where a stage ends: the stream itself, or nobody."
        )

    def stages(self, tasks: Sequence[str], epochs: int) -> list[Stage]:
        del epochs
        return [Stage(task, (task,), 1, batch_size=self.settings.batch_size) for task in tasks]
