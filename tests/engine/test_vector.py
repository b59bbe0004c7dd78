"""Parameters in one stretch of memory are moved together, and stay what they were."""

import pytest
import torch
from torch import nn

from workbench.engine.vector import Vector
from workbench.spec.experiment import Choice, Optimizer

from .toys import Run, spec


def test_the_parameters_keep_their_values_and_follow_the_whole():
    layer = nn.Linear(3, 2)
    before = [p.detach().clone() for p in layer.parameters()]
    vector = Vector(list(layer.parameters()))
    for parameter, value in zip(layer.parameters(), before, strict=True):
        assert torch.equal(parameter, value)
    with torch.no_grad():
        vector.whole += 1
    for parameter, value in zip(layer.parameters(), before, strict=True):
        assert torch.equal(parameter, value + 1)


def test_its_gradient_is_that_of_its_parameters_unless_it_was_given_one():
    layer = nn.Linear(3, 2)
    vector = Vector(list(layer.parameters()))
    layer(torch.ones(1, 3)).sum().backward()
    vector.gather()
    assert vector.whole.grad is not None
    assert torch.equal(vector.whole.grad, torch.ones(8))
    vector.whole.grad = torch.zeros(8)
    vector.gather()
    assert not vector.whole.grad.any()


def test_it_holds_these_parameters_in_this_order_only():
    weight, bias = nn.Linear(3, 2).parameters()
    assert Vector([weight, bias]).holds([weight, bias])
    assert not Vector([weight, bias]).holds([bias, weight])
    assert not Vector([weight]).holds([weight, bias])


@pytest.mark.parametrize("kind", ["sgd", "adam", "adamw"])
@pytest.mark.parametrize("clip", [0.0, 0.5])
def test_a_run_ends_where_it_would_without_it(kind: str, clip: float):
    chosen = Optimizer.model_validate({"kind": kind, "lr": 0.01, "weight_decay": 0.01})
    training = spec().training.model_copy(update={"clip": clip})
    changes = {"balancing": Choice(kind="pcgrad"), "optimizer": chosen, "training": training}
    straight = Run(spec(**changes))
    update = straight.trainer.update
    assert update.vector is not None
    apart = Run(spec(**changes))
    whole = apart.trainer.update.vector
    assert whole is not None
    groups = apart.trainer.update.optimizer.param_groups
    groups[0]["params"] = [*whole.parameters, *groups[0]["params"][1:]]
    apart.trainer.update.vector = None
    apart.trainer.update.refresh()
    straight.to_the_end()
    apart.to_the_end()
    for a, b in zip(straight.model.parameters(), apart.model.parameters(), strict=True):
        torch.testing.assert_close(a, b)
