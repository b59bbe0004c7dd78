"""Edits of the task list, each giving a new list (Qt-free)."""

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.spec.entry import Catalogue, Entry
from workbench.spec.experiment import TaskChoice

Tasks = Sequence[TaskChoice]


def with_task(
    tasks: Tasks, catalogue: Catalogue, family: str, task: str | None, is_on: bool
) -> list[TaskChoice]:
    """`tasks` with one task of `family` (None: the family as a whole) learned, or not."""
    known = _expanded(tasks, catalogue, family) if task is not None else list(tasks)
    settings = next((c.settings for c in known if c.family == family), {})
    if not is_on:
        return [c for c in known if c.family != family or (task is not None and c.task != task)]
    others = [c for c in known if (c.family, c.task) != (family, task)]
    if task is None:
        others = [c for c in others if c.family != family]
    added = TaskChoice(family=family, task=task, weight=1.0, **settings)
    return _in_order([*others, added], catalogue)


def with_weight(
    tasks: Tasks, catalogue: Catalogue, family: str, task: str | None, value: float
) -> list[TaskChoice]:
    """`tasks` with the weight of one task, or of a family as a whole, changed."""
    known = _expanded(tasks, catalogue, family) if task is not None else list(tasks)
    return [
        c.model_copy(update={"weight": value}) if (c.family, c.task) == (family, task) else c
        for c in known
    ]


def with_family_setting(
    tasks: Tasks, catalogue: Catalogue, family: str, name: str, value: Any
) -> list[TaskChoice]:
    """`tasks` with one setting of a family changed in all its entries."""
    entry = catalogue.get(("tasks", family))
    result: list[TaskChoice] = []
    for c in tasks:
        if c.family == family:
            settings = with_setting(c.settings, entry, name, value)
            c = TaskChoice(family=family, task=c.task, weight=c.weight, **settings)
        result.append(c)
    return result


def with_setting(
    settings: Mapping[str, Any], entry: Entry | None, name: str, value: Any
) -> dict[str, Any]:
    """Settings with one changed; what equals its default is left out."""
    result = {**settings, name: value}
    if entry is not None and name in entry.defaults() and entry.defaults()[name] == value:
        del result[name]
    return result


def weight_of(tasks: Tasks, family: str, task: str | None) -> float | None:
    """The weight of a task; None where it is not learned."""
    found = next((c for c in tasks if c.family == family and c.task in (task, None)), None)
    return None if found is None else found.weight


def _expanded(tasks: Tasks, catalogue: Catalogue, family: str) -> list[TaskChoice]:
    """The tasks, with "all of `family`" written out as its tasks."""
    entry = catalogue.get(("tasks", family))
    names = entry.tasks if entry else ()
    result: list[TaskChoice] = []
    for c in tasks:
        if c.family == family and c.task is None and names:
            result += [
                TaskChoice(family=family, task=name, weight=c.weight, **c.settings)
                for name in names
            ]
        else:
            result.append(c)
    return result


def _in_order(tasks: Tasks, catalogue: Catalogue) -> list[TaskChoice]:
    """Families as they stand; within a family its own order, so that colours stay put."""
    families = list(dict.fromkeys(c.family for c in tasks))

    def place(c: TaskChoice) -> tuple[int, int]:
        entry = catalogue.get(("tasks", c.family))
        names = entry.tasks if entry else ()
        return families.index(c.family), names.index(c.task) if c.task in names else -1

    return sorted(tasks, key=place)
