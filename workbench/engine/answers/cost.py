"""Parameters, work and memory of a setup's model, and how it is put together."""

import torch

from workbench.engine.build.catalogue import Catalogue
from workbench.engine.build.cost import cost_of
from workbench.engine.build.tasks import selecting
from workbench.engine.roles.loading import run_to_end
from workbench.engine.roles.task import Task
from workbench.spec.cost import ModelCost
from workbench.spec.experiment import Spec
from workbench.spec.question import Cost, Tell

QUESTION = Cost


#: The tasks of the setup asked about last: a setup is changed bit by bit.
_last_tasks: dict[tuple[str, Catalogue], dict[str, Task]] = {}


def answer(question: Cost, catalogue: Catalogue, tell: Tell) -> ModelCost:
    """What the model of a setup takes. Raises BadSpecError where there can be none."""
    tasks = tasks_of(question.spec, catalogue, tell)
    return cost_of(question.spec, catalogue, tasks, question.origin)


def tasks_of(spec: Spec, catalogue: Catalogue, tell: Tell) -> dict[str, Task]:
    """The tasks of a setup with their data; those asked about last are not read again."""
    key = (spec.model_dump_json(include={"tasks", "heads", "learner", "seeds"}), catalogue)
    if key not in _last_tasks:
        tell(None, "reading the tasks")
        tasks = run_to_end(selecting(spec, catalogue, torch.device("cpu")), tell)
        _last_tasks.clear()
        _last_tasks[key] = tasks
    return _last_tasks[key]
