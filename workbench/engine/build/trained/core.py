"""Core: a trained model from prepared inputs to answers, as one module that torch can export."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from workbench.engine.build.trained.answers import class_names
from workbench.engine.build.trained.description import is_pixels, shape_of
from workbench.engine.build.trained.model import TrainedModel
from workbench.engine.roles.batch import Part
from workbench.engine.roles.kinds import InputKind
from workbench.engine.roles.task import Classes, Task, Values
from workbench.spec.question import RefusedError
from workbench.spec.trained.preparation import Preparation

#: Rows of the example that a model is traced with: it may have any number afterwards.
_EXAMPLE_ROWS = 3


@dataclass(frozen=True, slots=True)
class CoreInput:
    """One input of a core: its name, its kind, what makes it of a file, and which tasks read it."""

    name: str
    view: str
    kind: InputKind
    preparation: Preparation | None
    tasks: tuple[str, ...]


class Core(nn.Module):
    """Prepared inputs, one after the other, to the answers of every task, in their order.

    Of classes [N, n] the probability of each, of labels too; values [N, n] are in their own unit.
    What is a picture stays as the model gives it.
    """

    def __init__(self, asked: TrainedModel, inputs: tuple[CoreInput, ...]) -> None:
        super().__init__()
        self.model = asked.model
        self._ask = asked.retention.answer
        self._tasks = dict(asked.tasks)
        self._inputs = inputs
        for i, task in enumerate(self._tasks.values()):
            if task.scaling is not None:
                self.register_buffer(f"mean_{i}", task.scaling.mean.double())
                self.register_buffer(f"deviation_{i}", task.scaling.deviation.double())

    def forward(self, *values: Tensor) -> tuple[Tensor, ...]:
        """The answers of the tasks, in their order."""
        views: dict[str, dict[str, Tensor]] = {name: {} for name in self._tasks}
        for each, tensor in zip(self._inputs, values, strict=True):
            for task in each.tasks:
                views[task][each.view] = tensor
        rows = values[0].flatten(1)[:, 0]
        outputs = self._ask(self.model, {name: Part(of, rows) for name, of in views.items()})
        return tuple(
            self._answer(i, task, outputs[name])
            for i, (name, task) in enumerate(self._tasks.items())
        )

    def _answer(self, i: int, task: Task, output: Tensor) -> Tensor:
        if is_pixels(task.output):
            return output
        if isinstance(task.output, Classes):
            return output.double().softmax(1)
        if not isinstance(task.output, Values):
            return output.double().sigmoid()
        if task.scaling is None:
            return output.double()
        mean, deviation = getattr(self, f"mean_{i}"), getattr(self, f"deviation_{i}")
        return output.double() * deviation + mean

    def example(self) -> tuple[Tensor, ...]:
        """Something of the shape of its inputs."""
        sizes = [shape_of(each.kind) for each in self._inputs]
        generator = torch.Generator().manual_seed(0)
        return tuple(torch.rand(_EXAMPLE_ROWS, *size, generator=generator) for size in sizes)


def core_of(asked: TrainedModel) -> tuple[Core, tuple[CoreInput, ...]]:
    """The core of a model and its inputs. Raises RefusedError where it cannot stand alone."""
    if asked.learner.adapts:
        message = (
            f"{asked.learner.title} adapts to a few rows before it answers, which no exported "
            "file can do: `workbench predict --support` can"
        )
        raise RefusedError(message)
    inputs = _inputs(asked.tasks)
    return Core(asked, inputs).eval(), inputs


def _inputs(tasks: Mapping[str, Task]) -> tuple[CoreInput, ...]:
    """The different inputs, each with the tasks that read it."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for name, task in tasks.items():
        prepared = task.preparation
        source = f"prepared {id(prepared)}" if prepared is not None else task.source
        for view in task.inputs:
            grouped.setdefault((source, view), []).append(name)
    views = [view for _, view in grouped]
    made: list[CoreInput] = []
    for i, ((_, view), names) in enumerate(grouped.items()):
        task = tasks[names[0]]
        name = view if views.count(view) == 1 else f"{view} {views[:i].count(view) + 1}"
        made.append(CoreInput(name, view, task.inputs[view], task.preparation, tuple(names)))
    return tuple(made)


def exported(core: Core) -> torch.export.ExportedProgram:
    """The core as torch exports it, for any number of rows. Raises RefusedError, saying why not."""
    from torch.export import Dim, export

    example = core.example()
    rows = Dim("rows", min=1)
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of torch, about itself
            return export(
                core, example, dynamic_shapes=(tuple({0: rows} for _ in example),), strict=False
            )
    except Exception as error:  # noqa: BLE001 - torch raises whatever its tracing meets
        why = str(error).strip().partition("\n")[0][:200]
        if "Constraints violated (rows)" in why:
            why = "what its network computes depends on how many rows are asked at once"
        raise RefusedError(f"this model cannot be exported: {why}") from None


def answer_names(task: Task) -> tuple[str, ...]:
    """The classes of a task; none where it answers in values."""
    return () if isinstance(task.output, Values) or is_pixels(task.output) else class_names(task)
