"""Elastic weight consolidation: worked figures, its Fisher information and its penalty."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given as given_by
from hypothesis import settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.func import vmap

from tests.engine.toys import (
    Run,
    Scalar,
    constant,
    given,
    sgd,
    spec,
    split_digits,
    task,
    teaching,
    training,
)
from workbench.engine.blocks.retention import importance
from workbench.engine.blocks.retention.anchor import OVERSHOOT
from workbench.engine.roles.task import Classes, Image, Part, Task, Values, Vector
from workbench.engine.update.stage_data import StageData
from workbench.engine.update.step import Step
from workbench.methods.retention import ewc as module
from workbench.methods.retention.ewc import EWC, fisher
from workbench.spec.event import Finished, Noticed, StageBegan
from workbench.spec.experiment import Choice, TaskChoice


def ewc(**settings: Any) -> EWC:
    return EWC(EWC.Settings(**settings), torch.Generator().manual_seed(0))


def two_quadratics(strength: float) -> Run:
    """½(θ−2)² then ½θ², at a rate of 0.2: the mean squared error of a task of weight ½, whose
    Gaussian likelihood has Fisher information 1."""
    methods = teaching(lambda: [constant("first", 2.0), constant("second", 0.0)], sharing=Scalar)
    return Run(
        given(
            tasks=(TaskChoice(family="given", weight=0.5),),
            curriculum=Choice(kind="sequential"),
            sharing=Choice(kind="scalar"),
            retention=Choice(kind="ewc", strength=strength),
            optimizer=sgd(0.2),
            training=training(epochs=120),
        ),
        methods,
    ).to_the_end()


@pytest.mark.parametrize("strength", [0.0, 0.5, 1.0, 3.0, 8.0])
def test_two_quadratics_meet_where_they_should(strength: float):
    run = two_quadratics(strength)
    assert run.parameters["value"].item() == pytest.approx(2 * strength / (1 + strength), abs=1e-4)


@pytest.mark.parametrize("strength", [9.0, 10.0, 100.0, 1e6])
def test_a_hold_too_strong_for_the_rate_ends_where_it_should_and_says_what_was_done(
    strength: float,
):
    # A whole step would multiply the distance by 1 − 0.2 · (1 + λ), which is below −1.
    run = two_quadratics(strength)
    expected = 2 * strength / (1 + strength)
    assert run.parameters["value"].item() == pytest.approx(expected, abs=1e-4)
    messages = [event.message for event in run.events if isinstance(event, Noticed)]
    assert messages == [OVERSHOOT]


def test_a_hold_that_the_rate_can_follow_is_plain_gradient_descent():
    run = two_quadratics(4.0)  # 0.2 · 4 < 1
    assert not [event for event in run.events if isinstance(event, Noticed)]


#: Strengths at which a whole step of each method overshoots further and further.
STRONG = {"ewc": 1e6, "ewc-online": 1e6, "mas": 1e4, "si": 1e5}


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("kind", STRONG)
def test_no_quadratic_hold_can_overshoot(kind: str, momentum: float):
    run = Run(
        split_digits(
            retention=Choice(kind=kind, strength=STRONG[kind]),
            optimizer=sgd(0.05, momentum=momentum),
            training=training(epochs=4, batch_size=16),
        )
    )
    update, began = run.trainer.update, 0
    for event in run.trainer.run():
        run.events.append(event)
        began += isinstance(event, StageBegan)
        if began == 3:  # a stage was learned under the hold of the first
            break
        if began == 2 and isinstance(event, StageBegan):
            held = update.retention
            anchor = held._merged if kind == "ewc" else held.anchor
            importance, values = dict(anchor.importance), dict(anchor.values)
    assert OVERSHOOT in [event.message for event in run.events if isinstance(event, Noticed)]
    factor = STRONG[kind] * {"ewc": 1.0, "ewc-online": 0.95}.get(kind, 2.0)
    n_held = 0
    for name, item in importance.items():
        is_held = 0.05 * factor * item > 2
        away = (run.parameters[name] - values[name]).abs()[is_held]
        n_held += away.numel()
        assert away.numel() == 0 or away.max() < 0.2, "held, and not swinging around the anchor"
    assert n_held > 100


def test_the_default_strength_does_not_diverge_on_permuted_pixels():
    run = Run(
        split_digits(
            tasks=(TaskChoice(family="digits-permuted", n_tasks=4),),
            retention=Choice(kind="ewc"),
            optimizer=sgd(0.2),
            training=training(epochs=3, batch_size=16),
        )
    ).to_the_end()
    assert isinstance(run.last, Finished)


class Logistic(nn.Module):
    """Two classes, the second with probability σ(w·x)."""

    def __init__(self, weight: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor([weight]))

    def forward(self, batch: Mapping[str, Part]) -> dict[str, Tensor]:
        collected: dict[str, Tensor] = {}
        for name, part in batch.items():
            logit = part.inputs["x"] @ self.weight
            collected[name] = torch.stack([torch.zeros_like(logit), logit], dim=1)
        return collected


@pytest.mark.parametrize(("kind", "expected"), [("exact", 0.1875), ("empirical", 0.3125)])
def test_the_fisher_information_of_a_logistic(kind: str, expected: float):
    part = Part({"x": torch.ones(2, 1)}, torch.tensor([1, 0]))
    made = Task("coin", {"x": Vector(1)}, Classes(2), {"train": part})
    information = fisher(Logistic(float(np.log(3))), made, part, kind)
    assert information["weight"].item() == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("kind", ["exact", "empirical"])
@pytest.mark.parametrize("output", [Classes(2), Values(1)])
def test_the_fisher_information_is_the_mean_over_examples(kind: str, output: Any):
    run = Run(given(), teaching(lambda: [task("a", 70, output=output)]))
    made = run.trainer.update.tasks["a"]
    part = made.data["train"]
    whole = fisher(run.model, made, part, kind)
    each = [fisher(run.model, made, part[i : i + 1], kind) for i in range(len(part))]
    for name, values in whole.items():
        torch.testing.assert_close(values, torch.stack([one[name] for one in each]).mean(0))


@pytest.mark.parametrize("n_bytes", [1, 16_000])
def test_where_gradients_are_large_fewer_examples_are_looked_at_at_once(
    n_bytes: int, monkeypatch: pytest.MonkeyPatch
):
    """Convolutions have no short cut: each example has a gradient of its own for every class."""
    picture = Part({"x": torch.rand(7, 1, 6, 6)}, torch.arange(7) % 3)
    made = Task("a", {"x": Image(1, 6, 6)}, Classes(3), {"train": picture})
    data = dict.fromkeys(("train", "val", "test"), picture)
    catalogue = teaching(lambda: [dataclasses.replace(made, data=data, metric="accuracy")])
    model = Run(given(encoder=Choice(kind="cnn", channels=[2], hidden=4)), catalogue).model.eval()
    whole = fisher(model, made, picture, "exact")
    largest: list[int] = []

    def noting(function: Any, **settings: Any) -> Any:
        def of_piece(values: Any, inputs: Any, target: Tensor) -> Any:
            largest.append(len(target))
            return vmap(function, **settings)(values, inputs, target)

        return of_piece

    monkeypatch.setattr(importance, "vmap", noting)
    monkeypatch.setattr(importance, "_BYTES", n_bytes)
    in_pieces = fisher(model, made, picture, "exact")
    n_parameters = sum(p.numel() for p in model.parameters())
    assert max(largest) == max(1, n_bytes // (3 * 4 * n_parameters)) < 7
    for name, values in whole.items():
        torch.testing.assert_close(in_pieces[name], values)


def test_the_exact_fisher_information_of_a_network_by_hand():
    run = Run(given(), teaching(lambda: [task("a", 5)]))
    made = run.trainer.update.tasks["a"]
    part = made.data["train"]
    expected = {name: torch.zeros_like(p) for name, p in run.model.named_parameters()}
    for i in range(len(part)):
        logs = torch.log_softmax(run.model({"a": part[i : i + 1]})["a"][0], -1)
        for log in logs:
            rows = torch.autograd.grad(log, list(run.model.parameters()), retain_graph=True)
            for store, row in zip(expected.values(), rows, strict=True):
                store += log.exp().detach() * row.square() / len(part)
    information = fisher(run.model, made, part, "exact")
    for name, values in expected.items():
        torch.testing.assert_close(information[name], values)


def test_parameters_of_other_tasks_do_not_matter():
    run = Run(spec())
    made = run.trainer.update.tasks["parity"]
    information = fisher(run.model, made, made.data["train"][:8], "exact")
    own = {id(p) for p in [*run.model.shared_parameters(), *run.model.task_parameters("parity")]}
    for name, parameter in run.model.named_parameters():
        assert information[name].any() == (id(parameter) in own)


def test_the_penalty_is_zero_at_the_anchor_and_grows_around_it():
    run = Run(spec(retention=Choice(kind="ewc", examples=32)))
    retention, update = run.trainer.update.retention, run.trainer.update
    step = update.step(run.trainer.plan.samplers[0].draw())
    assert retention.penalty(step) is None
    retention.on_stage_end(StageData(0, ("digit",), update.tasks, run.model))
    at_anchor = retention.penalty(step)
    assert at_anchor is not None
    assert at_anchor.item() == pytest.approx(0, abs=1e-7)
    gradients = torch.autograd.grad(at_anchor, run.model.shared_parameters())
    assert all(g.abs().max() < 1e-6 for g in gradients)
    with torch.no_grad():
        for parameter in run.model.shared_parameters():
            parameter += 0.1
    moved = retention.penalty(step)
    assert moved is not None
    assert moved.item() > 0.01


def test_strength_zero_costs_nothing():
    run = Run(spec(retention=Choice(kind="ewc", strength=0.0, examples=4)))
    update = run.trainer.update
    update.retention.on_stage_end(StageData(0, ("digit",), update.tasks, run.model))
    assert update.retention.penalty(update.step(run.trainer.plan.samplers[0].draw())) is None


NUMBERS = st.floats(-10, 10).map(lambda value: round(value, 3))
VECTORS = st.lists(NUMBERS, min_size=3, max_size=3)


@settings(max_examples=100, deadline=None)
@given_by(
    st.lists(st.tuples(VECTORS, VECTORS), min_size=1, max_size=5),
    VECTORS,
    st.floats(0.1, 100),
)
def test_merged_anchors_are_the_sum_of_their_quadratics(
    anchors: list[tuple[list[float], list[float]]], at: list[float], strength: float
):
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.theta = nn.Parameter(torch.zeros(3, dtype=torch.float64))

    model = Model()
    method = ewc(strength=strength)
    tasks = {"only": constant("only", 0.0)}
    theta = torch.tensor(at, dtype=torch.float64)
    expected = torch.zeros((), dtype=torch.float64)
    with pytest.MonkeyPatch.context() as patch:
        for importance, anchor in anchors:
            weight = torch.tensor(importance, dtype=torch.float64).square()
            model.theta.data = torch.tensor(anchor, dtype=torch.float64)
            patch.setattr(module, "fisher", lambda *_, penalty=weight: {"theta": penalty})
            expected = expected + (weight * (theta - model.theta.data).square()).sum()
            method.on_stage_end(StageData(0, ("only",), tasks, model))
    model.theta.data = theta
    penalty = method.penalty(Step(model, tasks, {}, {}))
    value = 0.0 if penalty is None else penalty.item()
    assert value == pytest.approx(strength / 2 * expected.item(), rel=1e-6, abs=1e-6)


def test_the_estimate_does_not_move_running_statistics():
    class Normed(Scalar):
        """A scalar behind batch normalisation."""

        key = "normed"

        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            self.norm = nn.BatchNorm1d(1)

        def forward(self, batch: Mapping[str, Part]) -> dict[str, Tensor]:
            return {name: self.norm(part.inputs["x"]) + self.value for name, part in batch.items()}

    run = Run(
        given(sharing=Choice(kind="normed"), retention=Choice(kind="ewc")),
        teaching(lambda: [constant("a", 1.0, n=8)], sharing=Normed),
    )
    update = run.trainer.update
    run.model.train()
    before = {name: values.clone() for name, values in run.model.named_buffers()}
    update.retention.on_stage_end(StageData(0, ("a",), update.tasks, run.model))
    assert before
    for name, values in run.model.named_buffers():
        assert torch.equal(values, before[name])
    assert run.model.training


def test_a_saved_state_gives_the_same_penalty():
    run = Run(split_digits(retention=Choice(kind="ewc", examples=8))).to_the_end()
    update = run.trainer.update
    other = ewc(strength=100.0)
    other.load_state_dict(update.retention.state_dict())
    step = update.step(run.trainer.plan.samplers[0].draw())
    a, b = update.retention.penalty(step), other.penalty(step)
    assert a is not None
    assert b is not None
    assert a.item() == b.item()
