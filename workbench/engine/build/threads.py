"""Threads: how many processor threads make this model fastest, found by timing a few steps."""

import copy
import os
from time import perf_counter

import torch

from workbench.engine.build.random_seeds import seed_for
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.curriculum import Stage
from workbench.engine.roles.learner import LossesOf
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Task
from workbench.engine.training.sampler import Sampler
from workbench.engine.update.step import Step
from workbench.spec.experiment import Spec

#: Steps timed at each number of threads, after one that is not counted.
_TIMED = 5

#: A step that is faster than this with one thread is left at it, whatever the clock says of two:
#: threads round differently, and a run should not depend on a neighbour's noise.
_SMALL_SECONDS = 0.001


def fastest(
    model: Sharing, tasks: dict[str, Task], batch: Batch, losses_of: LossesOf | None = None
) -> int:
    """The number of threads, among 1, 2, 4, … up to the cores, at which a step is fastest.

    Works on a copy of the model and leaves the random generators and thread count as they were.
    """
    before = torch.get_num_threads()
    trial = copy.deepcopy(model)
    alike = dict.fromkeys(tasks, 1.0)
    best, best_seconds = 1, float("inf")
    count = 1
    try:
        with torch.random.fork_rng(devices=[]):
            while count <= (os.cpu_count() or 1):
                torch.set_num_threads(count)
                seconds = _seconds(
                    Step(trial, tasks, batch, alike, losses_of=losses_of), best_seconds
                )
                if seconds >= best_seconds * 0.95:
                    break
                best, best_seconds = count, seconds
                if seconds < _SMALL_SECONDS:
                    break
                count *= 2
    finally:
        torch.set_num_threads(before)
    return best


def _seconds(step: Step, limit: float) -> float:
    """The shortest of a few steps; gives up after one that is far beyond `limit`."""
    shortest = float("inf")
    for i in range(_TIMED + 1):
        started = perf_counter()
        torch.autograd.backward(step.on(step.batch).separate_losses)
        elapsed = perf_counter() - started
        if i > 0:
            shortest = min(shortest, elapsed)
            if elapsed > 10 * limit:
                break
    return shortest


def chosen(
    spec: Spec,
    seed: int,
    model: Sharing,
    tasks: dict[str, Task],
    stages: list[Stage],
    losses_of: LossesOf | None = None,
) -> int:
    """The number that the spec asks for, or the fastest on its first batch."""
    threads = spec.training.threads
    if isinstance(threads, int):
        return threads
    if next(model.parameters()).device.type != "cpu":
        return 1
    generator = torch.Generator().manual_seed(seed_for(seed, 4))
    first = [tasks[name] for name in stages[0].tasks]
    batch = Sampler(first, spec.training.batch_size, generator).draw()
    return fastest(model, tasks, batch, losses_of)
