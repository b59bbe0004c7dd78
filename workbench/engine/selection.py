"""Selection: from the tasks of a spec to tasks with data."""

from collections.abc import Generator
from typing import Any

import torch

from workbench.engine.catalogue import Catalogue
from workbench.engine.readers.problem import DataError
from workbench.engine.roles.loading import Loading, Told
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Family, Task
from workbench.spec.experiment import Spec, TaskChoice
from workbench.spec.sources import FILES
from workbench.spec.work import finished


def select(spec: Spec, catalogue: Catalogue, device: torch.device) -> dict[str, Task]:
    """The chosen tasks by name, with weights, on the device. Raises BadSpecError."""
    return finished(selecting(spec, catalogue, device))


def selecting(
    spec: Spec, catalogue: Catalogue, device: torch.device
) -> Generator[Told, None, dict[str, Task]]:
    """As `select`, telling how far files are read.

    Entries of one family with equal settings come from one instance of it, so their inputs are
    shared. A name that two entries would share gets its family's name in front, or a number.
    """
    families: dict[str, list[Task]] = {}
    chosen: dict[str, Task] = {}
    for i, choice in enumerate(spec.tasks):
        key = f"{choice.family} {sorted(choice.settings.items(), key=repr)!r}"
        if key not in families:
            families[key] = yield from _tasks(choice, catalogue, i)
            _identify(choice, families[key])
        for task in _of(choice, families[key], i):
            task.weight = choice.weight
            if any(task is other for other in chosen.values()):
                raise BadSpecError(f"tasks.{i}", f"task {task.name} is chosen twice")
            name = _free_name(task, chosen)
            if task.head == task.name:
                task.head = name
            task.name = name
            chosen[name] = task
    _move(chosen, device)
    return chosen


def _tasks(choice: TaskChoice, catalogue: Catalogue, i: int) -> Loading:
    field = f"tasks.{i}"
    settings: Any = catalogue.settings("tasks", choice, field)
    family: type[Family] = catalogue.find("tasks", choice.family, f"{field}.family")
    try:
        return (yield from family(settings).loading())
    except BadSpecError as error:
        raise BadSpecError(f"{field}.{error.field}", error.message) from None
    except DataError as error:
        raise BadSpecError(f"{field}.file", str(error)) from None


def _identify(choice: TaskChoice, tasks: list[Task]) -> None:
    """Name tasks and sources by what stays the same whichever of them an experiment has.

    Settings are left out: on one seed, two values of a setting start from the same numbers and
    take examples in the same order. What is in a file is not a setting.
    """
    data = [str(choice.settings.get(name)) for name in FILES.values() if choice.settings.get(name)]
    family = "/".join([choice.family, *data])
    first: dict[tuple[int, ...], str] = {}
    for task in tasks:
        task.family = choice.family
        task.identity = f"{family}/{task.name}"
        inputs = tuple(id(values) for values in task.data["train"].inputs.values())
        task.source = first.setdefault(inputs, task.identity)


def _of(choice: TaskChoice, tasks: list[Task], i: int) -> list[Task]:
    if choice.task is None:
        return tasks
    found = [task for task in tasks if task.name == choice.task]
    if not found:
        known = ", ".join(task.name for task in tasks)
        message = f"{choice.family} has no task '{choice.task}' (it has: {known})"
        raise BadSpecError(f"tasks.{i}.task", message)
    return found


def _free_name(task: Task, chosen: dict[str, Task]) -> str:
    name = task.name
    if name in chosen:
        name = f"{task.family}/{task.name}"
    base, number = name, 2
    while name in chosen:
        name, number = f"{base} ({number})", number + 1
    return name


def _move(tasks: dict[str, Task], device: torch.device) -> None:
    """Put data on the device; inputs that were one tensor stay one tensor."""
    if device.type == "cpu":
        return
    moved: dict[int, torch.Tensor] = {}
    for task in tasks.values():
        parts = dict(task.data)
        for split, part in parts.items():
            inputs = {
                view: moved.setdefault(id(values), values.to(device))
                for view, values in part.inputs.items()
            }
            parts[split] = type(part)(inputs, part.target.to(device))
        task.data = parts
