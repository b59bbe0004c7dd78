"""Classes: a task with many classes, cut into tasks with a few of them each."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import torch
from torch import Tensor

from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Classes, Part, Task
from workbench.spec.experiments.nested import OF

#: Whether the task is known when the model is asked, and what it answers (van de Ven & Tolias).
Scenario = Literal["class", "domain", "task"]

#: Classes that a task's name has beside each other at most, and its letters.
_NAMED, _LONGEST = 3, 40


def with_classes(task: Task, codes: Sequence[int], scenario: Scenario, name: str) -> Task:
    """The part of a task whose answers are these classes, under `name` and with a head of its own.

    class: it answers with one of all classes; domain and task: with the place of its class among
    `codes`.
    """
    chosen = torch.tensor(codes)
    assert isinstance(task.output, Classes)
    places = torch.full((task.output.n,), -1)
    places[chosen] = torch.arange(len(codes))
    data: dict[str, Part] = {}
    rows: dict[str, Tensor] = {}
    for split, part in task.data.items():
        mine = torch.isin(part.target, chosen)
        if task.rows:
            rows[split] = task.rows[split][mine]
        of_class = part[mine]
        target = of_class.target if scenario == "class" else places[of_class.target]
        data[split] = replace(of_class, target=target)
    is_whole = scenario == "class"
    named = tuple(task.answers[code] for code in codes) if task.answers else ()
    return replace(
        task,
        name=name,
        data=data,
        output=task.output if is_whole else Classes(len(codes)),
        classes=tuple(codes) if is_whole else (),
        answers=task.answers if is_whole else named if scenario == "task" else (),
        head=name,
        rows=rows,
        identity="",
        source="",
    )


def cut(codes: Sequence[int], n_tasks: int) -> list[list[int]]:
    """The classes in `n_tasks` runs of as equal a length as there can be, the longer ones first."""
    size, more = divmod(len(codes), n_tasks)
    groups: list[list[int]] = []
    start = 0
    for i in range(n_tasks):
        end = start + size + (i < more)
        groups.append(list(codes[start:end]))
        start = end
    return groups


def codes_of(task: Task, names: Sequence[str | int], field: str) -> list[int]:
    """The classes of a task by name, or all that it has. Raises BadSpecError."""
    if not isinstance(task.output, Classes):
        kind = type(task.output).__name__
        message = f"is cut by classes; {task.name} answers with {kind}, which has none"
        raise BadSpecError(OF, message)
    known = list(task.classes) or list(range(task.output.n))
    words = {_word(task, code): code for code in known}
    if not names:
        return known
    unknown = [str(name) for name in names if str(name) not in words]
    if unknown:
        message = f"{task.name} has no class '{unknown[0]}' (it has: {', '.join(words)})"
        raise BadSpecError(field, message)
    return [words[str(name)] for name in names]


def names_of(task: Task, groups: Sequence[Sequence[int]], prefix: str) -> list[str]:
    """A name for each group of classes, by what is in it where that is short."""
    names = [_name(task, group) for group in groups]
    if all(names) and len(set(names)) == len(names):
        return names
    return [f"{prefix}-{i + 1}" for i in range(len(groups))]


def words_of(task: Task, codes: Sequence[int]) -> str:
    """Classes as a sentence has them."""
    return ", ".join(_word(task, code) for code in codes)


def _name(task: Task, codes: Sequence[int]) -> str:
    words = [_word(task, code) for code in codes]
    if len(words) == 1:
        return words[0][:_LONGEST]
    numbers = [int(word) for word in words if word.isdecimal()]
    if len(numbers) == len(words) and numbers == list(range(numbers[0], numbers[0] + len(numbers))):
        return f"{numbers[0]}-{numbers[-1]}"
    text = "+".join(words)
    return text if len(words) <= _NAMED and len(text) <= _LONGEST else ""


def _word(task: Task, code: int) -> str:
    return task.answers[code] if task.answers else str(code)
