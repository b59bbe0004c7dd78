"""Made-up events of how a learner adapts."""

from typing import Any, Literal

import numpy as np

from workbench.spec.event import Adapted
from workbench.spec.shown.adaptation import AdaptedClasses, AdaptedLine, AdaptedValues

Kind = Literal["lines", "pictures", "classes", "values"]
KINDS: tuple[Kind, ...] = ("lines", "pictures", "classes", "values")

STEPS = tuple(range(6))


def adapted(
    task: str,
    step: int = 0,
    kind: Kind = "lines",
    *,
    stage: int = 0,
    ends_stage: bool = False,
    steps: tuple[int, ...] = STEPS,
    n_tasks: int = 8,
    n_shown: int = 3,
    losses: Any = None,
    words: tuple[str, ...] = ("a", "b", "c"),
    references: tuple[tuple[str, float], ...] = (),
) -> Adapted:
    """What is told of `task` after `step` steps: the loss falls with steps and inner steps."""
    random = np.random.default_rng(step)
    if losses is None:
        falls = np.exp(-0.4 * np.array(steps, dtype=np.float32)) / (1 + 0.01 * step)
        losses = falls[:, None] * random.uniform(0.5, 1.5, (len(steps), n_tasks))
    losses = np.asarray(losses, dtype=np.float32)
    shown = range(n_shown)
    return Adapted(
        step,
        task,
        stage,
        ends_stage,
        steps,
        losses,
        np.linspace(0.4, 0.9, len(steps), dtype=np.float32),
        references,
        lines=tuple(line(i, steps) for i in shown) if kind == "lines" else (),
        classes=tuple(classes(i, steps, words, kind == "pictures") for i in shown)
        if kind in ("pictures", "classes")
        else (),
        values=tuple(values(i, steps) for i in shown) if kind == "values" else (),
    )


def line(index: int, steps: tuple[int, ...]) -> AdaptedLine:
    """A sine that is approached."""
    axis = np.linspace(-5, 5, 21, dtype=np.float32)
    wave = np.sin(axis + index)
    answers = np.stack([wave * (1 - 0.5**step) for step in steps]).astype(np.float32)
    return AdaptedLine(
        index, axis[::4], wave[::4], axis[1::3], wave[1::3], axis, answers.reshape(-1, len(axis))
    )


def classes(
    index: int, steps: tuple[int, ...], words: tuple[str, ...], has_pictures: bool
) -> AdaptedClasses:
    """Two of each class shown and three asked; more are right after more steps."""
    n = len(words)
    support = np.arange(n, dtype=np.uint8).repeat(2)
    wanted = np.arange(n, dtype=np.uint8).repeat(3)
    answered = np.stack([np.where(np.arange(3 * n) % 6 < step, wanted, 0) for step in steps])
    n_rows = len(support) + len(wanted)
    random = np.random.default_rng(index)
    pictures = random.integers(0, 256, (n_rows, 8, 8)).astype(np.uint8)
    places = np.stack([np.concatenate([support, wanted]), random.random(n_rows)], 1)
    none = np.zeros((0, 0, 0), np.uint8)
    return AdaptedClasses(
        index,
        words,
        support,
        wanted,
        answered.astype(np.uint8),
        pictures if has_pictures else none,
        places.astype(np.float32) if has_pictures else np.zeros((0, 2), np.float32),
    )


def values(index: int, steps: tuple[int, ...]) -> AdaptedValues:
    """Numbers that are approached."""
    wanted = np.linspace(-1, 1, 7, dtype=np.float32) + index
    answers = np.stack([wanted * (1 - 0.5**step) for step in steps]).astype(np.float32)
    return AdaptedValues(index, wanted, answers)
