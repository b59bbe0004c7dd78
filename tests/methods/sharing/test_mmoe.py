"""MMoE: experts for all, a gate a task."""

import pytest
import torch

from tests.methods.sharing.toys import apart, assert_same_answers, built, reached, shake, together


@pytest.mark.parametrize("make", [together, apart])
def test_one_expert_trains_as_hard_sharing_does(make):
    assert_same_answers(
        built("mmoe", make, experts=1).to_the_end(), built("hard", make).to_the_end()
    )


def test_a_task_reaches_every_expert_and_its_own_gate_and_head():
    run = built("mmoe", experts=3)
    shake(run.model)
    reach = reached(run)
    shared = reach["a"] & reach["b"]
    assert {name.partition(".")[0] for name in shared} == {"experts"}
    assert {name for name, _ in run.model.named_parameters() if "experts" in name} == shared
    assert {name.partition(".")[0] for name in reach["a"] - shared} == {"gates", "heads"}


@pytest.mark.parametrize("make", [together, apart])
def test_features_are_the_experts_weighted_by_the_gate(make):
    run = built("mmoe", make, experts=3)
    shake(run.model)
    model = run.model
    for i, one in enumerate(make()):
        x = one.data["test"].inputs["x"]
        weights = model.gates.bank.copies[i](x)
        torch.testing.assert_close(weights.sum(1), torch.ones(len(x)))
        features = 0
        for e in range(3):
            hidden = x
            for bank in [*model.experts.stems, *model.experts.stages]:
                hidden = bank.copies[e](hidden)
            features = features + weights[:, e : e + 1] * hidden
        expected = model.heads({one.name: features})[one.name]
        outputs = model({other.name: other.data["test"] for other in make()})[one.name]
        torch.testing.assert_close(outputs, expected)


def test_gates_start_even():
    run = built("mmoe", experts=4)
    x = torch.randn(3, 4)
    assert torch.equal(run.model.gates({"a": x})["a"], torch.full((3, 4), 0.25))
