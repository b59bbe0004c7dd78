"""A few examples of the tasks of a choice, before anything is trained."""

import torch

from workbench.engine.catalogue import Catalogue
from workbench.engine.preview import preview
from workbench.engine.selection import select
from workbench.spec.experiment import Spec
from workbench.spec.question import Preview, TaskPreview, Tell

QUESTION = Preview


def answer(question: Preview, catalogue: Catalogue, tell: Tell) -> tuple[TaskPreview, ...]:
    """Each task that is chosen, with the first examples of its split. Raises BadSpecError."""
    del tell
    chosen = select(
        Spec.model_validate({"tasks": [question.choice]}), catalogue, torch.device("cpu")
    )
    return tuple(
        TaskPreview(
            name,
            len(task.data["train"]),
            len(task.data["val"]),
            len(task.data["test"]),
            tuple(preview(task, question.n, question.split)),
        )
        for name, task in chosen.items()
    )
