"""Made: families that make their tasks out of the tasks of another family."""

from collections.abc import Sequence
from typing import Any, ClassVar

from pydantic import Field

from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Family, Task
from workbench.spec.experiments.nested import OF

#: The data of a family within another, as a preset has them.
Source = dict[str, Any]

#: The picture of a digit, which every installation has.
DIGITS = {"family": "digits-attributes", "task": "digit"}


def source(default: Any = DIGITS, description: str = "", **bounds: Any) -> Any:
    """The settings field `of`: the family whose tasks are made into others."""
    text = description or "The family whose tasks are made into others, with its settings."
    return Field(
        default, description=text, title="Made from", json_schema_extra={"family": True}, **bounds
    )


class Maker(Family):
    """A family that is given the tasks of others, which its setting `of` names, and makes its own.

    `seed` is that of the run: what a setting says is drawn by it is, and nothing else.
    """

    group = "made from others"
    gives = ("varying-tasks",)
    #: Whether `of` may be a family whose examples are small tasks.
    takes_episodes: ClassVar[bool] = False

    seed: int = 0

    def tasks(self) -> list[Task]:
        """None without those of `of`, which `make` is given."""
        raise BadSpecError(OF, "its tasks are made of another family's")

    def make(self, sources: Sequence[Sequence[Task]]) -> list[Task]:
        """Its tasks, of the tasks of each family in `of`; those are left as they are.

        Raises BadSpecError with the setting's name as the field.
        """
        raise NotImplementedError

    def n_made(self, sources: Sequence[Sequence[Task]]) -> int:
        """Bytes, about, of what `make` holds beside its sources."""
        del sources
        return 0
