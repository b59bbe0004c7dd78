"""Balancing methods by key, and steps whose losses and gradients are given."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from hypothesis import strategies as st
from torch import Tensor

from tests.engine.toys import methods
from workbench.engine.roles.balancing import Balancing, Direction
from workbench.engine.roles.task import Part
from workbench.engine.update.step import Step

#: REFERENCE: two tasks in conflict.
J = torch.tensor([[-4.0, 1, 1], [6, 1, 1]])

FOUND = methods().methods
KEYS = sorted(key for role, key in FOUND if role == "balancing")
#: Those that need only inner products, and give the same for the same ones.
EXACT = [
    "aligned-mtl",
    "cagrad",
    "config",
    "dualproj",
    "fairgrad",
    "imtl-g",
    "mgda",
    "nash-mtl",
    "upgrad",
]


def make(key: str, seed: int = 0, **settings: Any) -> Any:
    """A method with its own random generator."""
    method = FOUND["balancing", key]
    return method(method.Settings(**settings), torch.Generator().manual_seed(seed))


def weights_on(key: str, jacobian: Tensor, **settings: Any) -> Tensor:
    """Weights of a method that needs only inner products."""
    return make(key, **settings).weights_of(jacobian @ jacobian.T)


class Linear(torch.nn.Module):
    """Losses with given values and gradients: Lᵢ = valuesᵢ + jacobianᵢ · x at x = 0."""

    def __init__(self, jacobian: Tensor, values: Sequence[float], names: Sequence[str]) -> None:
        super().__init__()
        self.point = torch.nn.Parameter(torch.zeros(jacobian.shape[1], dtype=jacobian.dtype))
        self.jacobian = jacobian
        self.values = torch.tensor(values, dtype=jacobian.dtype)
        self.names = names

    def forward(self, batch: Mapping[str, Part]) -> dict[str, Tensor]:
        result = self.values + self.jacobian @ self.point
        return {name: result[self.names.index(name)] for name in batch}

    def shared_parameters(self) -> list[torch.nn.Parameter]:
        return [self.point]

    def task_parameters(self, task: str) -> list[torch.nn.Parameter]:
        del task
        return []


class Given:
    """A task whose loss is what the model says."""

    inputs: Mapping[str, Any] = {}

    def loss(self, output: Tensor, target: Tensor) -> Tensor:
        del target
        return output


def step_of(
    jacobian: Tensor,
    values: Sequence[float] | None = None,
    priorities: Sequence[float] | None = None,
    names: Sequence[str] = "abcdefghij",
) -> Step:
    """A step of tasks a, b, … with these losses (1 each) and gradients."""
    n = len(jacobian)
    names = list(names[:n])
    model: Any = Linear(jacobian, values or [1.0] * n, names)
    batch = {name: Part({}, torch.zeros(1)) for name in names}
    tasks: Any = {name: Given() for name in names}
    weights = dict(zip(names, priorities or [1.0] * n, strict=True))
    return Step(model, tasks, batch, weights, lambda: batch)


def weigh(method: Balancing, step: Step, after: Step | None = None) -> tuple[Tensor, Tensor]:
    """The weights [T] and the direction [P]; a method that looks back is shown `after`."""
    lookback = method.weigh_with_lookback(step)
    result = next(lookback)
    if after is not None:
        look(lookback.send, after)
    if isinstance(result, Direction):
        return result.weights, result.vector
    return result, result @ step.jacobian


def look(send: Callable[[Step], Any], after: Step) -> None:
    """Send the step after the update; the generator ends with it."""
    try:
        send(after)
    except StopIteration:
        return


#: Numbers and matrices whose squares neither overflow nor vanish.
NUMBERS = st.floats(-100, 100).map(lambda value: round(value, 2))


@st.composite
def jacobians(draw: st.DrawFn, n_tasks: int | None = None) -> Tensor:
    """Gradients [T, P] in double precision, of sizes up to 1e6 apart; some depend on others."""
    n = n_tasks or draw(st.integers(1, 6))
    m = draw(st.integers(1, 8))
    rows = draw(st.lists(st.lists(NUMBERS, min_size=m, max_size=m), min_size=n, max_size=n))
    powers = draw(st.lists(st.integers(-3, 3), min_size=n, max_size=n))
    scale = torch.tensor([[10.0**power] for power in powers], dtype=torch.float64)
    return torch.tensor(rows, dtype=torch.float64) * scale


def is_regular(jacobian: Tensor, least: float = 1e-2) -> bool:
    """Whether no gradient is 0 and none nearly depends on the others."""
    norms = jacobian.norm(dim=1, keepdim=True)
    if not (norms > 0).all():
        return False
    unit = jacobian / norms
    return bool(torch.linalg.eigvalsh(unit @ unit.T)[0] > least)
