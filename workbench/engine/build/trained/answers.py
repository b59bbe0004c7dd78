"""Answers of a trained model, in words of the target: probabilities, or values in its unit."""

import torch
from torch import Tensor

from workbench.engine.build.trained.description import is_pixels
from workbench.engine.roles.task import Classes, Task, Values
from workbench.spec.question import RefusedError
from workbench.spec.trained.prediction import TaskPrediction


def probabilities(output: Tensor) -> Tensor:
    """The probability of each class, from logits [N, n]; of a class without a logit it is 0.

    A learner that adapts has none for classes that were not shown to it.
    """
    is_unknown = output.isnan() & ~output.isnan().all(1, keepdim=True)
    return output.masked_fill(is_unknown, -torch.inf).double().softmax(1)


def told(task: Task, output: Tensor) -> TaskPrediction:
    """What a task's outputs [N, …] say. Raises RefusedError where they do not go into a table."""
    kind = task.output
    if is_pixels(kind):
        message = f"{task.name} answers at every pixel, which no table holds: export the model"
        raise RefusedError(message)
    if isinstance(kind, Classes):
        return TaskPrediction(task.name, probabilities(output).numpy(), class_names(task))
    if isinstance(kind, Values):
        values = task.scaling.unscaled(output) if task.scaling is not None else output.double()
        return TaskPrediction(task.name, values.numpy())
    shares = output.double().sigmoid().numpy()
    return TaskPrediction(task.name, shares, class_names(task), are_labels=True)


def class_names(task: Task) -> tuple[str, ...]:
    """The names of a task's classes; their numbers where it names none."""
    n: int = getattr(task.output, "n", 0)
    if len(task.answers) == n:
        return task.answers
    return tuple(task.answers[i] if i < len(task.answers) else str(i) for i in range(n))
