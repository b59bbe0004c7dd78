"""Sweeps whose runs take no time: what a run reaches follows from its settings and its seed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from tests import fakes
from workbench.cli.sweeps.found_runs import SweepRuns
from workbench.spec.event import (
    CheckpointSaved,
    Diverged,
    Evaluated,
    Event,
    Failed,
    Finished,
    StageBegan,
    StageFacts,
)
from workbench.spec.experiment import Spec, TaskChoice
from workbench.store import run as store
from workbench.study.search.definition import Definition
from workbench.study.search.driver import Driver
from workbench.study.search.folder import SweepFolder, create
from workbench.study.search.objective import Objective
from workbench.study.search.request import Request

#: Evaluations of a run, each `EVERY` steps apart; a checkpoint is saved with each.
N_ROWS, EVERY = 10, 10

Ends = Callable[[Spec, int], Event | None]


def experiment(*seeds: int) -> Spec:
    """Two tasks, learned jointly, on these seeds."""
    return Spec(name="Quick", tasks=(TaskChoice(family="fake"),), seeds=seeds or (0,))


def reached(spec: Spec, seed: int) -> float:
    """What it reaches in the end: best at a rate of 0.01, and better on smaller batches."""
    off = abs(np.log10(spec.optimizer.lr / 0.01)) / 4
    return float(np.float32(0.9 - off - spec.training.batch_size / 10_000 + seed / 1000))


class Runner(fakes.Runner):
    """Trains nothing: a run climbs in ten evaluations to what it reaches."""

    def __init__(self, ends: Ends = lambda *_: None) -> None:
        super().__init__()
        self.ends = ends
        self.resumed: list[str] = []
        self.is_to_stop = False

    def run(self, spec: Spec, seed: int, root: Path | None = None) -> Iterator[Event]:
        """A new run."""
        self.specs.append(spec)
        folder = store.create(spec, seed, root)
        yield from store.record(self._events(spec, seed, 0), folder)

    def resume(self, folder: Path) -> Iterator[Event]:
        """Go on with a run from the last checkpoint that it told of."""
        stored = store.read(folder)
        saved = [e.step for e in stored.events if isinstance(e, CheckpointSaved)]
        self.resumed.append(folder.name)
        at = max(saved, default=0)
        yield from store.record(self._events(stored.spec, stored.seed, at), folder)

    def send(self, command: object) -> None:
        """Any command is a stop."""
        self.is_to_stop = True

    def _events(self, spec: Spec, seed: int, at: int) -> Iterator[Event]:
        self.is_to_stop = False
        stages = (StageFacts("all", fakes.TASKS, N_ROWS * EVERY),)
        yield replace(fakes.began(seed, at), stages=stages)
        last, zero = reached(spec, seed), np.zeros(2, dtype=np.float32)
        if at == 0:
            yield StageBegan(0, 0)
        for n in range(at // EVERY + 1, N_ROWS + 1):
            step = n * EVERY
            yield fakes.block(step - EVERY, step, seed)
            row = np.full(2, last * n / N_ROWS, dtype=np.float32)
            yield Evaluated(step, 0, "val", row, zero, ends_stage=n == N_ROWS)
            yield CheckpointSaved(step)
            if self.is_to_stop:
                yield Finished(step, "stopped", np.zeros((0, 2)), zero, {}, {})
                return
        row = np.full(2, last, dtype=np.float32)
        yield self.ends(spec, seed) or Finished(
            N_ROWS * EVERY,
            "done",
            row[None],
            zero,
            {task: {"accuracy": last} for task in fakes.TASKS},
            {"acc": last},
        )


def diverged(spec: Spec, seed: int) -> Event | None:
    """Rates above 0.03 do."""
    del seed
    return Diverged(100, "first", "not finite") if spec.optimizer.lr > 0.03 else None


def failed(spec: Spec, seed: int) -> Event | None:
    """Every run does."""
    del spec, seed
    return Failed(100, "boom")


RATE = "optimizer.lr=log:1e-4:1"
UP = Objective("validation", "max")


def defined(
    *over: str,
    sampler: str = "random",
    n: int | None = 6,
    objectives: Sequence[Objective] = (UP,),
    prunes: bool = False,
    seeds: Sequence[int] = (0,),
) -> Definition:
    """A sweep of the quick experiment."""
    request = Request(over or (RATE,), sampler, n, prunes=prunes)
    draft = request.draft(experiment(*seeds), fakes.CATALOGUE)
    return replace(draft, objectives=tuple(objectives))


def driver(definition: Definition, folder: SweepFolder | None = None) -> Driver:
    """Somebody who makes it; in a new folder, or going on in one."""
    folder = folder or create(definition, "quick")
    return Driver(folder, definition, fakes.CATALOGUE, SweepRuns(folder.name))
