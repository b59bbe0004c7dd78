"""Methods on whole gradients: what they learn, draw and keep."""

import pytest
import torch
from torch import Tensor

from tests.methods.balancing.cases import make, step_of, weigh

J = torch.tensor([[1.0, -2, 3, 0, -1], [2.0, 1, -1, 0, -2], [-4.0, 2, 1, 0, 0]])


def test_sign_dropout_is_the_sum_on_average():
    method, n = make("graddrop"), 4000
    drawn = torch.stack([weigh(method, step_of(J))[1] for _ in range(n)])
    assert ((drawn.mean(0) - J.sum(0)).abs() <= 4.5 * drawn.std(0) / n**0.5 + 1e-6).all()


def test_sign_dropout_keeps_one_sign():
    positive, negative = J.clamp(min=0).sum(0), J.clamp(max=0).sum(0)
    method = make("graddrop")
    for _ in range(20):
        _, direction = weigh(method, step_of(J))
        assert ((direction == positive) | (direction == negative)).all()


def test_a_full_leak_is_the_sum():
    torch.testing.assert_close(weigh(make("graddrop", leak=1.0), step_of(J))[1], J.sum(0))


def test_gradient_norms_are_brought_to_one_size():
    method = make("gradnorm", alpha=0.0)
    jacobian = torch.tensor([[1.0, 0], [0, 4.0]])
    for _ in range(300):
        weights, direction = weigh(method, step_of(jacobian))
    assert weights.sum().item() == pytest.approx(2)
    assert direction.tolist() == pytest.approx([1.6, 1.6], rel=0.05)


def test_a_task_that_lags_behind_gets_a_larger_gradient():
    method = make("gradnorm", alpha=1.0)
    jacobian = torch.eye(2)
    weigh(method, step_of(jacobian, [1.0, 1.0]))
    for _ in range(300):
        weights, _ = weigh(method, step_of(jacobian, [0.2, 0.6]))
    assert weights.tolist() == pytest.approx([0.5, 1.5], rel=0.1)


def test_learned_gradient_weights_stay_above_0():
    method = make("gradnorm", rate=1.0)
    for _ in range(50):
        weights, _ = weigh(method, step_of(torch.tensor([[1.0, 0], [0, 1e6]])))
        assert (weights > 0).all()


def test_log_losses_are_scaled_to_the_longest_gradient():
    _, direction = weigh(make("db-mtl", beta=0.0), step_of(torch.eye(2), [0.5, 4.0]))
    assert direction.tolist() == [2, 2]


def test_log_gradients_are_averaged_less_and_less():
    method = make("db-mtl", beta=0.5, sigma=1.0)
    weigh(method, step_of(torch.tensor([[1.0, 0]])))
    _, second = weigh(method, step_of(torch.tensor([[0.0, 1]])))
    assert second.tolist() == pytest.approx([0.125, 0.75])
    _, third = weigh(method, step_of(torch.tensor([[0.0, 0]])))
    assert third.tolist() == pytest.approx([0.125 / 6, 0.75 / 6])


def test_the_first_average_is_from_0_as_in_the_paper():
    _, first = weigh(make("db-mtl", beta=0.9), step_of(torch.eye(2), [0.5, 4.0]))
    assert first.tolist() == pytest.approx([0.2, 0.2])


def test_averages_in_one_piece_are_those_of_each_task_alone():
    method, averages = make("db-mtl"), dict[str, Tensor]()
    draw = torch.Generator().manual_seed(0)
    stages = [("abc", 5), ("abc", 5), ("cb", 5), ("abc", 5), ("abcd", 5), ("abcd", 7), ("abcd", 7)]
    for n_steps, (names, n_parameters) in enumerate(stages, start=1):
        factor = 0.9 / n_steps**0.5
        jacobian = torch.randn(len(names), n_parameters, generator=draw)
        losses = [0.5 + i for i in range(len(names))]
        for name, loss, gradient in zip(names, losses, jacobian, strict=True):
            old = averages.get(name)
            new = gradient / loss
            is_known = old is not None and len(old) == n_parameters
            averages[name] = (factor * old if is_known else 0) + (1 - factor) * new
        rows = torch.stack([averages[name] for name in names])
        factors = rows.norm(dim=1).max() / rows.norm(dim=1)
        step = step_of(jacobian, losses, names=names)
        weights, direction = weigh(method, step)
        torch.testing.assert_close(direction, factors @ rows)
        torch.testing.assert_close(weights, factors / torch.tensor(losses))


