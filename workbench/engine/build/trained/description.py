"""Descriptions of tasks, and tasks made of them again, with no data of their own."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, is_dataclass
from typing import Any, get_args

import torch
from torch import Tensor

from workbench.engine.numerics.scaling import Scaling
from workbench.engine.roles.batch import Part
from workbench.engine.roles.kinds import (
    Image,
    InputKind,
    Labels,
    Objective,
    OutputKind,
    PixelClasses,
    PixelDirections,
    PixelKind,
    PixelValues,
    Point,
    Tokens,
    TokensOut,
    Values,
    Vector,
)
from workbench.engine.roles.task import SPLITS, Episodes, Task
from workbench.spec.trained.description import ModelDescription, TaskDescription
from workbench.spec.trained.preparation import Preparation

_INPUTS: Mapping[str, type[Any]] = {kind.__name__: kind for kind in get_args(InputKind)}


def _outputs(kind: Any) -> dict[str, type[Any]]:
    """The kinds of output by name, those within unions of unions too."""
    inside = get_args(kind)
    if not inside:
        return {kind.__name__: kind}
    return {name: one for each in inside for name, one in _outputs(each).items()}


_OUTPUTS: Mapping[str, type[Any]] = _outputs(OutputKind)


#: What a description holds just as the task does.
_SAME = (
    "name",
    "own_name",
    "family",
    "identity",
    "source",
    "entry",
    "head",
    "head_layers",
    "classes",
    "answers",
    "columns",
    "is_taught",
)


def _same(one: Task | TaskDescription) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _SAME}


def described(tasks: Iterable[Task]) -> ModelDescription:
    """The description of a run's tasks; one with a reason where they cannot be asked of files."""
    all_tasks = list(tasks)
    for task in all_tasks:
        if reason := _reason(task):
            return ModelDescription(reason=reason)
    preparations: list[Preparation] = []
    descriptions: list[TaskDescription] = []
    for task in all_tasks:
        place = None
        if task.preparation is not None:
            if task.preparation not in preparations:
                preparations.append(task.preparation)
            place = preparations.index(task.preparation)
        descriptions.append(_task(task, place))
    return ModelDescription(tasks=tuple(descriptions), preparations=tuple(preparations))


def _reason(task: Task) -> str:
    """Why a task cannot be asked about a file; empty where it can."""
    if isinstance(task.output, Objective) or any(
        isinstance(kind, Point) for kind in task.inputs.values()
    ):
        return f"{task.name} has no input: there is nothing to predict of a file"
    if isinstance(task.output, TokensOut) or any(
        isinstance(kind, Tokens) for kind in task.inputs.values()
    ):
        return f"{task.name} answers texts: `workbench translate` asks it"
    return ""


def _task(task: Task, preparation: int | None) -> TaskDescription:
    scaling, episodes = task.scaling, task.episodes
    return TaskDescription(
        **_same(task),
        inputs={view: _as_data(kind) for view, kind in task.inputs.items()},
        output=_as_data(task.output),
        mean=tuple(scaling.mean.double().flatten().tolist()) if scaling else (),
        deviation=tuple(scaling.deviation.double().flatten().tolist()) if scaling else (),
        support=episodes.support if episodes else 0,
        query=episodes.query if episodes else 0,
        preparation=preparation,
    )


def _as_data(kind: Any) -> dict[str, Any]:
    assert is_dataclass(kind)
    assert not isinstance(kind, type)
    return {"kind": type(kind).__name__, **asdict(kind)}


def _from_data(kinds: Mapping[str, type[Any]], data: Mapping[str, Any]) -> Any:
    """The kind that data tell of. Raises ValueError where this version knows none such."""
    kind = kinds.get(data["kind"])
    if kind is None:
        raise ValueError(f"this version of the program knows no kind {data['kind']}")
    known = {each.name for each in fields(kind)}
    return kind(**{name: _as_tuples(value) for name, value in data.items() if name in known})


def _as_tuples(value: Any) -> Any:
    """JSON's lists, also those within lists, as the tuples that they were."""
    return tuple(map(_as_tuples, value)) if isinstance(value, list | tuple) else value


def tasks_of(description: ModelDescription) -> dict[str, Task]:
    """The tasks of a description, by name, each with one example of ones in place of its data.

    Tasks that read the same inputs hold the same tensors. Raises ValueError.
    """
    held: dict[tuple[str, str], Tensor] = {}
    tasks: dict[str, Task] = {}
    for one in description.tasks:
        inputs = {view: _from_data(_INPUTS, data) for view, data in one.inputs.items()}
        output = _from_data(_OUTPUTS, one.output)
        rows = (1, one.support + one.query) if one.support else (1,)
        views = {
            view: held.setdefault((one.source, view), torch.ones(*rows, *shape_of(kind)))
            for view, kind in inputs.items()
        }
        part = Part(views, _target(output, rows))
        tasks[one.name] = Task(
            **_same(one),
            inputs=inputs,
            output=output,
            data=dict.fromkeys(SPLITS, part),
            metric="described",
            scaling=_scaling(one),
            episodes=Episodes(one.support, one.query) if one.support else None,
            preparation=description.preparation_of(one),
        )
    return tasks


def _scaling(one: TaskDescription) -> Scaling | None:
    if not one.mean:
        return None
    mean = torch.tensor(one.mean)
    return Scaling(mean, torch.tensor(one.deviation).double())


def shape_of(kind: Any) -> tuple[int, ...]:
    """The shape of one input of a kind. Raises ValueError where none comes from a file."""
    match kind:
        case Vector(n):
            return (n,)
        case Image(channels, height, width):
            return (channels, height, width)
        case _:
            raise ValueError(f"inputs of the kind {type(kind).__name__} come from no file")


def _target(output: Any, rows: tuple[int, ...]) -> Tensor:
    match output:
        case Values(n) | Labels(n):
            return torch.zeros(*rows, n)
        case PixelClasses(_, height, width):
            return torch.zeros(*rows, height, width, dtype=torch.int64)
        case PixelValues(n, height, width):
            return torch.zeros(*rows, n, height, width)
        case PixelDirections(height, width):
            return torch.zeros(*rows, 3, height, width)
        case _:
            return torch.zeros(*rows, dtype=torch.int64)


def is_pixels(output: Any) -> bool:
    """Whether a task answers at each pixel of a picture."""
    return isinstance(output, get_args(PixelKind))
