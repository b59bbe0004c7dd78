"""Heads: what a method of retention may ask of them."""

from collections.abc import Mapping

import torch
from torch import Tensor

from workbench.engine.blocks.retention.linear_calls import LinearCalls
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Classes, Part, Task


def require_own_heads(tasks: Mapping[str, Task]) -> None:
    """Raise BadSpecError where tasks share a head: the task's name would tell the answer."""
    users: dict[str, list[str]] = {}
    for name, task in tasks.items():
        users.setdefault(task.head, []).append(name)
    shared = next((names for names in users.values() if len(names) > 1), None)
    if shared:
        message = (
            "needs to know whose example it is asked about, so each task a head of its own "
            f"(scenario task); found one head for {', '.join(shared)}"
        )
        raise BadSpecError("retention.kind", message)


def features(model: Sharing, task: str, part: Part) -> tuple[Tensor, Tensor | None]:
    """A task's outputs [B, n], and the features [B, width] that its head read, without graph.

    The features are None where the answer is not that of one linear layer.
    """
    with LinearCalls(model) as calls:
        output = model({task: part})[task]
    read = next((call.inputs for call in calls.calls if call.outputs is output), None)
    return output, read


def require_features(model: Sharing, tasks: Mapping[str, Task]) -> dict[str, int]:
    """The width of the features that each task with classes reads.

    Raises BadSpecError unless there are such tasks and their heads are linear layers.
    """
    with_classes = {name: task for name, task in tasks.items() if isinstance(task.output, Classes)}
    if not with_classes:
        raise BadSpecError("retention.kind", "is for tasks with classes; there are none")
    was_training = model.training
    model.eval()
    widths: dict[str, int] = {}
    with torch.no_grad():
        for name, task in with_classes.items():
            read = features(model, name, task.data["train"][:2])[1]
            if read is None:
                message = (
                    "needs a sharing strategy in which one linear layer gives the answer; "
                    f"that of {name} is put together from several"
                )
                raise BadSpecError("retention.kind", message)
            widths[name] = read.shape[1]
    model.train(was_training)
    return widths