def test_excess_moves_weight_to_the_larger_gradient():
    method = make("excess-mtl", rate=0.3)
    weights, _ = weigh(method, step_of(torch.eye(2)))
    assert weights.tolist() == [0.5, 0.5]
    for size in (0.5, 0.25):
        jacobian = torch.eye(2) * torch.tensor([[1.0], [size]])
        weights, _ = weigh(method, step_of(jacobian))
    assert weights.sum().item() == pytest.approx(1)
    assert weights[0] > weights[1]


def test_targets_of_0_are_gradient_surgery():
    jacobian = torch.tensor([[-4.0, 1, 1], [6, 1, 1]])
    weights = make("gradvac", beta=0.0).weights_of(jacobian @ jacobian.T)
    assert weights.tolist() == pytest.approx([2.2222, 1.5789], abs=1e-4)


def test_vaccinated_gradients_have_the_target_cosine():
    method = make("gradvac", beta=1.0)
    near = torch.tensor([[1.0, 0.1], [1.0, -0.1]], dtype=torch.float64)
    method.weights_of(near @ near.T, ("a", "b"))
    target = (near[0] @ near[1] / near[0].norm() / near[1].norm()).item()
    far = torch.eye(2, dtype=torch.float64)
    weights = method.weights_of(far @ far.T, ("a", "b"))
    # Each gradient gets so much of the other that their cosine is the target.
    part = weights[0].item() - 1
    assert part / (1 + part**2) ** 0.5 == pytest.approx(target)


@pytest.mark.parametrize(("strength", "expected"), [(0.0, [0.6, 0.4]), (1000.0, [0.5, 0.5])])
def test_the_direction_oriented_weights_end_between_shortest_and_mean(
    strength: float, expected: list[float]
):
    method = make("sdmgrad", strength=strength)
    jacobian = torch.tensor([[-4.0, 1, 1], [6, 1, 1]])
    for _ in range(20):
        weights, _ = weigh(method, step_of(jacobian))
    assert weights.tolist() == pytest.approx(expected, abs=2e-3)


def test_direction_oriented_weights_are_those_from_before_the_batch():
    # What a batch tells moves the weights of the next step: its own direction is not biased.
    method = make("sdmgrad")
    one, other = torch.tensor([[-4.0, 1, 1], [6, 1, 1]]), torch.tensor([[9.0, 0, 0], [0, 1, 0]])
    first, _ = weigh(method, step_of(one))
    assert first.tolist() == pytest.approx([0.5, 0.5])
    second, _ = weigh(method, step_of(other))
    assert second[0] > second[1]
    again = make("sdmgrad")
    weigh(again, step_of(one))
    torch.testing.assert_close(second, weigh(again, step_of(one))[0])


class Halves:
    """A step whose two halves are given, and whose jacobian is their sum."""

    names, priorities = ("a", "b"), (1.0, 1.0)

    def __init__(self, first: torch.Tensor, second: torch.Tensor) -> None:
        self.first, self.second = first, second

    def halves(self) -> tuple[torch.Tensor, torch.Tensor]:
        return self.first, self.second

    def tensor(self, values: list[float]) -> torch.Tensor:
        return torch.tensor(values)


def test_direction_oriented_weights_do_not_follow_the_noise():
    # Each task's noise is its own on each half. The products of one and the same sample would
    # show task a, the noisier, as long, and take its weight away; those across halves do not.
    generator = torch.Generator().manual_seed(0)
    method = make("sdmgrad", strength=0.0, rate=0.02, steps=1)
    size = torch.tensor([[3.0], [0.0]])
    mean = torch.tensor([[1.0, 0, 0, 0], [0, 1.0, 0, 0]])
    shares: list[float] = []
    for _ in range(1500):
        halves = [mean + size * torch.randn(2, 4, generator=generator) for _ in range(2)]
        shares.append(float(method.weigh(Halves(*halves))[0]))
    assert sum(shares[500:]) / 1000 == pytest.approx(0.5, abs=0.1)
