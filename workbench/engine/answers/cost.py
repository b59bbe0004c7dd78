"""Parameters, work and memory of a setup's model, and how it is put together."""

import torch

from workbench.engine.catalogue import Catalogue
from workbench.engine.cost import cost_of
from workbench.engine.roles.loading import heard
from workbench.engine.roles.task import Task
from workbench.engine.selection import selecting
from workbench.spec.cost import ModelCost
from workbench.spec.question import Cost, Tell

QUESTION = Cost


#: The tasks of the setup asked about last: a setup is changed bit by bit.
_kept: dict[tuple[str, Catalogue], dict[str, Task]] = {}


def answer(question: Cost, catalogue: Catalogue, tell: Tell) -> ModelCost:
    """What the model of a setup takes. Raises BadSpecError where there can be none."""
    key = (question.spec.model_dump_json(include={"tasks"}), catalogue)
    if key not in _kept:
        tell(None, "reading the tasks")
        tasks = heard(selecting(question.spec, catalogue, torch.device("cpu")), tell)
        _kept.clear()
        _kept[key] = tasks
    return cost_of(question.spec, catalogue, _kept[key])
