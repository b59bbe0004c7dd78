"""Synthetic runs: the events a real run would tell, without training anything."""

from collections.abc import Iterator

import numpy as np

from workbench.spec.event import (
    Began,
    CheckpointSaved,
    Evaluated,
    Event,
    Finished,
    Floats,
    StageBegan,
    StageFacts,
    StepsDone,
    TaskFacts,
)
from workbench.spec.measures import summarise

TASKS = ("first", "second")
STAGE_STEPS = 20


def facts(name: str) -> TaskFacts:
    """A classification task called `name`."""
    return TaskFacts(
        name=name,
        family="fake",
        metric="accuracy",
        higher_is_better=True,
        chance=0.5,
        head=name,
        input="Vector(4)",
        output="Classes(2)",
        n_train=100,
        n_val=10,
        n_test=10,
    )


def began(seed: int = 0, step: int = 0) -> Began:
    """Two stages, one task each."""
    return Began(
        step=step,
        seed=seed,
        tasks=tuple(facts(name) for name in TASKS),
        stages=tuple(StageFacts(name, (name,), STAGE_STEPS) for name in TASKS),
        parameters=100,
        shared_parameters=60,
    )


def block(first: int, end: int, seed: int = 0) -> StepsDone:
    """Steps `first` to `end` − 1 with losses that depend on the step and the seed alone."""
    steps = np.arange(first, end, dtype=np.float32)
    losses = np.stack([np.exp(-steps / 7) + seed, np.full_like(steps, np.nan)], axis=1)
    weights = np.stack([np.ones_like(steps), steps / 3], axis=1)
    return StepsDone(end, losses, weights, np.full_like(steps, 0.001), (end - first) / 1000)


def row(stage: int) -> Floats:
    """A row of the [stage, task] matrix."""
    rows = {-1: (0.1, 0.2), 0: (0.9, 0.3), 1: (0.6, 0.95)}
    return np.asarray(rows[stage], dtype=np.float32)


def finished(seed: int = 0, status: str = "done", step: int = 2 * STAGE_STEPS) -> Finished:
    """The end of a run whose stages all ended, or of one that was stopped in the first."""
    is_done = status == "done"
    matrix = np.stack([row(0), row(1)]) if is_done else np.zeros((0, 2), dtype=np.float32)
    return Finished(
        step=step,
        status="done" if is_done else "stopped",
        matrix=matrix,
        baseline=row(-1),
        scores={
            task: {"accuracy": float(score) + seed / 100, "auroc": None}
            for task, score in zip(TASKS, row(1), strict=True)
        },
        summary=summarise(matrix, row(-1), [(name,) for name in TASKS], TASKS, [True, True]),
        seconds=2.5,
        train_seconds=0.04,
    )


def evaluated(step: int, stage: int, *, ends_stage: bool) -> Evaluated:
    """A row on the test split."""
    losses = np.asarray([np.nan, np.inf], dtype=np.float32)
    return Evaluated(step, stage, "test", row(stage), losses, ends_stage)


def run(seed: int = 0, from_step: int = 0) -> Iterator[Event]:
    """A whole run, with a checkpoint in the middle of the first stage and after it.

    `from_step` is 0, 10 or 20: what a run resumed there tells.
    """
    yield began(seed, from_step)
    if from_step == 0:
        yield evaluated(0, -1, ends_stage=False)
        yield StageBegan(0, 0)
        yield block(0, 7, seed)
        yield block(7, 10, seed)
        yield CheckpointSaved(10)
    if from_step <= 10:
        yield block(10, 20, seed)
        yield evaluated(20, 0, ends_stage=True)
        yield CheckpointSaved(20)
    yield StageBegan(20, 1)
    yield block(20, 40, seed)
    yield evaluated(40, 1, ends_stage=True)
    yield CheckpointSaved(40)
    yield finished(seed)
