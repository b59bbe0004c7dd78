"""permuted: the tasks of any family, with their inputs in another order for each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from torch import Tensor

from workbench.engine.blocks.tasks.made import orders
from workbench.engine.blocks.tasks.made.inputs import named, require_numbers, with_inputs
from workbench.engine.roles.made import Maker, Source, source
from workbench.engine.roles.rows.on_demand import ChangedRows, OnDemand
from workbench.engine.roles.task import InputKind, Task, Vector
from workbench.spec.settings import Settings, setting


@dataclass(frozen=True, slots=True, eq=False)
class InOrder:
    """Puts the numbers of rows [n, N], or the pixels of pictures [n, C, H, W], in an order [N]."""

    order: Tensor

    def __call__(self, values: Tensor) -> Tensor:
        """The rows with their numbers in that order."""
        order = self.order.to(values.device)
        if values.dim() == 2:
            return values.index_select(1, order)
        return values.flatten(2).index_select(2, order).view(values.shape)


class Permuted(Maker):
    """The same examples, whose numbers each task has shuffled in its own way; the first has not.

    The tasks are equally hard and share nothing but the answers. Pixels of a picture change places
    with all their channels. They do so batch by batch: the examples are held once for all tasks.
    """

    key = "permuted"
    title = "Permuted"
    paper = "Goodfellow et al., An empirical investigation of catastrophic forgetting, 2013"
    link = "https://arxiv.org/abs/1312.6211"
    helps = "Forgetting without transfer; turn `share` down for tasks that are more alike."

    class Settings(Settings):
        """How many orders there are, and how far they are from the first."""

        of: Source = source()
        n_tasks: int = setting(5, "Number of orders, the first among them.", ge=1, le=100)
        share: float = setting(
            1.0,
            "Share of the numbers that change places: 0 leaves every task the same.",
            ge=0,
            le=1,
        )
        scenario: Literal["domain", "task"] = setting(
            "domain", "One head that does not know the task, or a head for each task."
        )
        data_seed: int = setting(0, "Which draw of the orders.", ge=0, le=2**31 - 1)

    def make(self, sources: Sequence[Sequence[Task]]) -> list[Task]:
        (tasks,) = sources
        require_numbers(tasks, self.key)
        by_task = self.settings.scenario == "task"
        made: list[Task] = []
        for i, name in enumerate(orders.names(self.settings.n_tasks)):
            for task, one in zip(tasks, self._in_order(tasks, i), strict=True):
                head = "" if by_task else f"{self.key} of {task.head_identity}"
                made.append(named(one, task, name, head, len(tasks)))
        return made

    def _in_order(self, tasks: Sequence[Task], i: int) -> list[Task]:
        """The tasks in the order of the `i`-th draw."""

        def moved(values: Tensor, view: str, task: Task, split: str) -> Tensor:
            del split
            order = self._orders(task.inputs[view])[i]
            if bool((order[1:] > order[:-1]).all()):
                return values
            return OnDemand(ChangedRows(values, InOrder(order)))

        made = with_inputs(tasks, moved)
        for task, one in zip(tasks, made, strict=True):
            if i and len(task.columns) > 0:
                (kind,) = task.inputs.values()
                one.columns = tuple(task.columns[j] for j in self._orders(kind)[i].tolist())
        return [replace(one, notices=() if i else one.notices) for one in made]

    def _orders(self, kind: InputKind) -> list[Tensor]:
        settings = self.settings
        n = kind.n if isinstance(kind, Vector) else kind.height * kind.width  # pyright: ignore[reportAttributeAccessIssue]
        return orders.orders(n, settings.n_tasks, settings.share, settings.data_seed)
