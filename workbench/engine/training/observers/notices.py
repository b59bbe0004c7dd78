"""Notices: passes on what the methods have to say to the user."""

from collections.abc import Mapping

from workbench.engine.roles.method import Method
from workbench.engine.training.observers.observer import Events, Observer
from workbench.engine.training.progress import Progress
from workbench.spec.event import Noticed


class Notices(Observer):
    """Tells each method's notices, an equal one once in a run. `methods` are by role."""

    state_key = "told"

    def __init__(self, methods: Mapping[str, Method]) -> None:
        self.methods = methods
        self._each = tuple(methods.values())
        self._passed_on: set[tuple[str, str]] = set()

    def after_step(self, at: Progress, rate: float) -> Events:
        for method in self._each:
            if method.notices:
                return self._new(at.step)
        return ()

    def _new(self, step: int) -> list[Noticed]:
        notices: list[Noticed] = []
        for role, method in self.methods.items():
            messages, method.notices = method.notices, ()
            for message in messages:
                if (role, message) not in self._passed_on:
                    self._passed_on.add((role, message))
                    notices.append(Noticed(step, role, message))
        return notices

    def state_dict(self) -> list[list[str]]:
        return [list(notice) for notice in sorted(self._passed_on)]

    def load_state_dict(self, state: list[list[str]]) -> None:
        self._passed_on = {(role, message) for role, message in state}
