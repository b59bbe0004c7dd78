"""SmallTasks: a batch as balancing sees it where it weighs small tasks, not distributions."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from workbench.engine.update.jacobian import Gradients
from workbench.engine.update.step import Step


class SmallTasks(Step):
    """A step whose rows are the small tasks of another's distributions, with the same graph.

    Of n small tasks each has a share of 1/n of its distribution, so that weights which are the
    priorities come to the mean. What belongs to a distribution, such as its head, is their own
    together: it keeps the sum of their gradients times their priorities, whatever the rule says.
    """

    def __init__(self, whole: Step) -> None:
        super().__init__(whole.model, whole.tasks, whole.batch, dict.fromkeys(whole.batch, 1.0))
        values = whole.separate_losses
        small = [losses.flatten() for losses in whole.small_losses]
        assert len(small) == len(values), "a learner that adapts gives losses of small tasks"
        self.n_small = [len(losses) for losses in small]
        places = [i for i, n in enumerate(self.n_small) for _ in range(n)]
        self.owners = tuple(whole.names[i] for i in places)
        numbers = (number + 1 for n in self.n_small for number in range(n))
        self.names = tuple(f"{o} {k}" for o, k in zip(self.owners, numbers, strict=True))
        self.shares = [whole.shares[i] / self.n_small[i] for i in places]
        self.priorities = [whole.priorities[i] / self.n_small[i] for i in places]
        self._losses = self._joint = torch.cat(small)
        self._separate = list(self._losses.unbind())

    def by_task(self, weights: Tensor) -> Tensor:
        """The weights of the small tasks summed over each distribution."""
        return torch.stack([mine.sum() for mine in weights.split(self.n_small)])

    def _keep_own(self, own: Sequence[Sequence[nn.Parameter]], gradients: Gradients) -> None:
        super()._keep_own(own, gradients)
        summed: dict[nn.Parameter, Tensor] = {}
        for parameter, gradient in self.own_gradients:
            known = summed.get(parameter)
            summed[parameter] = gradient if known is None else known + gradient
        self.own_gradients = list(summed.items())
