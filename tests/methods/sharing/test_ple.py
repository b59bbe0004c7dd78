"""CGC and PLE: shared experts, experts of one's own, level by level."""

from typing import Any

import pytest
import torch
from torch import Tensor

from tests.engine.toys import given, task, teaching
from tests.methods.sharing.toys import (
    apart,
    assert_same_answers,
    built,
    pictures,
    reached,
    shake,
    together,
)
from workbench.engine.build import build as session
from workbench.engine.roles.method import BadSpecError
from workbench.spec.experiment import Choice


@pytest.mark.parametrize("make", [together, apart])
@pytest.mark.parametrize("kind", ["cgc", "ple"])
def test_without_shared_experts_it_trains_as_separate_networks_do(kind: str, make):
    one = built(kind, make, shared_experts=0).to_the_end()
    assert one.model.shared_parameters() == []
    assert_same_answers(one, built("separate", make).to_the_end(), make)


def test_one_level_of_ple_is_cgc():
    assert_same_answers(built("ple", levels=1).to_the_end(), built("cgc").to_the_end())


def streamed(model: Any, place: int, x: Tensor) -> Tensor:
    """PLE's features of the task at `place` from its input, written out one expert at a time."""
    experts = model.experts
    n_tasks, n_own = experts.n_tasks, experts.n_own
    private = [[t * n_own + i for i in range(n_own)] for t in range(n_tasks)]
    shared = list(range(n_tasks * n_own, experts.n_experts))
    # Here the encoder has a stage for each level.
    stages = [experts.columns.stems[0], *experts.columns.stages]
    streams: list[Tensor] = [x] * (n_tasks + 1)
    for level, bank in enumerate(stages):
        gates = experts.first_gates[0] if level == 0 else experts.later_gates[level - 1]
        given = {e: streams[e // n_own] for t in range(n_tasks) for e in private[t]}
        outputs = {e: bank.copies[e](values) for e, values in given.items()}
        outputs |= {e: bank.copies[e](streams[-1]) for e in shared}
        after: list[Tensor] = []
        for t in range(n_tasks):
            weights = gates.own.copies[t](streams[t])
            chosen = [*private[t], *shared]
            after.append(sum(weights[:, [i]] * outputs[e] for i, e in enumerate(chosen)))
        if gates.over_all is not None:
            weights = gates.over_all.copies[0](streams[-1])
            after.append(sum(weights[:, [e]] * outputs[e] for e in outputs))
        streams = after
    return streams[place]


@pytest.mark.parametrize("make", [together, apart])
@pytest.mark.parametrize(("n_shared", "n_own"), [(1, 1), (2, 3), (0, 2)])
@pytest.mark.parametrize("levels", [1, 2, 3])
def test_features_are_those_of_the_experts_one_by_one(make, n_shared, n_own, levels):
    run = built(
        "ple",
        lambda: make(3),
        hidden=(5,) * levels,
        levels=levels,
        shared_experts=n_shared,
        own_experts=n_own,
    )
    shake(run.model)
    tasks = make(3)
    outputs = run.model({one.name: one.data["test"] for one in tasks})
    for place, one in enumerate(tasks):
        features = streamed(run.model, place, one.data["test"].inputs["x"])
        expected = run.model.heads({one.name: features})[one.name]
        torch.testing.assert_close(outputs[one.name], expected)


@pytest.mark.parametrize("levels", [1, 2, 3])
def test_below_the_last_level_experts_reach_every_task(levels: int):
    run = built("ple", hidden=(5,) * 3, levels=levels)
    shake(run.model)
    reach = reached(run)
    by_id = {id(p): name for name, p in run.model.named_parameters()}
    shared = {by_id[id(p)] for p in run.model.shared_parameters()}
    assert reach["a"] & reach["b"] == shared
    for name in "ab":
        own = {by_id[id(p)] for p in run.model.task_parameters(name)}
        assert reach[name] - shared == own


def test_an_absent_tasks_experts_are_left_alone():
    run = built("cgc", apart)
    batch = run.trainer.plan.samplers[0].draw()
    run.model({"a": batch["a"]})["a"].sum().backward()
    assert all(p.grad is None for p in run.model.task_parameters("b"))


def test_kinds_of_input_are_told_apart():
    chosen = given(
        sharing=Choice(kind="ple", levels=3), encoder=Choice(kind="auto", hidden=[6, 6, 6])
    )
    catalogue = teaching(lambda: [task("a"), pictures("b"), task("c")])
    trainer = session.build(chosen, 0, catalogue)
    shake(trainer.model)
    batch = trainer.plan.samplers[0].draw()
    together = trainer.model(batch)
    for name, part in batch.items():
        torch.testing.assert_close(trainer.model({name: part})[name], together[name])


def test_gradient_balancing_with_nothing_shared_is_refused():
    chosen = given(sharing=Choice(kind="cgc", shared_experts=0), balancing=Choice(kind="pcgrad"))
    with pytest.raises(BadSpecError, match=r"balancing.kind: .* at these settings of cgc none are"):
        session.build(chosen, 0, teaching(together))
