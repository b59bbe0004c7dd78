"""Adaptation: how held-out small tasks are answered after ever more inner steps."""

import math
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.func import vmap
from torch.nn import functional

from workbench.engine.measure.examples import pictures
from workbench.engine.roles.learner import Learner
from workbench.engine.roles.metric import Metric, score_of
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Classes, Part, Task, Values, Vector
from workbench.spec.event import Adapted, Split
from workbench.spec.shown.adaptation import (
    AdaptationFacts,
    AdaptedClasses,
    AdaptedLine,
    AdaptedTask,
    AdaptedValues,
)

#: Held-out small tasks that are shown, those that curves are made of at most, and places of a line.
_SHOWN, _MOST, _PLACES = 6, 200, 96

#: Examples asked of a task that is no distribution, and those that are shown of a small task.
_MOST_QUERIES, _MOST_SHOWN = 1024, 256


@dataclass(frozen=True, slots=True, eq=False)
class Answered:
    """Small tasks [N, s, …] and [N, q, …], their outputs [K, N, q, …] and losses [K, N]."""

    support: Part
    query: Part
    outputs: Tensor
    losses: Tensor


class Adaptation:
    """Asks the learner how tasks are answered after each number of inner steps.

    The first small tasks of a split are asked, the same each time; of a task that is no
    distribution its own examples, as one small task. The model is in evaluation mode meanwhile, and
    nothing moves.
    """

    def __init__(
        self,
        learner: Learner,
        model: Sharing,
        tasks: Mapping[str, Task],
        metrics: Mapping[str, Metric],
        steps: tuple[int, ...] | None = None,
    ) -> None:
        self.learner = learner
        self.model = model
        self.tasks = tasks
        self.metrics = metrics
        self._steps = steps

    def tell(self, step: int, stage: int, *, ends_stage: bool) -> list[Adapted]:
        """An event for each task, of its validation tasks."""
        with self.asleep():
            return [
                self._event(task, step, stage, ends_stage=ends_stage)
                for task in self.tasks.values()
            ]

    def facts(self, split: Split) -> dict[str, AdaptationFacts]:
        """The mean loss of each task's small tasks after each number of inner steps."""
        with self.asleep():
            return {
                name: facts_of(self.steps, self.held_out(task, split).losses)
                for name, task in self.tasks.items()
            }

    @property
    def steps(self) -> tuple[int, ...]:
        """The numbers of inner steps: those that were asked for, else the learner's."""
        return self.learner.shown_after if self._steps is None else self._steps

    @contextmanager
    def asleep(self) -> Generator[None]:
        """The model as it is asked: in evaluation mode, and nothing recorded for gradients."""
        was_training = self.model.training
        self.model.eval()
        with torch.no_grad():
            yield
        self.model.train(was_training)

    def _event(self, task: Task, step: int, stage: int, *, ends_stage: bool) -> Adapted:
        answered = self.held_out(task, "val")
        shown = [self.shown(task, answered, i) for i in range(min(_SHOWN, len(answered.query)))]
        scores = [self._score(task, answered, k) for k in range(len(self.steps))]
        with np.errstate(over="ignore"):  # what adapts too fast is infinitely far off
            reached = np.asarray(scores, np.float32)
        return Adapted(
            step,
            task.name,
            stage,
            ends_stage,
            self.steps,
            _floats(answered.losses),
            reached,
            references(task, answered),
            tuple(one for one in shown if isinstance(one, AdaptedLine)),
            tuple(one for one in shown if isinstance(one, AdaptedClasses)),
            tuple(one for one in shown if isinstance(one, AdaptedValues)),
        )

    def held_out(self, task: Task, split: Split) -> "Answered":
        """The first small tasks of a split, asked."""
        part = task.answered(split)
        n = _MOST if task.episodes is not None else _MOST_QUERIES
        support, query = self.learner.cut(task.name, part[:n])
        return self.ask(task, support, query)

    def ask(self, task: Task, support: Part, query: Part) -> "Answered":
        """What small tasks [N, s, …] and [N, q, …] answer, and the losses."""
        outputs = self.learner.answers(self.model, task.name, support, query, self.steps)
        target = query.target.repeat(len(outputs), *(1,) * (query.target.dim() - 1))
        losses = vmap(task.loss)(outputs.flatten(0, 1), target)
        return Answered(support, query, outputs, losses.view(outputs.shape[:2]))

    def _score(self, task: Task, answered: "Answered", k: int) -> float:
        """The metric, after the k-th number of steps, over tasks whose answers are all finite."""
        outputs = answered.outputs[k]
        is_finite = outputs.flatten(1).isfinite().all(1)
        if not is_finite.any():
            return math.nan
        right = answered.query.target[is_finite].flatten(0, 1)
        return score_of(self.metrics[task.metric], task, outputs[is_finite].flatten(0, 1), right)

    def shown(self, task: Task, answered: "Answered", index: int) -> AdaptedTask:
        """One of the small tasks, to draw."""
        support, query, outputs = (
            answered.support[index],
            answered.query[index],
            answered.outputs[:, index],
        )
        match task.output, next(iter(task.inputs.values())):
            case Classes(), _:
                return self._classes(task, support, query, index, outputs)
            case Values(1), Vector(1) if len(task.inputs) == 1:
                return self.line(task, support, query, index)
            case _:
                first = outputs.flatten(2)[:, :, 0] if outputs.dim() > 2 else outputs
                targets = query.target.flatten(1)[:, 0] if query.target.dim() > 1 else query.target
                return AdaptedValues(index, *(_floats(_own(task, x)) for x in (targets, first)))

    def line(
        self, task: Task, support: Part, query: Part, index: int, span: Tensor | None = None
    ) -> AdaptedLine:
        """A small task of one number from one number; the curve also reaches over `span`."""
        (view,) = task.inputs
        known = [support.inputs[view][:, 0], query.inputs[view][:, 0]]
        over = known if span is None else [*known, span]
        low, high = (f(torch.stack([f(x) for x in over])).item() for f in (torch.amin, torch.amax))
        axis = torch.linspace(low, high, _PLACES, device=known[0].device, dtype=known[0].dtype)
        place = axis.view(1, -1, 1)
        lifted = Part({view: x[None] for view, x in support.inputs.items()}, support.target[None])
        answers = self.learner.answers(
            self.model, task.name, lifted, Part({view: place}, place), self.steps
        )
        return AdaptedLine(
            index,
            _floats(known[0]),
            _floats(support.target[:, 0]),
            _floats(known[1]),
            _floats(query.target[:, 0]),
            _floats(axis),
            _floats(answers[:, 0, :, 0]),
        )

    def _classes(
        self, task: Task, support: Part, query: Part, index: int, outputs: Tensor
    ) -> AdaptedClasses:
        n = min(len(query), _MOST_SHOWN)
        rows = _joined(support, query[:n])
        places = self.learner.embedding(self.model, task.name, rows)
        seen = pictures(task, rows.to(torch.device("cpu")))
        return AdaptedClasses(
            index,
            tuple(task.answers) or tuple(str(i) for i in range(task.output.n)),
            _bytes(support.target),
            _bytes(query.target[:n]),
            _bytes(outputs[:, :n].argmax(2)),
            seen[0].images if seen else np.zeros((0, 0, 0), np.uint8),
            _floats(plane_of(places)) if places is not None else _floats(torch.zeros(0, 2)),
        )


