"""Losses below 0, such as those of the landscape: nothing runs away, and the user is told."""

import pytest
import torch

from tests.methods.balancing.cases import J, Linear, make, step_of, weigh
from workbench.engine.measure.probe import Probe
from workbench.spec.experiment import Probes


@pytest.mark.parametrize("key", ["uncertainty", "imtl-l"])
def test_a_learned_scale_rests_while_its_loss_is_below_0(key: str):
    method, fresh = make(key, rate=0.1), make(key, rate=0.1)
    for _ in range(2000):
        below, other = method.weights_of([-15.0, 3.0], "ab")
        _, alone = fresh.weights_of([1.0, 3.0], "ab")
    assert below == (0.5 if key == "uncertainty" else 1.0)
    assert other == alone
    assert {notice.partition(" is ")[0] for notice in method.notices} == {"the loss of a"}


def test_the_pace_of_mean_losses_below_0_is_not_turned_round():
    method = make("dwa")
    method.begin(("a", "b"), 1)
    # Both fall; by the ratio of the means a would seem to rise to its double.
    for losses in ([-1.0, 2.0], [-2.0, 1.0]):
        method.weights_of(losses, ("a", "b"))
    weights = method.weights_of([-3.0, 1.0], ("a", "b"))
    assert weights[0] > weights[1]  # b fell to a half, a counts as resting
    assert weights[0] == pytest.approx(2 * torch.tensor([0.5, 0.25]).softmax(0)[0].item())
    assert method.notices


def test_a_loss_that_falls_below_0_does_not_lag_behind():
    method = make("gradnorm")
    for value in (-1.0, -2.0, -8.0):
        weights, _ = weigh(method, step_of(torch.eye(2), [value, 1.0]))
    assert weights.tolist() == pytest.approx([1.0, 1.0])
    assert all("the loss of a" in notice for notice in method.notices)


@pytest.mark.parametrize(("lowest", "is_told"), [(-20.0, False), (0.0, True)])
def test_progress_is_evened_out_above_the_bound(lowest: float, is_told: bool):
    method = make("famo", lowest=lowest)
    for _ in range(50):
        step = step_of(torch.eye(2), [-10.0, -10.0])
        weights, _ = weigh(method, step, step_of(torch.eye(2), [-15.0, -11.0]))
    assert bool(method.notices) == is_told
    if not is_told:
        assert weights[0] < 0.4  # it fell faster


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_step_on_a_task_alone_helps_it_whatever_the_losss_sign(sign: float):
    values = [5.0 * sign, 9.0 * sign]
    step = step_of(J, values)
    model = Linear(J, values, ["a", "b"])
    result = Probe(model, step.tasks, Probes(affinity=True)).measure(step.batch, 1, 1e-3)
    assert result is not None
    # L(θ) − L(θ − ηg) = η‖g‖², and gᵢ·gⱼ for the other task, over |L|.
    expected = 1e-3 * (J @ J.T) / torch.tensor(values).abs()
    torch.testing.assert_close(torch.tensor(result.affinity), expected, rtol=1e-3, atol=0)
    assert (result.affinity.diagonal() > 0).all()
