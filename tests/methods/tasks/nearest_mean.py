"""The baseline of few-shot classes: the nearest mean of the raw inputs, with nothing learned."""

import torch

from workbench.engine.roles.task import Classes, Task


def nearest_mean(task: Task, split: str) -> float:
    """The share of a split's queries that are nearest to the mean of their class's support."""
    assert task.episodes is not None
    assert isinstance(task.output, Classes)
    (values,) = task.data[split].inputs.values()
    rows = (values + 0).flatten(2)
    support, query = rows.split([task.episodes.support, task.episodes.query], 1)
    target, asked = task.data[split].target.split([task.episodes.support, task.episodes.query], 1)
    is_of = torch.nn.functional.one_hot(target, task.output.n).float()
    means = is_of.transpose(1, 2) @ support / is_of.sum(1).unsqueeze(2)
    return (torch.cdist(query, means).argmin(2) == asked).float().mean().item()
