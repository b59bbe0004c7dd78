"""Remarks: what is said before a run of a task whose examples are few, or far from even."""

import torch

from workbench.engine.roles.task import Classes, Task

#: Examples of a split below which its scores say little.
_FEW = 10
#: From how many times the rarest class on the most frequent one is far from it.
_UNEVEN = 10


def remarks_of(task: Task) -> tuple[str, ...]:
    """What to know of a task's own examples before it is learned."""
    if task.episodes is not None:
        return ()
    return (*_few(task), *_uneven(task))


def _few(task: Task) -> list[str]:
    counts = {"validation": len(task.data["val"]), "test": len(task.data["test"])}
    if min(counts.values()) >= _FEW:
        return []
    (first, n), (second, m) = counts.items()
    return [f"{task.name}: {first} has {n:,} rows and {second} {m:,}: scores of so few say little"]


def _uneven(task: Task) -> list[str]:
    if not isinstance(task.output, Classes) or task.output.n < 2:
        return []
    targets = torch.cat([task.data[split].target.flatten() for split in ("train", "val", "test")])
    counts = torch.bincount(targets[targets >= 0], minlength=task.output.n)
    present = counts[counts > 0]
    if len(present) < 2:
        return []
    ratio = float(present.max() / present.min())
    if ratio < _UNEVEN:
        return []
    words = "class_weights: balanced in its entry makes the rare ones count as much"
    return [f"{task.name}: the classes are as uneven as 1 : {ratio:.0f}; {words}"]
