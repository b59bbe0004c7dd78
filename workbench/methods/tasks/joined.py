"""joined: the tasks of several families side by side, with one head or many."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import torch

from workbench.engine.blocks.tasks.made.apart import without_asked
from workbench.engine.blocks.tasks.made.classes import Scenario
from workbench.engine.blocks.tasks.made.inputs import n_bytes
from workbench.engine.roles.made import DIGITS, Maker, Source, source
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Classes, Part, Task, Values
from workbench.spec.experiments.nested import OF
from workbench.spec.experiments.task_names import free_name
from workbench.spec.settings import Settings, setting


class Joined(Maker):
    """Several sources as one: the same question of other data, or other questions.

    task: each keeps a head of its own; domain: one head, whose answers the sources have in common
    by their place; class: one head over the classes of all, those of one name being one. A training
    row that another source validates or tests on is left out.
    """

    key = "joined"
    title = "Joined"
    helps = "Data sets after each other, or together: does one help, or hurt, the other?"

    class Settings(Settings):
        """Which sources, and what the model is asked."""

        of: list[Source] = source(
            [DIGITS, {"family": "rotated", "angles": [90.0], "of": DIGITS}],
            "The families whose tasks are put together, each with its settings.",
            min_length=1,
            max_length=100,
        )
        scenario: Scenario = setting(
            "task", "Whether the task is known when the model is asked, and what it answers."
        )

    def make(self, sources: Sequence[Sequence[Task]]) -> list[Task]:
        tasks = without_asked([task for tasks in sources for task in tasks])
        names: list[str] = []
        for task in tasks:
            names.append(free_name(task.family, task.name, names))
        outputs = {type(task.output) for task in tasks}
        scenario = self.settings.scenario
        if scenario != "task" and len(outputs) > 1:
            kinds = ", ".join(sorted(kind.__name__ for kind in outputs))
            raise BadSpecError("scenario", f"one head has one kind of answers; found {kinds}")
        if scenario == "class":
            return _with_all_classes(tasks, names, self.key)
        if scenario == "domain":
            _require_alike(tasks)
        return [
            replace(
                task,
                name=name,
                head=name if scenario == "task" else self.key,
                answers=task.answers if scenario == "task" else (),
                identity="",
                source="",
            )
            for task, name in zip(tasks, names, strict=True)
        ]

    def n_made(self, sources: Sequence[Sequence[Task]]) -> int:
        return n_bytes([task for tasks in sources for task in tasks])


def _require_alike(tasks: Sequence[Task]) -> None:
    """Raise BadSpecError where tasks do not answer with equally much."""
    first = tasks[0]
    for task in tasks[1:]:
        if task.output != first.output:
            message = (
                f"one head answers with equally much of every source: {first.name} with "
                f"{_size(first)}, {task.name} with {_size(task)}"
            )
            raise BadSpecError("scenario", message)


def _size(task: Task) -> str:
    output = task.output
    if isinstance(output, Classes):
        return f"{output.n} classes"
    return f"{output.n} values" if isinstance(output, Values) else type(output).__name__


def _with_all_classes(tasks: Sequence[Task], names: Sequence[str], head: str) -> list[Task]:
    """The tasks with one head over the classes of all of them."""
    places: dict[str, int] = {}
    own: list[list[int]] = []
    for task in tasks:
        if not isinstance(task.output, Classes):
            message = f"joins classes; {task.name} answers with {type(task.output).__name__}"
            raise BadSpecError(OF, message)
        words = task.answers or tuple(str(i) for i in range(task.output.n))
        own.append([places.setdefault(word, len(places)) for word in words])
    made: list[Task] = []
    for task, name, codes in zip(tasks, names, own, strict=True):
        moved = torch.tensor(codes)
        data: Mapping[str, Part] = {
            # A row without an answer, below 0, stays without one.
            split: replace(
                part, target=torch.where(part.target < 0, part.target, moved[part.target.clamp(0)])
            )
            for split, part in task.data.items()
        }
        known = task.classes or range(len(codes))
        made.append(
            replace(
                task,
                name=name,
                data=data,
                output=Classes(len(places)),
                classes=tuple(codes[code] for code in known),
                answers=tuple(places),
                head=head,
                identity="",
                source="",
            )
        )
    return made
