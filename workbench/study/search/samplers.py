"""Samplers: what Optuna proposes next, made anew for each trial, so that a restart repeats none.

A sampler that is seeded once draws the same again after a restart. Here each trial's is seeded by
the sweep and the trial's number, and a point that was tried is not proposed again.
"""

import itertools
import zlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.samplers import BaseSampler, RandomSampler, TPESampler

from workbench.study.search.definition import Definition
from workbench.study.search.space import Axis

if TYPE_CHECKING:
    from optuna import Study
    from optuna.trial import FrozenTrial

#: Draws of a point that is new, before the points that are left are looked through.
_TRIES = 30
#: Spaces of more points are taken for endless: a repetition is then next to impossible.
_MOST_LISTED = 20_000


def distributions_of(axes: Sequence[Axis]) -> dict[str, BaseDistribution]:
    """The space as Optuna names it, an axis each."""
    return {axis.key: _distribution(axis) for axis in axes}


def _distribution(axis: Axis) -> BaseDistribution:
    if axis.kind == "choice":
        return CategoricalDistribution(axis.choices)
    is_log = axis.kind == "log"
    if axis.is_whole:
        step = int(axis.step) or 1
        return IntDistribution(int(axis.low), int(axis.high), log=is_log, step=step)
    return FloatDistribution(axis.low, axis.high, log=is_log, step=axis.step or None)


class NewPoint(BaseSampler):
    """The point of one trial: of the grid, drawn evenly, or by TPE.

    TPE, the tree-structured Parzen estimator, is Bergstra et al., Algorithms for hyper-parameter
    optimization, NeurIPS 2011, in Optuna's reading, which takes running trials for bad ones
    (`constant_liar`) so that trials side by side differ. The values that an interrupted trial had
    already are kept.
    """

    def __init__(
        self, definition: Definition, number: int, tried: Sequence[Mapping[str, Any]]
    ) -> None:
        self.definition = definition
        self.number = number
        self.tried = {_key(definition, point) for point in tried}

    def infer_relative_search_space(
        self, study: "Study", trial: "FrozenTrial"
    ) -> dict[str, BaseDistribution]:
        """All axes at once."""
        del study, trial
        return distributions_of(self.definition.axes)

    def sample_relative(
        self, study: "Study", trial: "FrozenTrial", search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """The trial's point."""
        if self.definition.sampler == "grid":
            return self.definition.points[self.number]
        fixed = dict(trial.params)
        for attempt in range(_TRIES):
            point = {**self._drawn(study, trial, search_space, attempt), **fixed}
            if _key(self.definition, point) not in self.tried:
                return point
        return {**self._left(), **fixed}

    def sample_independent(
        self,
        study: "Study",
        trial: "FrozenTrial",
        param_name: str,
        param_distribution: BaseDistribution,
    ) -> Any:
        """Not asked: every axis is drawn with the others."""
        del study, trial, param_distribution
        raise NotImplementedError(param_name)

    def _drawn(
        self,
        study: "Study",
        trial: "FrozenTrial",
        space: dict[str, BaseDistribution],
        attempt: int,
    ) -> dict[str, Any]:
        seed = seed_of(self.definition, self.number, attempt)
        is_tpe = self.definition.sampler == "tpe"
        inner = TPESampler(seed=seed) if is_tpe else RandomSampler(seed=seed)
        point = inner.sample_relative(study, trial, space) if is_tpe else {}
        draw = RandomSampler(seed=seed)
        return {
            name: point[name]
            if name in point
            else draw.sample_independent(study, trial, name, distribution)
            for name, distribution in space.items()
        }

    def _left(self) -> dict[str, Any]:
        """A point that was not tried, by looking through all; any where all were."""
        n = self.definition.n_possible
        if n is not None and n <= _MOST_LISTED:
            levels = [axis.levels(axis.size or 1) for axis in self.definition.axes]
            names = [axis.key for axis in self.definition.axes]
            for values in itertools.product(*levels):
                point = dict(zip(names, values, strict=True))
                if _key(self.definition, point) not in self.tried:
                    return point
        return {axis.key: axis.levels(2)[0] for axis in self.definition.axes}


def seed_of(definition: Definition, number: int, attempt: int = 0) -> int:
    """What a trial's draw is seeded by."""
    return zlib.crc32(f"{definition.seed}/{number}/{attempt}".encode())


def _key(definition: Definition, point: Mapping[str, Any]) -> str:
    """A text that two points share when their runs are the same."""
    axes = definition.axes
    return repr([axis.value(point[axis.key]) for axis in axes if axis.key in point])
