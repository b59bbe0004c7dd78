"""Memory tables: what a method holds of the past, as tables and as pictures."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from workbench.engine.measure.examples import pictures
from workbench.engine.roles.episodes import rows_of
from workbench.engine.roles.planned_run import n_bytes
from workbench.engine.roles.retention import Retention, StoredExamples
from workbench.engine.roles.task import Classes, Image, Part, Point, Task
from workbench.spec.cost import Holding
from workbench.spec.event import Table
from workbench.spec.shown.samples import Pictures

#: Pictures of a memory that are shown, in all.
_PICTURES = 32
_COLUMNS = ("examples", "bytes", "age")


def contents(
    memory: Mapping[str, StoredExamples], tasks: Mapping[str, Task], stage: int
) -> Table | None:
    """Examples, bytes and mean age in stages, by task and class; None where there are none."""
    rows: dict[str, list[float]] = {}
    for name, held in memory.items():
        target = held.part.target
        # Of a distribution an example is a whole small task, of many classes.
        has_classes = isinstance(tasks[name].output, Classes) and not _are_small_tasks(
            tasks[name], held.part
        )
        labels = target.unique().tolist() if has_classes else [None]
        for label in labels:
            mine = torch.ones(len(target), dtype=torch.bool) if label is None else target == label
            n = int(mine.sum())
            age = stage - held.arrived[mine.cpu()].double().mean().item()
            row = name if label is None else f"{name} · {_answer(tasks[name], label)}"
            rows[row] = [float(n), held.n_bytes * n / len(target), age]
    if not rows:
        return None
    values = np.asarray(list(rows.values()), dtype=np.float32)
    whole = [values[:, 0].sum(), values[:, 1].sum(), np.average(values[:, 2], weights=values[:, 0])]
    table = np.vstack([values, np.asarray([whole], dtype=np.float32)])
    return Table(
        "memory",
        (*rows, "all"),
        _COLUMNS,
        table,
        title="What the memory holds",
        meaning="Examples kept of each task and class, their size in memory, and how many stages "
        "ago they came, on average.",
    )


def holding(method: Retention) -> Holding:
    """What a method holds by now."""
    tensors = {(x.data_ptr(), x.shape): x for x in _tensors(method.state_dict())}
    n = sum(len(held.part) for held in method.stored_examples().values())
    return Holding(n, n_bytes(tensors.values()))


def of_most(now: Holding, most: Holding) -> Table:
    """Examples and bytes that are held, and the most that will be."""
    values = [[now.examples, now.bytes], [most.examples, most.bytes]]
    return Table(
        "held",
        ("now", "at most"),
        ("examples", "bytes"),
        np.asarray(values, np.float32),
        title="Examples and bytes",
        meaning="What is kept of the past beside the model, and the most that it will come to: "
        "examples with what is noted of them, importances, copies of the network.",
    )


def _tensors(state: Any) -> Iterator[Tensor]:
    if isinstance(state, Tensor):
        yield state
    elif isinstance(state, Mapping):
        for value in state.values():
            yield from _tensors(value)
    elif isinstance(state, list | tuple):
        for value in state:
            yield from _tensors(value)


def shown(memory: Mapping[str, StoredExamples], tasks: Mapping[str, Task]) -> tuple[Pictures, ...]:
    """Some of the examples, evenly from all there are, of tasks whose inputs are pictures."""
    samples: list[Pictures] = []
    each = max(1, _PICTURES // max(1, len(memory)))
    for name, held in list(memory.items())[:_PICTURES]:
        places = torch.linspace(0, len(held.part) - 1, min(each, len(held.part))).long()
        part = held.part[places.to(held.part.target.device)].to(torch.device("cpu"))
        if _are_small_tasks(tasks[name], part):
            part = rows_of(part[:1])[:each]
        samples += [Pictures(name, p.images, p.answers) for p in pictures(tasks[name], part)[:1]]
    return tuple(samples)


def _are_small_tasks(task: Task, part: Part) -> bool:
    """Whether examples are whole small tasks [N, n, …], also where the task is told as its rows."""
    view, kind = next(iter(task.inputs.items()))
    n_own = 3 if isinstance(kind, Image) else 0 if isinstance(kind, Point) else 1
    return part.inputs[view].dim() > 1 + n_own


def _answer(task: Task, label: int) -> str:
    return task.answers[label] if label < len(task.answers) else str(label)
