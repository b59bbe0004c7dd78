"""Adapting: gradient descent on a task's support, from parameters that are learned for it.

Written with torch.func, so that all small tasks of a batch are one vectorised computation and the
gradient of what comes after the inner steps can be taken through them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor
from torch.func import functional_call, grad, vmap
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils._pytree import tree_map

from workbench.engine.blocks.learners.episodes import Group
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Part

Values = Mapping[str, Tensor]
Loss = Callable[[Tensor, Tensor], Tensor]
#: What is computed of each small task.
Result = TypeVar("Result", Tensor, dict[str, Tensor])


@dataclass(frozen=True, slots=True)
class InnerSteps:
    """Plain gradient descent on a loss of the support.

    `rates` are one number, or one for each number that adapts; `first_order` takes the gradients
    for constants when what comes after is differentiated.
    """

    rates: float | Values
    first_order: bool

    def next(self, values: Values, loss: Callable[[Values], Tensor]) -> dict[str, Tensor]:
        """The values after one more step."""
        with torch.no_grad() if self.first_order else nullcontext():
            slopes = grad(loss)(dict(values))
        rates = self.rates
        if isinstance(rates, Mapping):
            return {name: value - rates[name] * slopes[name] for name, value in values.items()}
        return {name: value - rates * slopes[name] for name, value in values.items()}


class Adapted:
    """Answers to groups of small tasks by a model that has adapted to each.

    `start` are the values, by the name of parameter or buffer, that adapt, from where they start;
    `is_tied` says that some have several names in the model.
    """

    def __init__(
        self, model: Sharing, loss: Loss, start: Values, inner: InnerSteps, *, is_tied: bool
    ) -> None:
        self.model = model
        self.is_tied = is_tied
        self.loss = loss
        self.start = start
        self.inner = inner

    def outputs(self, group: Group, steps: Sequence[int], over: "Over") -> Tensor:
        """Answers to the queries after each of K numbers of inner steps, [K, N, q, …]."""

        def one(x: Values, y: Tensor, asked: Values, _: Tensor) -> Tensor:
            path = self.path(group.task, x, y, max(steps))
            at = {n: self.ask(v, group.task, asked, y) for n, v in enumerate(path) if n in steps}
            return torch.stack([at[n] for n in steps])

        return over(one, group).transpose(0, 1)

    def losses(self, group: Group, n_steps: int, over: "Over") -> Tensor:
        """The loss on each small task's queries after inner steps, [N], with its graph."""

        def one(x: Values, y: Tensor, asked: Values, wanted: Tensor) -> Tensor:
            values = self.end(group.task, x, y, n_steps)
            return self.loss(self.ask(values, group.task, asked, wanted), wanted)

        return over(one, group)

    def ends(self, group: Group, n_steps: int, over: "Over") -> dict[str, Tensor]:
        """The values [N, …] after the last inner step, and the queries' losses [N] there as ""."""

        def one(x: Values, y: Tensor, asked: Values, wanted: Tensor) -> dict[str, Tensor]:
            values = self.end(group.task, x, y, n_steps)
            return {**values, "": self.loss(self.ask(values, group.task, asked, wanted), wanted)}

        return over(one, group)

    def path(self, task: str, x: Values, y: Tensor, n_steps: int) -> Iterable[Values]:
        """The values that adapt, before the first step and after each."""

        def loss(values: Values) -> Tensor:
            return self.loss(self.ask(values, task, x, y), y)

        values = self.start
        yield values
        for _ in range(n_steps):
            values = self.inner.next(values, loss)
            yield values

    def end(self, task: str, x: Values, y: Tensor, n_steps: int) -> Values:
        """The values after the last step; those between are not held on to."""
        values = self.start
        for values in self.path(task, x, y, n_steps):  # noqa: B007 - the last is what is wanted
            pass
        return values

    def ask(self, values: Values, task: str, x: Values, y: Tensor) -> Tensor:
        """The model's outputs with these values in place of its own."""
        batch: Batch = {task: Part(x, y)}
        with sdpa_kernel(SDPBackend.MATH):  # the only attention that has a second derivative
            return functional_call(self.model, dict(values), (batch,), tie_weights=self.is_tied)[
                task
            ]


class Over:
    """Does one thing for all small tasks of a group: vectorised, or one after the other.

    A model that looks at numbers to know its way, or changes what it keeps, cannot be vectorised;
    `looped` is why it is not.
    """

    def __init__(self) -> None:
        self.looped = ""

    def __call__(
        self, one: Callable[[Values, Tensor, Values, Tensor], Result], group: Group
    ) -> Result:
        """The results [N, …] of `one`, which is given support and query inputs and targets."""
        parts = (
            dict(group.support.inputs),
            group.support.target,
            dict(group.query.inputs),
            group.query.target,
        )
        if not self.looped:
            try:
                return vmap(one, randomness="different")(*parts)
            except RuntimeError as error:
                self.looped = str(error).partition("\n")[0] or type(error).__name__
        results = [one(*_first(group[i : i + 1])) for i in range(len(group))]
        return tree_map(lambda *rows: torch.stack(rows), *results)


def _first(group: Group) -> tuple[Values, Tensor, Values, Tensor]:
    def first(values: Values) -> Values:
        return {view: x[0] for view, x in values.items()}

    support, query = group.support, group.query
    return first(support.inputs), support.target[0], first(query.inputs), query.target[0]
