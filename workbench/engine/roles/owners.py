"""Owners: whose each parameter of a model is."""

import copy
from collections.abc import Sequence
from typing import Any

from torch import nn

from workbench.engine.roles.task import (
    Task,
)


class Owners:
    """Whose each parameter is: used by several tasks, or by one alone.

    `inputs` are the names of the inputs that there are, each with the tasks that see it.
    """

    def __init__(self, tasks: Sequence[Task]) -> None:
        self.shared: list[nn.Parameter] = []
        self.own: dict[str, list[nn.Parameter]] = {task.name: [] for task in tasks}
        self.inputs = _inputs(tasks)
        # With the parameter itself, so that its number is not given to another.
        self._users: dict[int, tuple[nn.Parameter, tuple[str, ...]]] = {}

    def share(self, parts: nn.Module | nn.Parameter, users: Sequence[str] = ()) -> None:
        """These tasks use these parameters; every task, if none is named."""
        self.shared += self._used(parts, users or tuple(self.own))

    def give(self, task: str, parts: nn.Module | nn.Parameter) -> None:
        """Only this task uses these parameters."""
        self.own[task] += self._used(parts, (task,))

    def divide(self, parts: nn.Module | nn.Parameter, users: Sequence[str]) -> None:
        """These tasks use these parameters: they are shared unless only one of several does."""
        if len(users) == 1 and len(self.own) > 1:
            self.give(users[0], parts)
        else:
            self.share(parts, users)

    def users(self, parameter: nn.Parameter) -> tuple[str, ...]:
        """The tasks that use a parameter, in no order; none if it was never entered."""
        _, users = self._users.get(id(parameter), (parameter, ()))
        return users

    def _used(self, parts: nn.Module | nn.Parameter, users: Sequence[str]) -> list[nn.Parameter]:
        parameters = _parameters(parts)
        self._users.update({id(p): (p, tuple(users)) for p in parameters})
        return parameters

    def __deepcopy__(self, memo: dict[int, Any]) -> "Owners":
        """A copy that knows the copies of the parameters."""
        copied = object.__new__(Owners)
        copied.__dict__.update(copy.deepcopy(self.__dict__, memo))
        copied._users = {id(p): (p, users) for p, users in copied._users.values()}
        return copied


def _inputs(tasks: Sequence[Task]) -> list[tuple[str, tuple[str, ...]]]:
    """Each distinct input tensor's view, with the tasks that hold it."""
    users_by_input: dict[tuple[str, int], list[str]] = {}
    for task in tasks:
        for view, values in task.data["train"].inputs.items():
            users_by_input.setdefault((view, id(values)), []).append(task.name)
    return [(view, tuple(users)) for (view, _), users in users_by_input.items()]


def _parameters(parts: nn.Module | nn.Parameter) -> list[nn.Parameter]:
    return [parts] if isinstance(parts, nn.Parameter) else list(parts.parameters())
