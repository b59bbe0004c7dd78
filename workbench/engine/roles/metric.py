"""Metric: a score of outputs against targets."""

from dataclasses import replace
from typing import Any, ClassVar

from torch import Tensor

from workbench.engine.roles.method import Method
from workbench.engine.roles.task import Task
from workbench.spec.entry import Entry

#: The answer of outputs that are not all numbers: no class, so it is never right.
NO_ANSWER = -1


class Metric(Method):
    """A score over a whole split.

    What is no number is never taken for a good answer: classes that are read from outputs with
    `answers_of` are wrong there, and a mean over such outputs is no number either.
    `outputs` are the kinds of output that it scores; any, where none is named. `usual` are those
    that it scores where a task names no metric.

    `score_range` are the least and the largest score that there can be; None: without an end.
    With `has_zero`, a score of 0 means none (no right answer, no error), so that one score can be
    told as a share of another; R², say, is 0 where nothing is gained over a constant.
    """

    role: ClassVar[str] = "metric"
    higher_is_better: ClassVar[bool] = True
    #: Told in the unit of the target: targets that were standardised are scaled back before.
    has_unit: ClassVar[bool] = False
    outputs: ClassVar[tuple[type[Any], ...]] = ()
    usual: ClassVar[tuple[type[Any], ...]] = ()
    has_zero: ClassVar[bool] = True
    score_range: ClassVar[tuple[float | None, float | None]] = (None, None)

    @classmethod
    def fits(cls, output: object) -> bool:
        """Whether it scores answers of this kind."""
        return cls.scores(type(output))

    @classmethod
    def scores(cls, kind: type[Any]) -> bool:
        """Whether it scores answers whose kind is of this class."""
        return not cls.outputs or issubclass(kind, cls.outputs)

    @classmethod
    def entry(cls) -> Entry:
        """This metric as a row of the catalogue, which knows what its scores mean."""
        facts = ["score-zero"] * cls.has_zero + ["lower-is-better"] * (not cls.higher_is_better)
        return replace(super().entry(), gives=(*cls.gives, *facts))

    def score(self, output: Tensor, target: Tensor) -> float:
        """The score of outputs [N, …] against targets [N, …] of one split."""
        raise NotImplementedError

    def chance(self, target: Tensor) -> float | None:
        """The score on targets [N, …] of the best constant answer; None if meaningless."""
        del target


def answers_of(output: Tensor, dim: int = -1) -> Tensor:
    """The class with the largest output along `dim`; NO_ANSWER where one of them is NaN."""
    largest, answer = output.max(dim)
    return answer.masked_fill(largest.isnan(), NO_ANSWER)


def score_of(metric: Metric, task: Task, output: Tensor, target: Tensor) -> float:
    """The score of a task's outputs and targets [N, …], in the target's unit where it has one."""
    return metric.score(_in_unit(metric, task, output), _in_unit(metric, task, target))


def chance_of(metric: Metric, task: Task, target: Tensor) -> float | None:
    """As `score_of`, of the best constant answer."""
    return metric.chance(_in_unit(metric, task, target))


def _in_unit(metric: Metric, task: Task, values: Tensor) -> Tensor:
    return task.scaling.unscaled(values) if metric.has_unit and task.scaling else values
