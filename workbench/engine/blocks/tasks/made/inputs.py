"""Inputs: tasks with the same answers to inputs that are made into others."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from torch import Tensor

from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Image, Part, Task, Vector
from workbench.spec.experiments.nested import OF

#: Makes the values [N, …] of a view of a task's split into others of the same shape.
Change = Callable[[Tensor, str, Task, str], Tensor]


def with_inputs(tasks: Sequence[Task], change: Change) -> list[Task]:
    """The tasks with every input changed; inputs that were one tensor are one again.

    `change` is given values, the view, a task that sees them, and the split. What makes inputs of a
    file does not make the changed ones.
    """
    made: dict[int, Tensor] = {}
    changed: list[Task] = []
    for task in tasks:
        data: dict[str, Part] = {}
        for split, part in task.data.items():
            inputs: dict[str, Tensor] = {}
            for view, values in part.inputs.items():
                if id(values) not in made:
                    made[id(values)] = change(values, view, task, split)
                inputs[view] = made[id(values)]
            data[split] = replace(part, inputs=inputs)
        is_same = all(
            part.inputs[view] is values
            for split, part in task.data.items()
            for view, values in data[split].inputs.items()
        )
        preparation = task.preparation if is_same else None
        changed.append(replace(task, data=data, identity="", source="", preparation=preparation))
    return changed


def named(task: Task, source: Task, name: str, head: str, n_sources: int) -> Task:
    """A made task under its name, before which stands its source's where there are several.

    `head` is the name of a head that it shares; empty: its own.
    """
    task.name = name if n_sources == 1 else f"{source.name}/{name}"
    task.head = head or task.name
    return task


def n_bytes(tasks: Sequence[Task]) -> int:
    """Bytes of the inputs of tasks, each counted once."""
    found = {
        id(values): values.numel() * values.element_size()
        for task in tasks
        for part in task.data.values()
        for values in part.inputs.values()
    }
    return sum(found.values())


def require_numbers(tasks: Sequence[Task], what: str) -> None:
    """Raise BadSpecError where an input is neither numbers nor a picture."""
    for task in tasks:
        for kind in task.inputs.values():
            if not isinstance(kind, Vector | Image):
                words = "texts" if type(kind).__name__ == "Tokens" else "no input"
                message = f"{what} takes numbers or pictures; {task.name} has {words}"
                raise BadSpecError(OF, message)


def shape_of(task: Task, view: str, what: str) -> tuple[int, int, int]:
    """Channels, height and width of the pictures of a view.

    Raises BadSpecError where its values are no pictures.
    """
    kind = task.inputs[view]
    if isinstance(kind, Image):
        return kind.channels, kind.height, kind.width
    if isinstance(kind, Vector) and task.picture is not None:
        height, width = task.picture
        if height * width == kind.n:
            return 1, height, width
    message = f"{what} takes pictures; the inputs of {task.name} are {_words(kind)}"
    raise BadSpecError(OF, message)


def _words(kind: object) -> str:
    return f"{kind.n} numbers without a shape" if isinstance(kind, Vector) else "no pictures"


def as_pictures(values: Tensor, shape: tuple[int, int, int]) -> Tensor:
    """Values [N, …] as pictures [N, C, H, W]."""
    return values.reshape(len(values), *shape)
