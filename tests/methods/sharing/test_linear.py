"""Linear networks, of which the best sharing is known in closed form."""

import pytest
import torch

from tests.engine.toys import SPLITS
from tests.methods.sharing.toys import LinearEncoder, fitted
from workbench.engine.roles.task import Part, Task, Values, Vector
from workbench.methods.sharing.hard import Hard
from workbench.methods.sharing.separate import Separate

N, DIMENSION, N_TASKS = 40, 6, 4


def whitened() -> tuple[list[Task], torch.Tensor]:
    """Regressions on inputs whose second moments are exactly 1, and the true weights [T, d]."""
    generator = torch.Generator().manual_seed(3)
    drawn = torch.randn(N, DIMENSION, generator=generator, dtype=torch.float64)
    drawn = drawn - drawn.mean(0)
    inputs = torch.linalg.qr(drawn).Q * N**0.5
    weights = torch.randn(N_TASKS, DIMENSION, generator=generator, dtype=torch.float64)
    tasks = [
        Task(
            f"task-{i}",
            {"x": Vector(DIMENSION)},
            Values(1),
            dict.fromkeys(SPLITS, Part({"x": inputs}, (inputs @ weight).unsqueeze(1))),
        )
        for i, weight in enumerate(weights)
    ]
    return tasks, weights


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_a_narrow_trunk_loses_the_smaller_singular_values(width: int):
    torch.manual_seed(0)
    tasks, weights = whitened()
    model = Hard(None, tasks, LinearEncoder(width))
    expected = torch.linalg.svdvals(weights)[width:].square().sum().item()
    assert fitted(model, tasks) == pytest.approx(expected, abs=1e-4)


def test_separate_networks_of_width_one_lose_nothing():
    torch.manual_seed(0)
    tasks, _ = whitened()
    assert fitted(Separate(None, tasks, LinearEncoder(1)), tasks) == pytest.approx(0, abs=1e-4)
