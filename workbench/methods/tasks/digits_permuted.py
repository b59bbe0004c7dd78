"""digits-permuted: the same digits with their pixels in another order for each task."""

from typing import Literal

import torch
from torch import Tensor

from workbench.engine.blocks.tasks.digits import N_DIGITS, handwritten_digits
from workbench.engine.blocks.tasks.made.orders import names, orders
from workbench.engine.roles.task import (
    Classes,
    Family,
    Task,
    Vector,
    divided,
    parts,
    split_indices,
)
from workbench.spec.settings import Settings, setting

_N_PIXELS = 64


class DigitsPermuted(Family):
    """Real 8×8 digits whose pixels each task has shuffled in its own way; the first has not.

    The tasks are equally hard and share nothing but the labels, so what a network forgets is not
    made up for by what it transfers. Pixels scaled to 0–1; 1797 pictures, split 70/10/20 once
    and for all, the same way in every task.
    """

    key = "digits-permuted"
    title = "Digits: permuted"
    group = "digits"
    paper = "Goodfellow et al., An empirical investigation of catastrophic forgetting, 2013"
    link = "https://arxiv.org/abs/1312.6211"
    helps = "Forgetting without transfer; turn `share` down for tasks that are more alike."
    gives = ("varying-tasks",)
    is_judged_built = False

    class Settings(Settings):
        """How many orders there are, and how far they are from the first."""

        n_tasks: int = setting(5, "Number of tasks.", ge=1, le=100, title="Tasks")
        share: float = setting(
            1.0, "Share of the pixels that change places: 0 leaves every task the same.", ge=0, le=1
        )
        scenario: Literal["domain", "task"] = setting(
            "domain", "One head that does not know the task, or a head for each task."
        )
        data_seed: int = setting(0, "Which draw of the orders.", ge=0, le=2**31 - 1)

    @classmethod
    def task_names(cls) -> tuple[str, ...]:
        return names(cls.Settings().n_tasks)

    def orders(self) -> list[Tensor]:
        """For each task, the pixel [64] that is seen at each place; the first is in order."""
        settings = self.settings
        return orders(_N_PIXELS, settings.n_tasks, settings.share, settings.data_seed)

    @property
    def n_bytes(self) -> int:
        return 4 * _N_PIXELS * N_DIGITS * self.settings.n_tasks

    def tasks(self) -> list[Task]:
        inputs, digits = handwritten_digits()
        splits = split_indices(len(digits))
        original = divided({"pixels": inputs}, splits)
        tasks: list[Task] = []
        for name, order in zip(names(self.settings.n_tasks), self.orders(), strict=True):
            is_same = torch.equal(order, torch.arange(_N_PIXELS))
            views = original if is_same else divided({"pixels": inputs[:, order]}, splits)
            head = name if self.settings.scenario == "task" else self.key
            data = parts(views, digits, splits)
            kind = {"pixels": Vector(_N_PIXELS)}
            tasks.append(Task(name, kind, Classes(10), data, head=head, picture=(8, 8)))
        return tasks
