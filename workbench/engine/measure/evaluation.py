"""Evaluation: scores of all tasks on one split."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

from workbench.engine.roles.batch import Batch, slices
from workbench.engine.roles.metric import Metric, score_of
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Part, Task
from workbench.spec.event import Floats, Split

#: Examples passed through the model at once.
_AT_ONCE = 4096


class Evaluator:
    """Scores and losses of every task; leaves the model as it was.

    `answer` gives the outputs by task of a batch, where it is not the model itself that is asked.
    """

    def __init__(
        self,
        model: Sharing,
        tasks: Mapping[str, Task],
        metrics: Mapping[str, Metric],
        answer: Callable[[Batch], dict[str, torch.Tensor]] | None = None,
    ) -> None:
        self.model = model
        self.answer = answer or model
        self.tasks = tasks
        self.metrics = metrics
        self._on: dict[str, dict[str, Part]] = {}

    def scores(self, split: Split) -> tuple[Floats, Floats]:
        """Primary score and mean loss of each task on a split, [T] and [T]."""
        outputs = self.outputs(split)
        scores: list[float] = []
        losses: list[float] = []
        for name, task in self.tasks.items():
            output, target = _finite(task, outputs[name], task.right_answers(split))
            scores.append(score_of(self.metrics[task.metric], task, output, target))
            losses.append(task.loss(output, target).item())
        with np.errstate(over="ignore"):  # what a run that goes astray reaches is infinite
            return np.asarray(scores, dtype=np.float32), np.asarray(losses, dtype=np.float32)

    def all_scores(self, split: Split) -> dict[str, dict[str, float | None]]:
        """Every metric and the loss of each task on a split, by name, the primary one first."""
        outputs = self.outputs(split)
        result: dict[str, dict[str, float | None]] = {}
        for name, task in self.tasks.items():
            output, target = _finite(task, outputs[name], task.right_answers(split))
            scores = {
                metric: _number(score_of(self.metrics[metric], task, output, target))
                for metric in (task.metric, *task.more_metrics)
            }
            result[name] = {**scores, "loss": _number(task.loss(output, target).item())}
        return result

    def outputs(self, split: Split) -> dict[str, torch.Tensor]:
        """The model's outputs by task on a whole split."""
        if split not in self._on:
            self._on[split] = {name: task.data[split] for name, task in self.tasks.items()}
        was_training = self.model.training
        self.model.eval()
        pieces: dict[str, list[torch.Tensor]] = {name: [] for name in self.tasks}
        with torch.inference_mode():
            for batch in slices(self._on[split], _AT_ONCE):
                for name, output in self.answer(batch).items():
                    pieces[name].append(output)
        self.model.train(was_training)
        return {
            name: parts[0] if len(parts) == 1 else torch.cat(parts)
            for name, parts in pieces.items()
        }


def _finite(task: Task, output: torch.Tensor, target: torch.Tensor) -> tuple[Any, Any]:
    """Of a distribution the small tasks whose answers are all finite, where there are such."""
    if task.episodes is None or output.isfinite().all():
        return output, target
    n = task.episodes.query
    is_finite = output.unflatten(0, (-1, n)).flatten(1).isfinite().all(1)
    if not is_finite.any():
        return output, target
    rows = is_finite.repeat_interleave(n)
    return output[rows], target[rows]


def _number(value: Any) -> float | None:
    with np.errstate(over="ignore"):
        number = float(np.float32(value))
    return number if np.isfinite(number) else None
