"""Methods on losses: worked figures, what they learn, and that they go on where they were."""

import math
from itertools import pairwise
from typing import Any

import pytest
import torch
from torchjd.scalarization import FAMO

from tests.methods.balancing.cases import make, step_of, weigh


def test_the_geometric_mean_of_1_2_and_4_is_2():
    weights, _ = weigh(make("gls"), step_of(torch.eye(3), [1.0, 2.0, 4.0]))
    assert (weights @ torch.tensor([1.0, 2.0, 4.0])).item() == pytest.approx(2)


def test_the_geometric_mean_takes_task_weights_as_exponents():
    weights, _ = weigh(make("gls"), step_of(torch.eye(2), [1.0, 16.0], [3.0, 1.0]))
    assert weights.tolist() == pytest.approx([1.5, 2 / 64])


def test_the_smooth_maximum_of_two_zeros_is_log_2():
    assert make("stch").value([0.0, 0.0], [1.0, 1.0]) == pytest.approx(math.log(2))


def test_the_smooth_maximum_becomes_the_maximum():
    weights, _ = weigh(make("stch", mu=1e-3), step_of(torch.eye(2), [1.0, 2.0], [1.0, 3.0]))
    assert weights.tolist() == [0, 3]


def test_dynamic_weights_follow_the_epoch_means():
    method = make("dwa")
    method.begin(("a", "b"), 2)
    for losses in ([0.5, 1.5], [1.5, 0.5], [0.0, 4.0], [2.0, 4.0]):
        assert method.weights_of(losses, ("a", "b")) == [1, 1]
    expected = [2 * math.exp(x) / (math.exp(0.5) + math.exp(2)) for x in (0.5, 2)]
    assert method.weights_of([9.0, 9.0], ("a", "b")) == pytest.approx(expected)
    method.begin(("a", "b"), 2)
    assert method.weights_of([9.0, 9.0], ("a", "b")) == [1, 1]


def test_random_weights_sum_to_the_number_of_tasks():
    method = make("rlw")
    drawn = [method.weights_of([1.0, 1.0, 1.0], "abc") for _ in range(5)]
    assert all(sum(weights) == pytest.approx(3) for weights in drawn)
    assert all(one != two for one, two in pairwise(drawn))


@pytest.mark.parametrize(("key", "part"), [("uncertainty", 0.5), ("imtl-l", 1.0)])
def test_learned_scales_end_at_the_inverse_loss(key: str, part: float):
    method = make(key, rate=0.05)
    for _ in range(1500):
        weights = method.weights_of([0.1, 20.0], "ab")
    assert weights == pytest.approx([part / 0.1, part / 20], rel=0.02)


@pytest.mark.parametrize("key", ["uncertainty", "imtl-l"])
@pytest.mark.parametrize("loss", [0.0, 1e-12, 1e12])
def test_learned_scales_stay_within_bounds(key: str, loss: float):
    method = make(key, rate=1.0)
    for _ in range(200):
        (weight,) = method.weights_of([loss], "a")
    assert 0 < weight < 1e22


def test_progress_is_evened_out_as_in_torchjd():
    mine, theirs = make("famo"), FAMO(2)
    generator = torch.Generator().manual_seed(0)
    for _ in range(10):
        before, after = torch.rand(2, 2, generator=generator) + 0.1
        step = step_of(torch.eye(2), before.tolist())
        weights, _ = weigh(mine, step, step_of(torch.eye(2), after.tolist()))
        losses = before.clone().requires_grad_()
        (expected,) = torch.autograd.grad(theirs(losses), losses)
        theirs.update(after)
        torch.testing.assert_close(weights, expected, rtol=1e-4, atol=1e-5)


def test_a_task_that_falls_faster_loses_weight():
    method = make("famo")
    for _ in range(50):
        step = step_of(torch.eye(2), [1.0, 1.0])
        weights, _ = weigh(method, step, step_of(torch.eye(2), [0.5, 0.9]))
    assert weights.sum().item() == pytest.approx(1)
    assert weights[0] < 0.4


@pytest.mark.parametrize("loss", [math.inf, math.nan])
def test_an_update_that_goes_astray_is_left_to_the_run(loss: float):
    method = make("famo")
    step = step_of(torch.eye(2), [1.0, 1.0])
    weights, _ = weigh(method, step, step_of(torch.eye(2), [loss, 0.9]))
    assert weights.tolist() == [0.5, 0.5]
    again, _ = weigh(method, step, step)
    assert again.tolist() == [0.5, 0.5]


STATES: list[tuple[str, dict[str, Any]]] = [
    ("dwa", {}),
    ("uncertainty", {}),
    ("imtl-l", {}),
    ("famo", {}),
    ("gradnorm", {}),
    ("gradvac", {"beta": 0.5}),
    ("db-mtl", {}),
    ("excess-mtl", {}),
    ("sdmgrad", {}),
]


@pytest.mark.parametrize(("key", "settings"), STATES, ids=[key for key, _ in STATES])
def test_a_method_goes_on_from_its_state(key: str, settings: dict[str, Any]):
    generator = torch.Generator().manual_seed(3)
    steps = [
        (torch.randn(2, 3, generator=generator), torch.rand(2, generator=generator).tolist())
        for _ in range(8)
    ]

    def go_on(method: Any, chosen: Any) -> list[list[float]]:
        return [
            weigh(method, step_of(j, losses), step_of(j, losses[::-1]))[1].tolist()
            for j, losses in chosen
        ]

    whole = make(key, **settings)
    whole.begin(("a", "b"), 2)
    expected = go_on(whole, steps)
    first, second = make(key, **settings), make(key, **settings)
    first.begin(("a", "b"), 2)
    head = go_on(first, steps[:5])
    state = first.state_dict()
    go_on(first, steps[5:6])  # what was saved is not what goes on to change
    second.generator.manual_seed(0)
    for _ in range(5):  # the random generator is the run's to restore
        torch.rand(2, 2, generator=second.generator)
    second.load_state_dict(state)
    assert head + go_on(second, steps[5:]) == expected
