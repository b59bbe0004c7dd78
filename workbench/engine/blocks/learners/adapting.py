"""Adapting: gradient descent on a task's support, from parameters that are learned for it.

The small tasks of a batch are one computation: each has its own values of what adapts, and the
model is vectorised over them (torch.func). The inner gradient is autograd's, of the sum of their
losses, of which each looks at its own values alone; it stands outside of what is vectorised, which
makes a step some tenth cheaper than vectorising the gradient too, and equal to rounding.

Where a network normalises by its batch, that is the support: in the inner steps, and when queries
are asked, which pass through it beside the support. So no answer depends on which other queries
there are, and running statistics have no part in it (`layers/batch_norm.py`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.func import functional_call, vmap
from torch.nn.attention import SDPBackend, sdpa_kernel

from workbench.engine.blocks.learners.episodes import Group
from workbench.engine.layers.batch_norm import by_first
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Part

Values = Mapping[str, Tensor]
Loss = Callable[[Tensor, Tensor], Tensor]


@dataclass(frozen=True, slots=True)
class InnerSteps:
    """Plain gradient descent on a loss of the support.

    `rates` are one number, or one for each number that adapts; `first_order` takes the gradients
    for constants when what comes after is differentiated.
    """

    rates: float | Values
    first_order: bool

    def next(self, values: Values, losses: Callable[[Values], Tensor]) -> dict[str, Tensor]:
        """The values [N, …] after one more step on the losses [N] of tasks."""
        slopes = self._slopes(values, losses)
        rates = self.rates
        if isinstance(rates, Mapping):
            return {name: value - rates[name] * slopes[name] for name, value in values.items()}
        return {name: value.sub(slopes[name], alpha=rates) for name, value in values.items()}

    def _slopes(self, values: Values, losses: Callable[[Values], Tensor]) -> Values:
        """The gradient of each task's loss in its own values; none where nothing adapts."""
        if not values:
            return {}
        keeps = torch.is_grad_enabled() and not self.first_order
        with torch.enable_grad():
            at = {
                name: value if keeps and value.requires_grad else value.detach().requires_grad_()
                for name, value in values.items()
            }
            slopes = torch.autograd.grad(
                losses(at).sum(), list(at.values()), create_graph=keeps, materialize_grads=True
            )
        return dict(zip(at, slopes, strict=True))


class Adapted:
    """Answers to groups of small tasks by a model that has adapted to each.

    `start` are the values, by the name of parameter or buffer, that adapt, from where they start;
    `is_tied` says that some have several names in the model, `has_statistics` that it normalises
    by its batch.
    """

    def __init__(
        self,
        model: Sharing,
        loss: Loss,
        start: Values,
        inner: InnerSteps,
        *,
        is_tied: bool,
        has_statistics: bool = False,
    ) -> None:
        self.model = model
        self.is_tied = is_tied
        self.loss = loss
        self.start = start
        self.inner = inner
        self._has_statistics = has_statistics

    def outputs(self, group: Group, steps: Sequence[int], over: "Over") -> Tensor:
        """Answers to the queries after each of K numbers of inner steps, [K, N, q, …]."""
        ask, asked = self._asking(group, is_query=True), self._queries(group)
        at: dict[int, Tensor] = {}
        for n, values in enumerate(self.path(group, max(steps), over)):
            if n in steps:
                at[n] = over(ask, values, asked)
        return torch.stack([at[n] for n in steps])

    def losses(self, group: Group, n_steps: int, over: "Over") -> Tensor:
        """The loss on each small task's queries after inner steps, [N], with its graph."""
        return self._judged(group, self.end(group, n_steps, over), over)

    def ends(self, group: Group, n_steps: int, over: "Over") -> tuple[Values, Tensor]:
        """The values [N, …] after the last inner step, and the queries' losses [N] there."""
        values = self.end(group, n_steps, over)
        return values, self._judged(group, values, over)

    def path(self, group: Group, n_steps: int, over: "Over") -> Iterable[Values]:
        """The values [N, …] that adapt, before the first step and after each."""
        judge = self._judging(group, is_query=False)

        def losses(values: Values) -> Tensor:
            return over(judge, values, group.support)

        values: Values = {n: x.expand(len(group), *x.shape) for n, x in self.start.items()}
        yield values
        for _ in range(n_steps):
            values = self.inner.next(values, losses)
            yield values

    def end(self, group: Group, n_steps: int, over: "Over") -> Values:
        """The values [N, …] after the last step; those between are not held on to."""
        values = self.start
        for values in self.path(group, n_steps, over):  # noqa: B007 - the last is what is wanted
            pass
        return values

    def _judged(self, group: Group, values: Values, over: "Over") -> Tensor:
        """The losses [N] on the queries, at these values."""
        return over(self._judging(group, is_query=True), values, self._queries(group))

    def _queries(self, group: Group) -> Part:
        """What passes through the network where queries are asked."""
        if not self._has_statistics:
            return group.query
        return Part(group.rows.inputs, group.query.target)

    def _asking(self, group: Group, *, is_query: bool) -> "One":
        """The model's outputs with a task's values in place of its own."""
        task = group.task

        def ask(values: Values, x: Values, y: Tensor) -> Tensor:
            batch: Batch = {task: Part(x, y)}
            known = dict(values)
            return functional_call(self.model, known, (batch,), tie_weights=self.is_tied)[task]

        if not self._has_statistics:
            return ask
        n_support = group.support.target.shape[1]
        start = n_support if is_query else 0

        def ask_by_support(values: Values, x: Values, y: Tensor) -> Tensor:
            with by_first(n_support):
                return ask(values, x, y)[start:]

        return ask_by_support

    def _judging(self, group: Group, *, is_query: bool) -> "One":
        """The loss of those outputs."""
        ask = self._asking(group, is_query=is_query)
        return lambda values, x, y: self.loss(ask(values, x, y), y)


#: What is computed of a small task, from what adapts, its inputs by view and its targets.
One = Callable[[Values, Values, Tensor], Tensor]


class Over:
    """Does one thing for all small tasks: vectorised, or one after the other.

    A model that looks at numbers to know its way, or changes what it keeps, cannot be vectorised;
    `looped` is why it is not.
    """

    def __init__(self) -> None:
        self.looped = ""

    def __call__(self, one: One, values: Values, part: Part) -> Tensor:
        """The results [N, …] of `one` for values [N, …] and the rows [N, …] of small tasks."""
        names, views = list(values), list(part.inputs)

        def flat(*tensors: Tensor) -> Tensor:
            own = dict(zip(names, tensors, strict=False))
            inputs = dict(zip(views, tensors[len(names) :], strict=False))
            return one(own, inputs, tensors[-1])

        # One flat row of tensors: vmap takes dictionaries apart and together again in Python.
        tensors = (*values.values(), *part.inputs.values(), part.target)
        with sdpa_kernel(SDPBackend.MATH):  # the only attention with a second derivative
            if len(part) > 1 and not self.looped:  # one alone has nothing to be vectorised over
                try:
                    return vmap(flat, randomness="different")(*tensors)
                except RuntimeError as error:
                    self.looped = str(error).partition("\n")[0] or type(error).__name__
            return torch.stack([flat(*row) for row in zip(*tensors, strict=True)])
