"""How the model of a run adapts to a small task, from its newest checkpoint."""

import math

import torch

from workbench.engine.answers.saved_run import in_its_threads, run_as_saved
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.measure.adaptation import Adaptation
from workbench.engine.roles.learner import Learner
from workbench.engine.roles.task import Part, Task, Values, Vector
from workbench.spec.facts import Floats
from workbench.spec.question import Adapt, RefusedError, Tell
from workbench.spec.shown.adaptation import AdaptationAnswer, AdaptedTask

QUESTION = Adapt

#: Inner steps and points that may be asked for.
_MOST_STEPS, _MOST_POINTS = 1000, 1000

#: Up to so many inner steps each is told; of more about so many.
_TOLD = 20


def answer(question: Adapt, catalogue: Catalogue, tell: Tell) -> AdaptationAnswer:
    """What the model answers. Raises RefusedError where there is no answer, BadSpecError."""
    trainer = run_as_saved(question.spec, question.seed, question.folder, catalogue, tell)
    task = trainer.update.tasks.get(question.task)
    if task is None:
        raise RefusedError(f"this run has no task {question.task}")
    learner = _learner_of(trainer.learner, question)
    metrics = trainer.evaluator.metrics
    adaptation = Adaptation(
        learner, trainer.model, trainer.update.tasks, metrics, _steps_of(learner, question)
    )
    with in_its_threads(trainer), adaptation.asleep():
        of = _of_points if question.points else _of_held_out
        losses, shown = of(adaptation, task, question)
    return AdaptationAnswer(
        trainer.at.step,
        adaptation.steps,
        losses,
        shown,
        learner.adapts_by_steps,
        learner.inner_rate,
    )


def _of_held_out(adaptation: Adaptation, task: Task, question: Adapt) -> tuple[Floats, AdaptedTask]:
    answered = adaptation.held_out(task, "val")
    n = len(answered.query)
    if not 0 <= question.index < n:
        raise RefusedError(f"{task.name} has {n} small tasks for validation, numbered from 0")
    return answered.losses.cpu().float().numpy(), adaptation.shown(task, answered, question.index)


def _of_points(adaptation: Adaptation, task: Task, question: Adapt) -> tuple[Floats, AdaptedTask]:
    """A new small task: what is shown is also what is asked."""
    if len(task.inputs) != 1 or task.inputs != {next(iter(task.inputs)): Vector(1)}:
        raise RefusedError(f"points can be given to tasks of one number; {task.name} has others")
    if task.output != Values(1):
        raise RefusedError(f"points can be given where a number is asked; not of {task.name}")
    if len(question.points) > _MOST_POINTS:
        raise RefusedError(f"at most {_MOST_POINTS:,} points; there are {len(question.points):,}")
    if not all(math.isfinite(number) for point in question.points for number in point):
        raise RefusedError("every point needs two finite numbers")
    (view,) = task.inputs
    known = task.data["val"].inputs[view]
    x, y = torch.tensor(question.points).to(known).view(-1, 2, 1).unbind(1)
    points = Part({view: x}, y)
    lifted = Part({view: x[None]}, y[None])
    answered = adaptation.ask(task, lifted, lifted)
    line = adaptation.line(task, points, points, -1, known.flatten())
    return answered.losses.cpu().float().numpy(), line


def _learner_of(learner: Learner, question: Adapt) -> Learner:
    if not learner.adapts:
        raise RefusedError("the learner of this run does not adapt")
    if question.rate is None:
        return learner
    if learner.inner_rate is None:
        raise RefusedError(f"{learner.title} has no inner rate to choose")
    if not (math.isfinite(question.rate) and question.rate > 0):
        raise RefusedError(f"an inner rate is a number above 0; {question.rate:g} is not")
    return learner.at_rate(question.rate)


def _steps_of(learner: Learner, question: Adapt) -> tuple[int, ...] | None:
    """The numbers of steps to tell, None: those that the learner shows."""
    n = question.steps
    if n is None:
        return None
    if not learner.adapts_by_steps:
        raise RefusedError(f"{learner.title} adapts without inner steps")
    if not 0 <= n <= _MOST_STEPS:
        raise RefusedError(f"0 to {_MOST_STEPS:,} inner steps can be asked for; not {n:,}")
    if n <= _TOLD:
        return tuple(range(n + 1))
    return tuple(sorted({round(n * i / _TOLD) for i in range(_TOLD + 1)}))
