"""Episodes: distributions of tasks as their rows, for who does not adapt to each task."""

from collections.abc import Sequence
from dataclasses import replace

from torch import Tensor

from workbench.engine.roles.task import Part, Task


def rows_of(part: Part) -> Part:
    """Examples that are episodes [N, n, …] as the rows that they hold, [N · n, …]."""
    inputs = {view: values.flatten(0, 1) for view, values in part.inputs.items()}
    return part.changed(inputs=inputs, target=part.target.flatten(0, 1))


def as_rows(tasks: Sequence[Task]) -> list[Task]:
    """Distributions as tasks whose examples are rows: all to train on, the queries to be judged by.

    Tasks without episodes stay as they are; inputs that were one tensor stay one.
    """
    flat: dict[tuple[int, int], Tensor] = {}

    def rows(values: Tensor, start: int) -> Tensor:
        return flat.setdefault((id(values), start), values[:, start:].flatten(0, 1))

    made: list[Task] = []
    for task in tasks:
        if task.episodes is None:
            made.append(task)
            continue
        data: dict[str, Part] = {}
        for split, part in task.data.items():
            start = 0 if split == "train" else task.episodes.support
            inputs = {view: rows(values, start) for view, values in part.inputs.items()}
            data[split] = Part(inputs, rows(part.target, start))
        flattened = replace(task, data=data, episodes=None)
        flattened.loss, flattened.has_usual_loss = task.loss, task.has_usual_loss
        made.append(flattened)
    return made
