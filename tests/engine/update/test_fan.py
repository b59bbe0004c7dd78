"""Looking for a fan takes as many looks as the graph has operations, however many its paths."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from workbench.engine.update.fan import find_fan


class Operation:
    """Stands for one that autograd recorded, of an unknown kind; counts the looks at it."""

    n_looks = 0

    def __init__(self, *children: "Operation") -> None:
        self.children = children

    @property
    def next_functions(self) -> list[tuple["Operation", int]]:
        Operation.n_looks += 1
        return [(child, 0) for child in self.children]

    def name(self) -> str:
        return "unknown"


def ladder(bottom: Operation, n_rungs: int) -> Operation:
    """Each operation takes the one below twice: 2 to the n-th paths lead to the bottom."""
    for _ in range(n_rungs):
        bottom = Operation(bottom, bottom)
    return bottom


@pytest.mark.parametrize("has_trunk", [True, False])
def test_an_operation_is_looked_at_once_however_many_paths_lead_to_it(has_trunk: bool):
    trunk, n_rungs = Operation(), 16
    ends = ladder(trunk, n_rungs), ladder(trunk if has_trunk else Operation(), n_rungs)
    losses = [cast("Any", SimpleNamespace(grad_fn=end)) for end in ends]
    Operation.n_looks = 0
    assert find_fan(losses, []) is None
    assert Operation.n_looks <= 2 * (n_rungs + 1)
