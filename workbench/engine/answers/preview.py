"""A few examples of the tasks of a choice, before anything is trained."""

import torch

from workbench.engine.build.catalogue import Catalogue
from workbench.engine.build.tasks import selecting
from workbench.engine.measure.examples import preview
from workbench.engine.roles.loading import run_to_end
from workbench.spec.experiment import Spec
from workbench.spec.question import Preview, TaskPreview, Tell

QUESTION = Preview


def answer(question: Preview, catalogue: Catalogue, tell: Tell) -> tuple[TaskPreview, ...]:
    """Each task that is chosen, with the first examples of its split. Raises BadSpecError."""
    spec = Spec.model_validate({"tasks": [question.choice]})
    reading = selecting(spec, catalogue, torch.device("cpu"), question.seed, keeps_episodes=True)
    chosen = run_to_end(reading, tell)
    return tuple(
        TaskPreview(
            name,
            len(task.answered("train")),
            len(task.answered("val")),
            len(task.answered("test")),
            tuple(preview(task, question.n, question.split)),
        )
        for name, task in chosen.items()
    )
