"""Parameters in one stretch of memory are moved together, and stay what they were."""

from typing import Any

import pytest
import torch
from torch import nn

from tests.engine.toys import Run, spec
from workbench.engine.numerics.flat_parameters import Vector, flatten
from workbench.engine.update import momentum_buffers as momentum
from workbench.engine.update.fused_optimizer import Fused
from workbench.spec.experiment import Choice, Optimizer


def test_the_parameters_keep_their_values_and_follow_the_whole():
    layer = nn.Linear(3, 2)
    before = [p.detach().clone() for p in layer.parameters()]
    vector = Vector(list(layer.parameters()))
    for parameter, value in zip(layer.parameters(), before, strict=True):
        assert torch.equal(parameter, value)
    (whole,) = vector.stretches
    with torch.no_grad():
        whole += 1
    for parameter, value in zip(layer.parameters(), before, strict=True):
        assert torch.equal(parameter, value + 1)


def moved_by(vector: Vector, **changes: Any) -> torch.optim.Optimizer:
    return torch.optim.Adam(vector.stretches, lr=0.1, fused=True, **changes)


def test_its_gradient_is_that_of_its_parameters_unless_it_was_given_one():
    layer = nn.Linear(3, 2)
    vector = Vector(list(layer.parameters()))
    optimizer = moved_by(vector)
    layer(torch.ones(1, 3)).sum().backward()
    vector.gather(optimizer)
    (whole,) = vector.stretches
    assert whole.grad is not None
    assert torch.equal(whole.grad, torch.ones(8))
    vector.take(torch.zeros(8), (), optimizer)
    vector.gather(optimizer)
    assert not whole.grad.any()
    vector.clear()
    assert whole.grad is None


def three() -> list[nn.Parameter]:
    generator = torch.Generator().manual_seed(0)
    return [nn.Parameter(torch.randn(n, 3, generator=generator)) for n in (1, 4, 2)]


@pytest.mark.parametrize("kind", ["sgd", "adam", "adamw"])
def test_what_has_no_gradient_rests_as_it_would_alone(kind: str):
    kinds: dict[str, Any] = {
        "sgd": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.1, fused=True),
        "adam": lambda p: torch.optim.Adam(p, lr=0.1, weight_decay=0.1, fused=True),
        "adamw": lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.1, fused=True),
    }
    ours, theirs = three(), three()
    vector = Vector(ours)
    optimizer, plain = kinds[kind](vector.stretches), kinds[kind](theirs)
    for one in (optimizer, plain):
        momentum.start(one)
    fused = Fused(optimizer)
    generator = torch.Generator().manual_seed(1)
    for unused in ((), (1,), (0, 1), (0, 1, 2), (2,), (), (0, 2)):
        before = [p.detach().clone() for p in ours]
        for place, parameter in enumerate(theirs):
            result = torch.randn(parameter.shape, generator=generator)
            parameter.grad = None if place in unused else result
        vector.take(flatten([p.grad for p in theirs], theirs), unused, optimizer)
        fused.step()
        plain.step()
        for place, (a, b, c) in enumerate(zip(ours, theirs, before, strict=True)):
            torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-6)
            assert torch.equal(a, c) == (place in unused)
    assert vector.lengths == [1, 1, 1]


def test_it_is_cut_only_where_a_step_uses_a_part():
    vector = Vector(three())
    optimizer = moved_by(vector)
    vector.take(torch.ones(21), (0, 1, 2), optimizer)
    assert vector.lengths == [3]
    vector.take(torch.ones(21), (2,), optimizer)
    vector.take(torch.ones(21), (), optimizer)
    assert vector.lengths == [2, 1]
    assert [len(stretch) for stretch in vector.stretches] == [15, 6]
    assert optimizer.param_groups[0]["params"] == vector.stretches
    assert all(stretch.grad is not None for stretch in vector.stretches)


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


def test_what_an_earlier_version_saved_is_taken_up_whole():
    changes = {"balancing": Choice(kind="mgda"), "optimizer": Optimizer(weight_decay=0.1)}
    first, second = Run(spec(**changes)).to_the_end(), Run(spec(**changes))
    state = first.trainer.update.state_dict()
    assert state.pop("stretches") == [2]
    second.trainer.update.load_state_dict(state)
    mine, theirs = (run.trainer.update.optimizer.state_dict() for run in (second, first))
    assert mine["state"].keys() == theirs["state"].keys()
    assert torch.equal(mine["state"][0]["exp_avg"], theirs["state"][0]["exp_avg"])
