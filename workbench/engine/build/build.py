"""Session: from a Spec to a run, and a run to its events."""

import traceback
from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import monotonic

import numpy as np
import torch

from workbench.engine.build import threads
from workbench.engine.build.allocator import give_back_freed_memory, keep_freed_memory
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.build.compatibility import (
    check_fit,
    check_length,
    metrics_of,
)
from workbench.engine.build.compiler_stub import leave_out_compiler
from workbench.engine.build.data_sums import sums_of
from workbench.engine.build.device import device_of
from workbench.engine.build.optimizer import optimizer_of
from workbench.engine.build.parts import (
    encoder_of,
    method_of,
    model_of,
    retention_of,
    with_earlier_defaults,
)
from workbench.engine.build.random_seeds import seed_for
from workbench.engine.build.room import require_room
from workbench.engine.build.task_facts import facts_of
from workbench.engine.build.tasks import selecting
from workbench.engine.build.trained.description import described
from workbench.engine.build.trained.trunk import trunk_for
from workbench.engine.measure.evaluation import Evaluator
from workbench.engine.numerics.flat_parameters import Vector
from workbench.engine.readers.errors import words_for_unread
from workbench.engine.roles.curriculum import Curriculum
from workbench.engine.roles.learner import Learner
from workbench.engine.roles.loading import LoadProgress
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.metric import Metric
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Task, taught
from workbench.engine.training import checkpoint, fork
from workbench.engine.training.command_queue import CommandQueue
from workbench.engine.training.plan import Plan
from workbench.engine.training.trainer import Trainer
from workbench.engine.update import momentum_buffers as momentum
from workbench.engine.update.augmenting import augmenter_of
from workbench.engine.update.update import Update
from workbench.spec.event import Began, Event, Failed, Finished, Noticed, Preparing
from workbench.spec.experiment import Spec, Start
from workbench.spec.experiments.forks import Origin
from workbench.spec.work import finished

#: Seconds between two times that a run tells how far its data are read.
PREPARING_SECONDS = 0.2


def run(
    spec: Spec,
    seed: int,
    catalogue: Catalogue,
    control: CommandQueue | None = None,
    folder: Path | None = None,
    *,
    resume: bool = False,
    origin: Origin | None = None,
    n_threads: int | None = None,
) -> Iterator[Event]:
    """Train one seed of a spec; the last event is Finished, Diverged or Failed.

    A run that is stopped while its data are read ends without having begun. `n_threads` were
    decided for the runs of a group together; None: as the spec says.

    Checkpoints go to `folder`; with `resume` the run goes on from the newest one there, or from
    the start if it was cut short before the first. A start that is another run, its checkpoint or
    its trunk, is the `origin`.
    """
    trainer: Trainer | None = None
    try:
        give_back_freed_memory()
        control = control or CommandQueue()
        work = building(
            spec,
            seed,
            catalogue,
            control,
            folder,
            resume=resume,
            origin=origin,
            n_threads=n_threads,
        )
        trainer = yield from _preparing(work, control)
        keep_freed_memory()
        yield from _events_of(trainer) if trainer is not None else [_stopped()]
    except BadSpecError as error:
        yield Failed(0, str(error), place=error.field)
    except checkpoint.DamagedError as error:
        yield Failed(0, str(error))
    except Exception as error:  # noqa: BLE001 - the boundary: any error becomes an event
        step = trainer.at.step if trainer else 0
        kind = type(error).__name__
        message = str(error) or "no message"
        text = words_for_unread(error) if isinstance(error, OSError) else f"{kind}: {message}"
        yield Failed(step, text, traceback.format_exc())


def warm_up() -> None:
    """Take the first step of any optimizer: torch imports what it needs when it is taken."""
    leave_out_compiler()
    parameter = torch.nn.Parameter(torch.zeros(1))
    parameter.grad = torch.zeros(1)
    torch.optim.SGD([parameter], lr=0.0).step()


def _preparing(
    building: Generator[LoadProgress, None, Trainer], control: CommandQueue
) -> Generator[Event, None, Trainer | None]:
    """The trainer; meanwhile a few times a second how far its data are read.

    None where a Stop came before it was there: what was read is let go.
    """
    told_at = monotonic()
    while not control.is_stopping:
        try:
            share, text = next(building)
        except StopIteration as end:
            return end.value
        if monotonic() - told_at >= PREPARING_SECONDS:
            yield Preparing(0, text, share)
            told_at = monotonic()
    building.close()
    return None


def _events_of(trainer: Trainer) -> Iterator[Event]:
    """The events of a run, with what there is to say of the checkpoint that it goes on from."""
    events = trainer.run()
    for event in events:
        yield event
        if isinstance(event, Began):
            for message in trainer.remarks:
                yield Noticed(event.step, "checkpoint", message)


def _stopped() -> Finished:
    """The end of a run that did not begin."""
    none = np.zeros(0, dtype=np.float32)
    return Finished(0, "stopped", none.reshape(0, 0), none, {}, {})


def build(
    spec: Spec,
    seed: int,
    catalogue: Catalogue,
    control: CommandQueue | None = None,
    folder: Path | None = None,
    *,
    resume: bool = False,
) -> Trainer:
    """Everything a run needs, put together. Raises BadSpecError and OSError."""
    return finished(building(spec, seed, catalogue, control, folder, resume=resume))


