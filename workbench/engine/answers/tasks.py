"""The tasks of a setup, and how long each is learned."""

import torch

from workbench.engine.answers.cost import tasks_of
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.build.parts import method_of
from workbench.engine.build.task_facts import facts_of
from workbench.engine.training.plan import Plan
from workbench.spec.event import TaskFacts
from workbench.spec.question import ListTasks, Tell

QUESTION = ListTasks


def answer(question: ListTasks, catalogue: Catalogue, tell: Tell) -> tuple[TaskFacts, ...]:
    """What a run of the setup would tell of its tasks as it begins. Raises BadSpecError."""
    spec = question.spec
    tasks = tasks_of(spec, catalogue, tell)
    # Which examples come when does not matter here: only how many batches there are.
    plan = Plan(method_of(catalogue, spec, "curriculum"), tasks, spec.training, torch.Generator())
    return tuple(
        facts_of(task, catalogue.find("metric", task.metric)(), plan) for task in tasks.values()
    )
