"""Task colours: the one place that decides which colour and dash a task has (Qt-free)."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from workbench.spec.entry import Catalogue, Entry, by_role
from workbench.spec.experiment import TaskChoice
from workbench.spec.experiments.nested import is_maker

#: Settings that are lists with an item for each task.
_A_TASK_EACH = ("angles", "levels")

#: The tasks of each family in the catalogue's order.
Orders = Mapping[str, tuple[str, ...]]


def orders_of(catalogue: Catalogue) -> Orders:
    """The order of the tasks in each family."""
    return {entry.key: entry.tasks for entry in by_role(catalogue, "tasks")}


def colour_numbers(tasks: Sequence[tuple[str, str]], orders: Orders) -> list[int]:
    """The colour number of each task, given as its family and what that calls it, in this order.

    A task has the number of its place in its family, so that it keeps its colour whatever is
    learned beside it; where another family's task has that number, the next that is free.
    """
    numbers: list[int] = []
    places: dict[str, int] = {}
    for family, name in tasks:
        known = orders.get(family, ())
        place = places.get(family, 0)
        places[family] = place + 1
        number = known.index(name) if name in known else place
        while number in numbers:
            number += 1
        numbers.append(number)
    return numbers


def _n_tasks(entry: Entry, settings: Mapping[str, Any], otherwise: int) -> int:
    """How many tasks a family has at these settings, as far as they say; 1 at least."""
    values = entry.values(settings)
    for name in ("n_tasks", *_A_TASK_EACH):
        value = values.get(name)
        if isinstance(value, int):
            return value
        if isinstance(value, list):
            return max(len(cast("list[Any]", value)), 1)
    return max(otherwise, 1) if is_maker(entry) else otherwise


def tasks_of(choices: Sequence[TaskChoice], catalogue: Catalogue) -> list[tuple[str, str]]:
    """Family and name of each task a setup learns, in the order in which a run lists them.

    Where a family's settings decide what its tasks are, their names are left empty.
    """
    tasks: list[tuple[str, str]] = []
    for choice in choices:
        entry = catalogue.get(("tasks", choice.family))
        names = entry.tasks if entry else ()
        if choice.task is not None:
            names = (choice.task,)
        elif entry is not None and "varying-tasks" in entry.gives:
            targets = choice.settings.get("targets")
            if isinstance(targets, Mapping):  # the columns of the user's own data
                names = tuple(str(name) for name in targets)
                tasks += [(choice.family, name) for name in names]
                continue
            names = ("",) * _n_tasks(entry, choice.settings, len(names))
        tasks += [(choice.family, name) for name in names]
    return tasks
