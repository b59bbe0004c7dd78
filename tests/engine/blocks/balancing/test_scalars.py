"""Learned numbers, one a task."""

import pytest
import torch

from workbench.engine.blocks.balancing.learned_scalars import Scalars


def test_they_move_as_adam_moves_a_parameter():
    value = torch.nn.Parameter(torch.tensor([0.3, -1.0], dtype=torch.float64))
    adam = torch.optim.Adam([value], lr=0.1, weight_decay=0.02, eps=1e-30)
    scalars = Scalars(0.1, decay=0.02)
    scalars.put("ab", [0.3, -1.0])
    generator = torch.Generator().manual_seed(0)
    for _ in range(20):
        gradient = torch.randn(2, generator=generator, dtype=torch.float64)
        value.grad = gradient
        adam.step()
        scalars.move("ab", gradient.tolist())
        assert scalars.of("ab") == pytest.approx(value.tolist())


@pytest.mark.parametrize("size", [1e-12, 1.0, 1e12])
def test_the_size_of_a_gradient_does_not_matter(size: float):
    scalars = Scalars(0.1)
    scalars.move("a", [size])
    assert scalars.of("a") == pytest.approx([-0.1])


def test_without_a_gradient_they_stay():
    scalars = Scalars(0.1, start=2.0)
    scalars.move("a", [0.0])
    assert scalars.of("a") == [2]


def test_they_stay_within_bounds():
    scalars = Scalars(1.0, low=-1.5, high=2.0)
    for _ in range(5):
        scalars.move("ab", [1.0, -1.0])
    assert scalars.of("ab") == [-1.5, 2]


def test_they_go_on_from_their_state():
    one, two = Scalars(0.1), Scalars(0.1)
    one.move("a", [1.0])
    two.load_state_dict(one.state_dict())
    one.move("ab", [-2.0, 1.0])
    two.move("ab", [-2.0, 1.0])
    assert one.of("ab") == two.of("ab")
