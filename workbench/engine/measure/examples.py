"""Preview: a few examples of a task as plain arrays, shown as its kinds of input and output ask."""

import math
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from workbench.engine.numerics.missing import answered_rows
from workbench.engine.roles.episodes import rows_of
from workbench.engine.roles.task import (
    Classes,
    Image,
    Labels,
    Objective,
    Part,
    PixelClasses,
    PixelDirections,
    PixelValues,
    Point,
    Task,
    Tokens,
    Values,
    Vector,
)
from workbench.engine.roles.texts.text import Text, questions
from workbench.engine.roles.texts.text_metric import right_texts
from workbench.spec.event import Split
from workbench.spec.shown.samples import Curve, Pictures, Points, Rows, Samples, Surface, Texts

#: Places of a surface along each axis, and how far it reaches from the origin at least.
_N_PLACES, _REACH = 96, 10.0

#: Points and curves say something only when there are many: so many for each example asked for.
_MORE = 20

#: What stands for an answer that is missing.
NONE = "—"


def preview(task: Task, n: int = 16, split: Split = "train") -> list[Samples]:
    """The first `n` examples of a split, which are in no order, one Samples for each view.

    Of points and curves there are more, to show a shape. Where the answer is a picture too, it
    comes last, as a view called "answer". Of a distribution the rows of its first task are shown:
    those of others would be right answers to another question.
    """
    split = split if task.is_taught else "val"
    is_small = any(isinstance(kind, Vector) and kind.n <= 2 for kind in task.inputs.values())
    n = n * _MORE if is_small and len(task.inputs) == 1 else n
    part = task.data[split]
    part = (part[:n] if task.episodes is None else rows_of(part[:1])[:n]).to(torch.device("cpu"))
    shown = [_shown(task, view, part) for view in task.inputs]
    return [*shown, *_target_pictures(task, part.target)]


def pictures(task: Task, part: Part) -> list[Pictures]:
    """Rows of a task, on the CPU, as pictures of each view that is one."""
    shown = [_shown(task, view, part) for view in task.inputs]
    return [view for view in shown if isinstance(view, Pictures)]


def _shown(task: Task, view: str, part: Part) -> Samples:
    kind, output, values = task.inputs[view], task.output, part.inputs[view]
    height, width = task.picture or (0, 0)
    match kind:
        case Image():
            return Pictures(view, _images(values), _answers(task, part.target))
        case Vector(n) if n == height * width:
            images = _images(values.view(-1, 1, height, width))
            return Pictures(view, images, _answers(task, part.target))
        case Vector(2) if isinstance(output, Classes):
            names = tuple(_name(task, i) for i in range(output.n))
            columns, known_part = task.columns or ("x", "y"), part.answered()
            points = _floats(known_part.inputs[view])
            return Points(view, columns, points, known_part.target.numpy(), names)
        case Vector(1) if isinstance(output, Values):
            order, own = values[:, 0].argsort(), _in_unit(task, part.target)
            return Curve(view, _floats(values[order, 0]), _floats(own[order]))
        case Tokens() if isinstance(text := task.text, Text):
            read = tuple(text.question_of(tokens) for tokens in questions(part))
            return Texts(view, read, tuple(right_texts(task, part.target)))
        case Point(2, start) if isinstance(output, Objective):
            return _surface(view, output, start or (0.0, 0.0))
        case _:
            rows = values.flatten(1) if values.dim() > 1 else values.unsqueeze(1)
            columns = tuple(str(i + 1) for i in range(rows.shape[1]))
            known = task.columns if len(task.columns) == len(columns) else columns
            return Rows(view, known, _floats(rows), _answers(task, part.target))


def _images(values: Tensor) -> NDArray[np.uint8]:
    """Pictures [N, C, H, W] as bytes; values beyond 0 to 1 are stretched over what there is."""
    low, high = min(0.0, values.min().item()), max(1.0, values.max().item())
    scaled = ((values - low) / (high - low) * 255).round().to(torch.uint8)
    if scaled.shape[1] == 3:
        return scaled.permute(0, 2, 3, 1).numpy()
    # Channels that are no colours are shown side by side.
    return torch.cat(list(scaled.unbind(1)), 2).numpy()


def _answers(task: Task, target: Tensor) -> tuple[str, ...]:
    match task.output:
        case Classes():
            return tuple(
                _name(task, int(value)) if value >= 0 else NONE for value in target.tolist()
            )
        case Labels():
            return tuple(_labels(task, row) for row in target.tolist())
        case Values():
            own = _in_unit(task, target).tolist()
            rows = (", ".join(f"{value:.6g}" for value in row) for row in own)
            return tuple(
                row if is_known else NONE
                for row, is_known in zip(rows, answered_rows(target).tolist(), strict=True)
            )
        case _:
            return ("",) * len(target)


def _target_pictures(task: Task, target: Tensor) -> list[Samples]:
    """Targets that are pictures: classes and values as greys, directions as colours."""
    match task.output:
        case PixelClasses(n):
            images = _images(target.unsqueeze(1) / max(n - 1, 1))
        case PixelValues():
            low, high = target.min(), target.max()
            images = _images((target - low) / (high - low).clamp(min=1e-12))
        case PixelDirections():
            images = _images((target + 1) / 2)
        case _:
            return []
    return [Pictures("answer", images, ("",) * len(target))]


def _in_unit(task: Task, target: Tensor) -> Tensor:
    """Targets that are values in their own unit."""
    return target if task.scaling is None else task.scaling.unscaled(target)


def _labels(task: Task, row: list[float]) -> str:
    """The labels that are there; of those that nobody knows, that they may be."""
    if all(math.isnan(value) for value in row):
        return NONE
    named = [
        _name(task, i) + ("?" if math.isnan(value) else "")
        for i, value in enumerate(row)
        if value > 0 or math.isnan(value)
    ]
    return ", ".join(named) or "∅"


def _name(task: Task, position: int) -> str:
    return task.answers[position] if task.answers else str(position)


def _surface(view: str, objective: Objective, start: tuple[float, ...]) -> Surface:
    reach = max(_REACH, *(1.2 * abs(value) for value in start))
    axis = torch.linspace(-reach, reach, _N_PLACES)
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    with torch.inference_mode():
        values = objective.function(torch.stack([x.flatten(), y.flatten()], 1)).view_as(x)
    places = _floats(axis)
    return Surface(view, places, places, _floats(values), (start[0], start[1]))


def _floats(values: Tensor) -> Any:
    return values.float().numpy()