def facts_of(steps: tuple[int, ...], losses: Tensor) -> AdaptationFacts:
    """Means of losses [K, N] over those that are finite, with their 95 % intervals."""
    from scipy.special import stdtrit

    loss: list[float | None] = []
    ends: list[tuple[float | None, float | None]] = []
    missing: list[int] = []
    for row in losses.double():
        known = row[row.isfinite()]
        n = len(known)
        missing.append(len(row) - n)
        mean = known.mean().item() if n else None
        loss.append(mean)
        if mean is None or n < 2:
            ends.append((None, None))
            continue
        half = float(stdtrit(n - 1, 0.975)) * known.std().item() / math.sqrt(n)
        ends.append((mean - half, mean + half))
    low, high = zip(*ends, strict=True)
    return AdaptationFacts(steps, tuple(loss), low, high, tuple(missing), losses.shape[1])


def references(task: Task, answered: Answered) -> tuple[tuple[str, float], ...]:
    """Scores of ways that learn nothing: what a learner is to be better than.

    Of classes that of the nearest mean of the raw inputs of each class's support.
    """
    if task.episodes is None or not isinstance(task.output, Classes):
        return ()
    support, query = _flat(answered.support), _flat(answered.query)
    belongs = functional.one_hot(answered.support.target, task.output.n).to(support)
    means = torch.einsum("nsc,nsd->ncd", belongs, support) / belongs.sum(1).unsqueeze(2)
    is_right = torch.cdist(query, means).argmin(2) == answered.query.target
    return (("nearest mean of the raw inputs", is_right.double().mean().item()),)


def _flat(part: Part) -> Tensor:
    """The inputs of small tasks as rows of numbers, [N, n, d]."""
    return torch.cat([x.flatten(2).float() for x in part.inputs.values()], 2)


def plane_of(rows: Tensor) -> Tensor:
    """Rows [n, d] in the plane in which they differ most, [n, 2] (principal components)."""
    centred = (rows - rows.mean(0)).double()
    if not centred.isfinite().all():
        return torch.full((len(rows), 2), math.nan)
    vectors = torch.linalg.svd(centred, full_matrices=False).Vh[:2]
    # A component's sign is arbitrary: its largest part is positive.
    signs = vectors.gather(1, vectors.abs().argmax(1, keepdim=True)).sign()
    places = centred @ (vectors * signs).T
    return functional.pad(places, (0, 2 - places.shape[1]))


def _own(task: Task, values: Tensor) -> Tensor:
    """The first of a task's values, of any shape, in its own unit."""
    if task.scaling is None:
        return values
    mean, deviation = task.scaling.mean[0].item(), task.scaling.deviation[0].item()
    return values.double() * deviation + mean


def _joined(a: Part, b: Part) -> Part:
    inputs = {view: torch.cat([values, b.inputs[view]]) for view, values in a.inputs.items()}
    return Part(inputs, torch.cat([a.target, b.target]))


def _floats(values: Tensor) -> Any:
    return values.detach().cpu().float().numpy()


def _bytes(values: Tensor) -> Any:
    return values.cpu().to(torch.uint8).numpy()
