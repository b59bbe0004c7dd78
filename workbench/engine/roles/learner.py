"""Learner: how one update is made."""

from typing import TYPE_CHECKING, Any, ClassVar

from workbench.engine.roles.batch import Batch
from workbench.engine.roles.method import Method

if TYPE_CHECKING:
    from workbench.engine.update.update import Report, Update


class Learner(Method):
    """The body of one update."""

    role: ClassVar[str] = "learner"

    def __init__(self, settings: Any) -> None:
        self.settings = settings

    def learn(self, batch: Batch, update: "Update") -> "Report":
        """Make one update from a batch and tell its losses and weights."""
        raise NotImplementedError
