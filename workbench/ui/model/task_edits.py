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
    return _with_added(others, added, catalogue)


def with_weight(
    tasks: Tasks, catalogue: Catalogue, family: str, task: str | None, value: float
) -> list[TaskChoice]:
    """`tasks` with the weight of one task, or of a family as a whole, changed."""
    known = _expanded(tasks, catalogue, family) if task is not None else list(tasks)
    return [
        c.model_copy(update={"weight": value}) if (c.family, c.task) == (family, task) else c
        for c in known
    ]


def with_own(
    tasks: Tasks, catalogue: Catalogue, family: str, task: str | None, field: str, value: Any
) -> list[TaskChoice]:
    """`tasks` with the `head` or `loss` of one task, or of a family as a whole, changed."""
    known = _expanded(tasks, catalogue, family) if task is not None else list(tasks)
    return [
        c.model_copy(update={field: value}) if (c.family, c.task) == (family, task) else c
        for c in known
    ]


def choice_of(tasks: Tasks, family: str, task: str | None) -> TaskChoice | None:
    """The entry that a task is in: its own, or that of its whole family."""
    own = [c for c in tasks if c.family == family and c.task in (task, None)]
    return own[0] if own else None


def with_family_setting(
    tasks: Tasks, catalogue: Catalogue, family: str, name: str, value: Any
) -> list[TaskChoice]:
    """`tasks` with one setting of a family changed in all its entries."""
    entry = catalogue.get(("tasks", family))
    result: list[TaskChoice] = []
    for c in tasks:
        if c.family == family:
            settings = with_setting(c.settings, entry, name, value)
            own = {name: getattr(c, name) for name in TaskChoice.model_fields}
            c = TaskChoice.model_validate({**own, **settings})
        result.append(c)
    return result


def with_task_moved(
    tasks: Tasks, catalogue: Catalogue, family: str, task: str | None, by: int
) -> list[TaskChoice]:
    """`tasks` with one task `by` places later (earlier below 0) among those of its family."""
    known = _expanded(tasks, catalogue, family) if task is not None else list(tasks)
    own = [i for i, c in enumerate(known) if c.family == family]
    at = next((k for k, i in enumerate(own) if known[i].task == task), None)
    if at is None:
        return known
    order = [known[i] for i in own]
    order.insert(min(max(at + by, 0), len(order) - 1), order.pop(at))
    for i, choice in zip(own, order, strict=True):
        known[i] = choice
    return known


def with_family_moved(tasks: Tasks, family: str, by: int) -> list[TaskChoice]:
    """`tasks` with the tasks of a family together, `by` families later (earlier below 0)."""
    families = list(dict.fromkeys(c.family for c in tasks))
    at = families.index(family)
    families.insert(min(max(at + by, 0), len(families) - 1), families.pop(at))
    return sorted(tasks, key=lambda c: families.index(c.family))


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
    choice = next((c for c in tasks if c.family == family and c.task in (task, None)), None)
    return None if choice is None else choice.weight


def _expanded(tasks: Tasks, catalogue: Catalogue, family: str) -> list[TaskChoice]:
    """The tasks, with "all of `family`" written out as its tasks."""
    entry = catalogue.get(("tasks", family))
    names = entry.tasks if entry else ()
    result: list[TaskChoice] = []
    for c in tasks:
        if c.family == family and c.task is None and names:
            result += [c.model_copy(update={"task": name}) for name in names]
        else:
            result.append(c)
    return result


def _with_added(tasks: Tasks, added: TaskChoice, catalogue: Catalogue) -> list[TaskChoice]:
    """`tasks` with one more of a family, before the first that the catalogue lists after it."""
    entry = catalogue.get(("tasks", added.family))
    names = entry.tasks if entry else ()

    def place(c: TaskChoice) -> int:
        return names.index(c.task) if c.task in names else -1

    own = [i for i, c in enumerate(tasks) if c.family == added.family]
    later = [i for i in own if place(tasks[i]) > place(added)]
    at = later[0] if later else own[-1] + 1 if own else len(tasks)
    return [*tasks[:at], added, *tasks[at:]]
