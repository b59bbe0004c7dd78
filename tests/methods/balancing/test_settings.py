"""What papers and their code let one choose: each choice does what it says."""

import pytest
import torch

from tests.engine.toys import Run, spec
from tests.methods.balancing.cases import FOUND, make, step_of, weigh
from workbench.engine.update.step import Step
from workbench.spec.experiment import Choice
from workbench.spec.rules import broken


def a_step() -> Step:
    """Two tasks on a trunk of two layers."""
    run = Run(spec(encoder=Choice(kind="mlp", hidden=[16, 8])))
    return run.trainer.update.step(run.trainer.plan.samplers[0].draw())


def test_layers_are_the_columns_of_the_jacobian_in_order():
    step = a_step()
    assert [size for _, size in step.shared_layers()] == [64 * 16 + 16, 16 * 8 + 8]
    torch.testing.assert_close(step.compared("last-layer"), step.jacobian[:, -(16 * 8 + 8) :])


def test_gradients_may_be_compared_in_the_last_shared_layer():
    step = a_step()
    last = step.jacobian[:, -(16 * 8 + 8) :]
    weights, direction = weigh(make("mgda", gradients_in="last-layer"), step)
    torch.testing.assert_close(weights, make("mgda").weights_of(last @ last.T))
    torch.testing.assert_close(direction, weights @ step.jacobian)
    assert not torch.allclose(weights, weigh(make("mgda"), step)[0], atol=1e-3)


def test_gradient_norms_may_be_of_the_last_shared_layer():
    step = a_step()
    method = make("gradnorm", gradients_in="last-layer", alpha=0.0, rate=0.05)
    for _ in range(300):
        weights, _ = weigh(method, step)
    norms = weights * step.compared("last-layer").norm(dim=1)
    assert norms[0].item() == pytest.approx(norms[1].item(), rel=0.1)


def test_learned_gradient_weights_stay_above_their_floor():
    gradients = torch.tensor([[1.0, 0], [0, 1e6]])
    for floor in (1e-3, 0.1):
        method = make("gradnorm", rate=1.0, floor=floor)
        for _ in range(50):
            weights, _ = weigh(method, step_of(gradients))
        # Put back on a sum of 2, the smallest is that part of the mean or more.
        assert weights.min().item() >= 0.5 * floor
        assert weights.min().item() < 4 * floor


def test_vaccination_by_layer_is_that_of_each_layer():
    step = a_step()
    sizes = [size for _, size in step.shared_layers()]
    weights, direction = weigh(make("gradvac", by_layer=True, beta=0.5), step)
    pieces: list[torch.Tensor] = []
    for piece in step.jacobian.split(sizes, dim=1):
        # Two tasks: there is one order only.
        pieces.append(make("gradvac", beta=0.5).weights_of(piece @ piece.T) @ piece)
    torch.testing.assert_close(direction, torch.cat(pieces))
    assert weights.shape == (2,)


def test_vaccination_by_layer_says_where_gradients_are_compared_to_no_avail():
    rules = FOUND["balancing", "gradvac"].Settings.rules
    for place, n_refusals, n_remarks in (("all", 0, 0), ("last-layer", 0, 1)):
        chosen = {"by_layer": True, "gradients_in": place}
        assert len(list(broken(rules, chosen))) == n_refusals
        assert len(list(broken(rules, chosen, warns=True))) == n_remarks
    assert list(broken(rules, {"by_layer": True, "gradients_in": "representation"}))


def test_vaccination_by_layer_goes_on_from_its_state():
    steps = [a_step() for _ in range(2)]
    whole, first, second = (make("gradvac", by_layer=True, beta=0.5) for _ in range(3))
    weigh(whole, steps[0])
    weigh(first, steps[0])
    second.load_state_dict(first.state_dict())
    torch.testing.assert_close(weigh(second, steps[1])[1], weigh(whole, steps[1])[1])


def test_each_task_may_have_an_ideal_of_its_own():
    method = make("stch", ideals=[1.0, -2.0], ideal=0.5)
    method.begin(("a", "b"), 1)
    method.begin(("c",), 1)
    weights, _ = weigh(method, step_of(torch.eye(3), [3.0, 1.0, 2.0]))
    expected = torch.tensor([3.0 - 1.0, 1.0 + 2.0, 2.0 - 0.5]).softmax(0)
    torch.testing.assert_close(weights, expected)
    again = make("stch", ideals=[1.0, -2.0], ideal=0.5)
    again.load_state_dict(method.state_dict())
    torch.testing.assert_close(weigh(again, step_of(torch.eye(3), [3.0, 1.0, 2.0]))[0], expected)
    assert not method.notices


def test_a_loss_below_its_ideal_is_told_where_weights_differ():
    method = make("stch", ideal=1.0)
    weigh(method, step_of(torch.eye(2), [0.5, 2.0]))
    assert not method.notices
    weigh(method, step_of(torch.eye(2), [0.5, 2.0], [1.0, 3.0]))
    assert len(method.notices) == 1
    assert "the loss of a is below its ideal of 1" in method.notices[0]


def test_a_bargain_in_use_goes_on_from_its_state():
    draw = torch.Generator().manual_seed(0)
    steps = [step_of(torch.randn(2, 4, generator=draw)) for _ in range(4)]
    first, second = (make("nash-mtl", update_weights_every=3) for _ in range(2))
    weights, again = (weigh(first, step)[0].tolist() for step in steps[:2])
    assert again == weights
    second.load_state_dict(first.state_dict())
    assert weigh(second, steps[2])[0].tolist() == weights
    assert weigh(second, steps[3])[0].tolist() != weights
