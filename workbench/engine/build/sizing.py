"""Sizing: the encoder's widths at which a strategy has the parameters it is allowed."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
from pydantic import ValidationError

from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.sharing import Heads, Sharing
from workbench.engine.roles.task import Task
from workbench.spec.experiment import Budget

_FIELD = "budget.match_parameters"
#: How far widths are scaled at most, down and up, in halvings of the factor that are tried.
_MOST, _HALVINGS = 64.0, 16

#: Parameters laid out one by one, after which no better widths are looked for: some seconds.
_PATIENCE = 20_000

#: Of more widths than these, none are moved against each other: the pairs would be too many.
_PAIRED = 6

#: Makes the model of an encoder.
Make = Callable[[Encoder], Sharing]


def sized(
    encoder: Encoder,
    method: type[Sharing],
    settings: Any,
    tasks: Sequence[Task],
    stages: Sequence[Sequence[str]],
    budget: Budget,
) -> Encoder:
    """The encoder with the widths that bring the model nearest to its budget.

    All widths are scaled by one factor, then each alone by the smallest step while that helps.
    Models are only laid out to be counted, on torch's meta device, which holds no numbers and draws
    none. `stages` are the tasks of each stage, in which a model may grow. Raises BadSpecError where
    the budget cannot be met within its tolerance.
    """
    if budget.match_parameters == "off":
        return encoder
    if not encoder.widths:
        raise BadSpecError(_FIELD, f"the encoder {encoder.key} has no widths to scale: set it off")
    light = [replace(task, data=_none_of(task)) for task in tasks]
    target = target_of(encoder, light, budget)
    search = _Search(encoder, lambda one: method(settings, light, one), stages, target)
    step = math.lcm(method.width_step(settings), encoder.width_step)
    widths = search.best(step)
    total = search.total(widths)
    if abs(total - target) > budget.tolerance * target:
        message = (
            f"{method.key} cannot have {target:,} parameters within {budget.tolerance:.3g} of them:"
            f" the nearest are {total:,}, at widths {', '.join(map(str, widths))}; give the encoder"
            " other widths, the strategy fewer parts, or raise budget.tolerance"
        )
        raise BadSpecError(_FIELD, message)
    return search.encoder(widths)


def target_of(encoder: Encoder, tasks: Sequence[Task], budget: Budget) -> int:
    """The parameters that the model is to have.

    Those of one trunk: a first stage for each kind of input, the stages after it once, and heads.
    """
    if budget.match_parameters == "number":
        return budget.parameters
    with torch.device("meta"):
        kinds = dict.fromkeys(kind for task in tasks for kind in task.inputs.values())
        parts = [
            *(encoder.stem(kind) for kind in kinds),
            *encoder.body(),
            Heads(tasks, encoder.width),
        ]
    return sum(p.numel() for part in parts for p in part.parameters())


def n_parameters(model: Sharing, stages: Sequence[Sequence[str]]) -> int:
    """The parameters of a model when every stage has begun."""
    for number, names in enumerate(stages):
        model.begin(number, names)
    return sum(p.numel() for p in model.parameters())


def widths_of(encoder: Encoder) -> list[int]:
    """The encoder's widths, in the order of its settings."""
    widths: list[int] = []
    for name in encoder.widths:
        value = getattr(encoder.settings, name)
        widths += value if isinstance(value, list) else [value]
    return widths


def _none_of(task: Task) -> Mapping[str, Any]:
    """The task's data without the examples: what is only counted need not look through them."""
    return {split: part[:0] for split, part in task.data.items()}


class _Search:
    """Looks for the widths of a model with `target` parameters."""

    def __init__(
        self, encoder: Encoder, make: Make, stages: Sequence[Sequence[str]], target: int
    ) -> None:
        self._given = encoder
        self._make = make
        self._stages = stages
        self._target = target
        self._totals: dict[tuple[int, ...], int] = {}
        self._n_laid_out = 0

    def encoder(self, widths: Sequence[int]) -> Encoder:
        """The encoder with these widths, in the order of `widths_of`. Raises BadSpecError."""
        left = list(widths)
        settings: dict[str, int | list[int]] = {}
        for name in self._given.widths:
            value = getattr(self._given.settings, name)
            if isinstance(value, list):
                settings[name], left = left[: len(value)], left[len(value) :]
            else:
                settings[name] = left.pop(0)
        try:
            return self._given.with_widths(settings)
        except ValidationError as error:
            message = f"no widths within the bounds of {self._given.key} come near"
            raise BadSpecError(_FIELD, message) from error

    def total(self, widths: Sequence[int]) -> int:
        """Parameters at these widths."""
        key = tuple(widths)
        if key not in self._totals:
            with torch.device("meta"):
                model = self._make(self.encoder(widths))
                self._totals[key] = n_parameters(model, self._stages)
            self._n_laid_out += sum(1 for _ in model.parameters())
        return self._totals[key]

    def best(self, step: int) -> list[int]:
        """The widths, multiples of `step`, whose total is nearest to the target."""
        current = widths_of(self._given)

        def at(factor: float) -> list[int]:
            return [max(step, round(width * factor / step) * step) for width in current]

        low, high = 1.0, 1.0
        while self.total(at(low)) > self._target and low > 1 / _MOST:
            high, low = low, low / 2
        while self.total(at(high)) < self._target and high < _MOST:
            low, high = high, high * 2
        for _ in range(_HALVINGS):
            middle = (low * high) ** 0.5
            if self.total(at(middle)) < self._target:
                low = middle
            else:
                high = middle
        return self._polished(min(at(low), at(high), key=self._distance), step)

    def _distance(self, widths: Sequence[int]) -> int:
        return abs(self.total(widths) - self._target)

    def _polished(self, widths: list[int], step: int) -> list[int]:
        """The same widths, one moved by the step or two against each other while that helps."""
        while True:
            nearest = widths
            for beside in _beside(widths, step):
                if self._n_laid_out > _PATIENCE:
                    return nearest
                nearest = min(nearest, beside, key=self._distance)
            if nearest == widths:
                return widths
            widths = nearest


def _beside(widths: list[int], step: int) -> Iterator[list[int]]:
    """Widths that differ by one step at one place, or up at one and down at another."""
    places = range(len(widths))
    few = places if len(widths) <= _PAIRED else range(0)
    one = [(i, j) for i in few for j in few if i != j]
    for up, down in [*one, *((i, -1) for i in places), *((-1, j) for j in places)]:
        moved = [w + step * ((i == up) - (i == down)) for i, w in enumerate(widths)]
        if min(moved) >= step:
            yield moved
