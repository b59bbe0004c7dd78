"""Description: what a run's model is and what it is asked, kept with the run.

With it and a checkpoint the model can be asked about a file when its own data are gone.
"""

from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from workbench.spec.experiment import Heads
from workbench.spec.settings import Frozen
from workbench.spec.trained.preparation import Preparation

#: Where it is kept, in the folder of a run.
FILE = "model.json"


class TaskDescription(Frozen):
    """One task: its inputs by view and its output, each as its kind's name and numbers.

    `answers` are the names of classes. Values are told in their own unit: what the model gives
    times `deviation`, plus `mean`; both are empty where they were not scaled. Tasks with one
    `source` read the same inputs. `preparation` is the place of what makes them of a file; None
    where they are taken as they are. `support` and `query` are the rows of an episode, 0 of a task
    that is not a distribution.
    """

    name: str
    own_name: str = ""
    family: str = ""
    identity: str = ""
    source: str = ""
    entry: int = -1
    head: str = ""
    head_layers: Heads = Heads()
    inputs: dict[str, dict[str, Any]]
    output: dict[str, Any]
    classes: tuple[int, ...] = ()
    answers: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    mean: tuple[float, ...] = ()
    deviation: tuple[float, ...] = ()
    is_taught: bool = True
    support: int = 0
    query: int = 0
    preparation: int | None = None


class ModelDescription(Frozen):
    """The tasks of a run's model, and what makes their inputs of a file.

    `reason` says, in a sentence, why it cannot be asked about files; then there are no tasks.
    """

    version: int = 1
    tasks: tuple[TaskDescription, ...] = ()
    preparations: tuple[Preparation, ...] = Field(default=())
    reason: str = ""

    def preparation_of(self, task: TaskDescription) -> Preparation | None:
        """What makes a task's inputs of a file."""
        return None if task.preparation is None else self.preparations[task.preparation]

    def for_view(self, task: TaskDescription, view: str) -> Preparation | None:
        """What makes one view of a task's inputs; None where it is taken as it is."""
        prepared = self.preparation_of(task)
        return prepared if prepared is not None and prepared.view == view else None


def read_description(folder: Path) -> ModelDescription | None:
    """The description in a run's folder; None where an earlier version kept none, or it is damaged.

    Raises OSError.
    """
    path = folder / FILE
    if not path.exists():
        return None
    try:
        return ModelDescription.model_validate_json(path.read_bytes())
    except ValidationError:
        return None
