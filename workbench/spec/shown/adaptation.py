"""Adaptation: a held-out small task before and after inner steps, as plain arrays to draw."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.spec.facts import Floats
from workbench.spec.shown.plane import Compared


@dataclass(frozen=True, slots=True)
class AdaptationFacts:
    """The loss of a task's held-out small tasks after each of K numbers of inner `steps`.

    `loss` [K] are means over those whose loss is finite, with the ends of their 95 % interval in
    `low` and `high`; None where none is, or where one alone has no interval. `not_finite` [K] are
    those left out, of `n_tasks`.
    """

    steps: tuple[int, ...]
    loss: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    not_finite: tuple[int, ...]
    n_tasks: int


@dataclass(frozen=True, slots=True, eq=False)
class AdaptedLine(Compared):
    """One number answered from one number: a curve that bends to the points it was shown.

    `x` [s] and `y` [s] are the support, `query_x` [q] and `query_y` [q] what was asked; `answers`
    [K, G] lie over `axis` [G] after each number of inner steps.
    """

    index: int
    x: Floats
    y: Floats
    query_x: Floats
    query_y: Floats
    axis: Floats
    answers: Floats


@dataclass(frozen=True, slots=True, eq=False)
class AdaptedClasses(Compared):
    """Classes: which one was answered for each query after each number of inner steps.

    `support` [s] and `wanted` [q] are the right classes, `answered` [K, q] the answers; `pictures`
    [s + q, H, W] (or [s + q, H, W, 3]) are the rows as pictures, and `places` [s + q, 2] where they
    lie in the plane that shows most of their embedding; both are empty where there are none.
    """

    index: int
    names: tuple[str, ...]
    support: NDArray[np.uint8]
    wanted: NDArray[np.uint8]
    answered: NDArray[np.uint8]
    pictures: NDArray[np.uint8]
    places: Floats


@dataclass(frozen=True, slots=True, eq=False)
class AdaptedValues(Compared):
    """Any other numbers: `wanted` [q] of the first answer, and `answers` [K, q]."""

    index: int
    wanted: Floats
    answers: Floats


AdaptedTask = AdaptedLine | AdaptedClasses | AdaptedValues


@dataclass(frozen=True, slots=True, eq=False)
class AdaptationAnswer(Compared):
    """How a small task is answered by the model of a run as it was after `step` steps.

    `losses` [K, N] are those of N small tasks after K numbers of `inner_steps`: of the first ones
    of the validation split, or of the points that were given. `rate` is the inner rate, None where
    none may be chosen, as may any number of steps where the learner `adapts_by_steps`.
    """

    step: int
    inner_steps: tuple[int, ...]
    losses: Floats
    shown: AdaptedTask
    adapts_by_steps: bool
    rate: float | None
