"""Parameters, work and memory of a setup's model, and how it is put together."""

from functools import lru_cache

import torch

from workbench.engine.catalogue import Catalogue
from workbench.engine.cost import cost_of
from workbench.engine.roles.task import Task
from workbench.engine.selection import select
from workbench.spec.cost import ModelCost
from workbench.spec.experiment import Spec
from workbench.spec.question import Cost, Tell

QUESTION = Cost


def answer(question: Cost, catalogue: Catalogue, tell: Tell) -> ModelCost:
    """What the model of a setup takes. Raises BadSpecError where there can be none."""
    tell(None, "reading the tasks")
    chosen = question.spec.model_dump_json(include={"tasks"})
    return cost_of(question.spec, catalogue, _tasks(chosen, catalogue))


@lru_cache(maxsize=1)
def _tasks(chosen: str, catalogue: Catalogue) -> dict[str, Task]:
    """The tasks of a setup: those asked about last are kept, for a setup is changed bit by bit."""
    return select(Spec.model_validate_json(chosen), catalogue, torch.device("cpu"))