def building(
    spec: Spec,
    seed: int,
    catalogue: Catalogue,
    control: CommandQueue | None = None,
    folder: Path | None = None,
    *,
    resume: bool = False,
    at: checkpoint.Saved | None = None,
    origin: Origin | None = None,
    n_threads: int | None = None,
) -> Generator[LoadProgress, None, Trainer]:
    """`build` as work that tells how far it is; `at` is a checkpoint to be at, read already."""
    warm_up()
    saved, remarks = checkpoint.load_newest(folder) if resume and folder else (at, ())
    begins_at = _begins_at(spec, seed, origin, saved)
    known = saved or begins_at
    device = device_of(spec)
    tasks = yield from selecting(spec, catalogue, device, seed)
    curriculum: Curriculum = method_of(catalogue, spec, "curriculum")
    check_length(curriculum.stages(taught(tasks), spec.training.epochs))
    data_generator = torch.Generator().manual_seed(seed_for(seed, 1))
    plan = Plan(curriculum, tasks, spec.training, data_generator)
    stages = plan.stages
    trunk = trunk_for(spec, catalogue, origin)
    encoder = encoder_of(spec, catalogue, tasks, stages, trunk)
    require_room(spec, catalogue, tasks, encoder, stages)
    learner: Learner = method_of(catalogue, spec, "learner")
    model = model_of(spec, seed, catalogue, tasks, encoder, learner)
    if known is not None and not checkpoint.fits(known, model):
        spec = with_earlier_defaults(spec, catalogue)
        encoder = encoder_of(spec, catalogue, tasks, stages, trunk)
        model = model_of(spec, seed, catalogue, tasks, encoder, learner)
    model = model.to(device)
    check_fit(spec, catalogue, tasks, model, curriculum)
    torch.manual_seed(seed_for(seed, 2))
    of = learner.losses if learner.adapts else None
    n_threads = known.threads if known else n_threads
    n_threads = n_threads or threads.chosen(spec, seed, model, tasks, stages, of)
    torch.set_num_threads(n_threads)
    update = _update(spec, seed, catalogue, model, tasks)
    update.losses_of = of
    update.weighs_small_tasks = learner.weighs_small_tasks
    update.augmenter = augmenter_of(tasks, seed_for(seed, 6), learner)
    update.retention.prepare(model, tasks)
    metrics = metrics_of(catalogue, tasks)
    began = _began(seed, device, model, plan, tasks, metrics, n_threads)
    ask = partial(update.retention.answer, model)
    evaluator = Evaluator(model, tasks, metrics, partial(learner.answer, ask, model))
    queue = control or CommandQueue()
    trainer = Trainer(spec, update, learner, evaluator, plan, began, queue, folder)
    trainer.remarks = remarks
    trainer.observers.checkpoints.description = described(tasks.values())
    if saved is not None:
        _go_on(trainer, saved)
    elif begins_at is not None and origin is not None:
        before = catalogue.find("retention", origin.spec.retention.kind, "retention.kind")
        fork.go_on(trainer, begins_at, origin, before)
    return trainer


def _begins_at(
    spec: Spec, seed: int, origin: Origin | None, saved: checkpoint.Saved | None
) -> checkpoint.Saved | None:
    """Where another run was saved from which this one goes on; None once it has begun itself."""
    if origin is None or not isinstance(spec.start, Start):
        return None
    fork.check(spec, seed, origin)
    return checkpoint.load(origin.checkpoint) if saved is None else None


def _began(
    seed: int,
    device: torch.device,
    model: Sharing,
    plan: Plan,
    tasks: dict[str, Task],
    metrics: Mapping[str, Metric],
    n_threads: int,
) -> Began:
    sums = sums_of(tasks)
    facts = {name: facts_of(task, metrics[task.metric], plan) for name, task in tasks.items()}
    return Began(
        step=0,
        seed=seed,
        tasks=tuple(replace(of_task, data=sums[name]) for name, of_task in facts.items()),
        stages=plan.facts,
        parameters=sum(p.numel() for p in model.parameters()),
        shared_parameters=sum(p.numel() for p in model.shared_parameters()),
        device=str(device),
        threads=n_threads,
    )


def _go_on(trainer: Trainer, saved: checkpoint.Saved) -> None:
    """Let a run be where its checkpoint was saved."""
    trainer.plan.load_state_dict(saved.plan)
    for stage in range(saved.n_begun):
        trainer.grow(stage)
    checkpoint.restore(saved, trainer.model)
    trainer.load_state_dict(saved.state)
    stages = trainer.plan.facts
    trainer.began = replace(trainer.began, step=trainer.at.step, stages=stages)


def _update(
    spec: Spec, seed: int, catalogue: Catalogue, model: Sharing, tasks: dict[str, Task]
) -> Update:
    generator = torch.Generator().manual_seed(seed_for(seed, 3))
    balancing = method_of(catalogue, spec, "balancing", generator)
    retention = retention_of(spec, seed, catalogue)
    parameters = [p for p in model.parameters() if p.requires_grad]
    vector = None
    if balancing.in_gradient_space:
        # The rule gives the shared parameters their gradient as one direction.
        vector = Vector([p for p in model.shared_parameters() if p.requires_grad])
        inside = {id(p) for p in vector.parameters}
        parameters = [*vector.stretches, *(p for p in parameters if id(p) not in inside)]
    optimizer = optimizer_of(spec.optimizer, parameters)
    momentum.start(optimizer)
    return Update(model, tasks, balancing, retention, optimizer, spec.training.clip, vector)
