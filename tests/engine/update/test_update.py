"""How losses, weights, penalties and gradients meet in one update."""

import weakref
from collections.abc import Sequence
from typing import Any, ClassVar

import pytest
import torch
from torch import Tensor

from tests.engine.toys import (
    Run,
    constant,
    given,
    sgd,
    spec,
    split_digits,
    task,
    teaching,
    training,
)
from workbench.engine.numerics.flat_parameters import scatter
from workbench.engine.roles.balancing import Balancing, Direction
from workbench.engine.roles.retention import Retention
from workbench.engine.update.step import Step
from workbench.engine.update.update import scale_to_sum
from workbench.spec.event import Diverged, Finished, StageBegan, StepsDone
from workbench.spec.experiment import Choice, Optimizer, TaskChoice

NEVER = training(evaluate_every=0)


def weighted(weights: Sequence[float], **changes: Any) -> Run:
    names = ("digit", "parity", "prime")
    tasks = tuple(
        TaskChoice(family="digits-attributes", task=name, weight=weight)
        for name, weight in zip(names, weights, strict=False)
    )
    return Run(spec(tasks=tasks, optimizer=sgd(0.1), **changes))


def gradients(run: Run) -> dict[str, Tensor]:
    update = run.trainer.update
    batch = run.trainer.plan.samplers[0].draw()
    update.combine(update.step(batch))
    if update.vector is not None and (whole := update.vector.stretches[0].grad) is not None:
        scatter(whole, update.vector.parameters)
    return {
        name: torch.zeros_like(p) if p.grad is None else p.grad.clone()
        for name, p in run.model.named_parameters()
    }


def assert_close(a: dict[str, Tensor], b: dict[str, Tensor]) -> None:
    for name in a:
        torch.testing.assert_close(a[name], b[name], msg=name)


def test_fixed_weights_scale_trunk_and_head_alike():
    one, two = gradients(weighted([1, 1])), gradients(weighted([2, 2]))
    assert_close({name: 2 * g for name, g in one.items()}, two)


@pytest.mark.parametrize("kind", ["fixed", "pcgrad"])
def test_a_task_of_weight_zero_teaches_nothing(kind: str):
    balancing = Choice(kind=kind)
    without = gradients(weighted([1], balancing=balancing))
    zero = gradients(weighted([1, 0], balancing=balancing))
    trunk = {name: g for name, g in without.items() if not name.startswith("heads")}
    assert_close(trunk, {name: zero[name] for name in trunk})
    assert all(not g.any() for name, g in zero.items() if "parity" in name)


@pytest.mark.parametrize("kind", ["fixed", "pcgrad"])
def test_weights_of_zero_can_be_normalised(kind: str):
    run = weighted([1, 1], balancing=Choice(kind=kind, normalise=True))
    run.trainer.update.task_weights.update(digit=0.0, parity=0.0)
    assert all(not g.any() for g in gradients(run).values())


def test_normalised_weights_sum_to_the_number_of_tasks():
    assert scale_to_sum(torch.tensor([1.0, 3.0]), 2).item() == 0.5
    assert scale_to_sum(torch.zeros(2), 2).item() == 1
    assert scale_to_sum(torch.tensor([1.0, -3.0]), 2).item() == 1  # never against the gradients


def test_without_conflict_surgery_is_the_plain_sum():
    one = gradients(weighted([1], balancing=Choice(kind="pcgrad")))
    assert_close(one, gradients(weighted([1])))


def test_a_conflict_in_a_shared_head_is_resolved_there_too():
    def tasks():
        return [constant("up", 1.0), constant("down", -1.0)]

    class Linear(Balancing):
        """Weight one each, in gradient space."""

        key = "ones"
        in_gradient_space = True

        def weigh(self, step: Step) -> Tensor:
            return torch.ones(len(step.names))

    def shared() -> list[Any]:
        made = tasks()
        for one in made:
            one.head = "common"
        return made

    plain = Run(given(optimizer=sgd(0.1)), teaching(shared))
    rows = Run(
        given(optimizer=sgd(0.1), balancing=Choice(kind="ones")),
        teaching(shared, balancing=Linear),
    )
    assert_close(gradients(plain), gradients(rows))
    surgery = Run(given(optimizer=sgd(0.1), balancing=Choice(kind="pcgrad")), teaching(shared))
    update = surgery.trainer.update
    step = update.step(surgery.trainer.plan.samplers[0].draw())
    update.combine(step)
    assert update.vector is not None
    result = update.vector.stretches[0].grad
    weights = torch.tensor(update.balancing.weights_of(step.gramian).tolist())
    torch.testing.assert_close(result, weights @ step.jacobian)


class Held(Retention):
    """A penalty on every parameter, and a projection that notes what it was given."""

    key = "held"
    changes_gradient = True
    factor: ClassVar[float] = 1.0
    given: ClassVar[list[Tensor]] = []

    def penalty(self, step: Step) -> Tensor:
        return self.factor * sum(p.sum() for p in step.model.parameters())

    def project(self, gradient: Tensor, step: Step) -> Tensor:
        self.given.append(gradient)
        return torch.zeros_like(gradient)


@pytest.mark.parametrize("kind", ["fixed", "pcgrad"])
def test_penalties_are_added_after_balancing(kind: str):
    balancing = Choice(kind=kind)
    plain = gradients(Run(spec(balancing=balancing)))
    held = Run(
        spec(balancing=balancing, retention=Choice(kind="held")),
        teaching(list, retention=Held),
    )
    assert_close({name: g + 1 for name, g in plain.items()}, gradients(held))


def test_projection_comes_last_and_has_the_final_word():
    Held.given.clear()
    run = Run(
        spec(retention=Choice(kind="held"), optimizer=sgd(0.1)), teaching(list, retention=Held)
    )
    before = {name: values.clone() for name, values in run.parameters.items()}
    run.to_the_end()
    n_parameters = sum(p.numel() for p in run.model.parameters())
    assert {len(gradient) for gradient in Held.given} == {n_parameters}
    assert_close(before, run.parameters)


def test_a_penalty_that_overflows_is_told_before_it_does_harm():
    class Overflowing(Held):
        """A penalty without bounds."""

        key = "overflowing"
        factor = float("inf")

    run = Run(
        spec(retention=Choice(kind="overflowing")), teaching(list, retention=Overflowing)
    ).to_the_end()
    assert isinstance(run.last, Diverged)
    assert "retention's penalty" in run.last.message
    assert all(values.isfinite().all() for values in run.parameters.values())


def test_a_weight_that_is_not_finite_is_told_with_its_task():
    class Broken(Balancing):
        """A solver gone wrong."""

        key = "broken"

        def weigh(self, step: Step) -> Tensor:
            return torch.tensor([1.0, float("nan")])

    run = Run(spec(balancing=Choice(kind="broken")), teaching(list, balancing=Broken)).to_the_end()
    assert isinstance(run.last, Diverged)
    assert run.last.task == "parity"
    assert "the weight of parity became nan" in run.last.message
    assert all(values.isfinite().all() for values in run.parameters.values())


def test_a_clipped_gradient_has_at_most_the_given_norm():
    run = Run(spec(training=training(clip=0.01), optimizer=sgd(1.0)))
    before = torch.nn.utils.parameters_to_vector(run.model.parameters()).detach().clone()
    update = run.trainer.update
    run.trainer.learner.learn(run.trainer.plan.samplers[0].draw(), update)
    after = torch.nn.utils.parameters_to_vector(run.model.parameters()).detach()
    assert (after - before).norm().item() == pytest.approx(0.01, rel=1e-3)


def test_losses_in_events_are_unweighted():
    one, two = (
        [e for e in weighted([1, w], training=NEVER).to_the_end().events if type(e) is StepsDone]
        for w in (1, 5)
    )
    assert one[0].losses[0].tolist() == two[0].losses[0].tolist()
    assert two[0].weights[0].tolist() == [1, 5]


def test_tasks_with_separate_inputs_and_sizes_train_together():
    run = Run(
        given(training=training(epochs=3, batch_size=8)),
        teaching(lambda: [task("small", 5), task("large", 21)]),
    ).to_the_end()
    blocks = [e for e in run.events if isinstance(e, StepsDone)]
    assert sum(len(block.losses) for block in blocks) == 9
    assert all(torch.from_numpy(block.losses).isfinite().all() for block in blocks)


def test_a_rule_that_looks_back_sees_the_same_batch_after_the_update():
    seen: list[tuple[Step, Step, float, float]] = []

    class LooksBack(Balancing):
        """Compares losses before and after."""

        key = "looks-back"

        def weigh_with_lookback(self, step: Step) -> Any:
            after = yield torch.ones(len(step.names))
            seen.append((step, after, step.losses.sum().item(), after.losses.sum().item()))

    run = Run(
        spec(balancing=Choice(kind="looks-back"), optimizer=sgd(0.01)),
        teaching(list, balancing=LooksBack),
    ).to_the_end()
    assert len(seen) == run.last.step
    for before, after, loss_before, loss_after in seen:
        assert before.batch is after.batch
        assert loss_after < loss_before


@pytest.mark.parametrize("kind", ["fixed", "pcgrad"])
def test_no_step_outlives_its_update(kind: str):
    run = Run(spec(balancing=Choice(kind=kind)))
    batch = run.trainer.plan.samplers[0].draw()
    outputs: list[Any] = []
    run.model.register_forward_hook(
        lambda _, __, found: outputs.append(weakref.ref(found["digit"]))
    )
    run.trainer.learner.learn(batch, run.trainer.update)
    assert outputs
    assert all(reference() is None for reference in outputs)


@pytest.mark.parametrize(("normalise", "size"), [(False, 1.0), (True, 4.0)])
def test_a_direction_is_scaled_like_weights_and_heads_keep_their_own_gradient(
    normalise: bool, size: float
):
    class Given(Balancing):
        """A direction of ones."""

        key = "direction"
        in_gradient_space = True

        def weigh(self, step: Step) -> Direction:
            return Direction(torch.ones_like(step.jacobian[0]), torch.tensor([0.2, 0.3]))

    run = Run(
        spec(balancing=Choice(kind="direction", normalise=normalise)),
        teaching(list, balancing=Given),
    )
    scaled, plain = gradients(run), gradients(Run(spec(balancing=Choice(kind="pcgrad"))))
    for name, gradient in scaled.items():
        if name.startswith("heads"):
            torch.testing.assert_close(gradient, plain[name])
        else:
            assert (gradient == size).all()


def test_a_head_that_is_learned_late_has_momentum_from_its_first_step():
    run = Run(
        split_digits(
            tasks=(TaskChoice(family="digits-split", n_tasks=5, scenario="task"),),
            optimizer=sgd(0.05, momentum=0.9),
        )
    ).to_the_end()
    assert run.last.status == "done"


def test_a_look_back_draws_what_the_step_drew_and_nothing_more():
    seen: list[tuple[list[float], list[float]]] = []

    class LooksBack(Balancing):
        """Compares losses before and after."""

        key = "looks-back"

        def weigh_with_lookback(self, step: Step) -> Any:
            after = yield torch.zeros(len(step.names))
            seen.append((step.losses.tolist(), after.losses.tolist()))

    changes: dict[str, Any] = {"sharing": Choice(kind="ltb"), "training": NEVER}
    looking = Run(
        spec(balancing=Choice(kind="looks-back"), **changes), teaching(list, balancing=LooksBack)
    ).to_the_end()
    assert all(before == after for before, after in seen)
    assert len({tuple(before) for before, _ in seen}) == looking.last.step
    state = torch.get_rng_state()
    Run(spec(**changes)).to_the_end()
    assert torch.equal(state, torch.get_rng_state())


def aligned(run: Run) -> bool:
    """Whether every gradient lies as its parameter does."""
    moved = [p for group in run.trainer.update.optimizer.param_groups for p in group["params"]]
    return all(
        p.grad is None or p.grad.stride() == p.stride() for p in [*moved, *run.model.parameters()]
    )


@pytest.mark.parametrize("kind", ["cgc", "ple", "mmoe", "mtan", "lora"])
def test_gradient_balancing_of_one_task_is_plain_training(kind: str):
    """Autograd gives some of these a gradient that is turned in memory."""
    ends: list[dict[str, Tensor]] = []
    for balancing in ("fixed", "mgda", "pcgrad"):
        run = weighted([1], sharing=Choice(kind=kind), balancing=Choice(kind=balancing))
        ends.append(run.to_the_end().parameters)
        assert aligned(run)
    for name, values in ends[0].items():
        for other in ends[1:]:
            torch.testing.assert_close(other[name], values, atol=1e-5, rtol=1e-5)


GROUPS = {
    "tasks": tuple(
        TaskChoice(family="digits-attributes", task=task)
        for task in ("digit", "parity", "prime", "at-least-five")
    ),
    "curriculum": Choice(kind="blocked", size=2),
    "sharing": Choice(kind="groups", groups="digit, parity | prime, at-least-five"),
    "training": NEVER,
}


@pytest.mark.parametrize(
    "optimizer",
    [
        sgd(0.1, momentum=0.9, weight_decay=0.01),
        Optimizer(kind="adam", weight_decay=0.1),
        Optimizer(kind="adamw", weight_decay=0.1),
    ],
    ids=lambda chosen: chosen.kind,
)
@pytest.mark.parametrize("clip", [0.0, 0.5])
@pytest.mark.parametrize("kind", ["fixed", "mgda", "graddrop"])
def test_what_no_task_of_the_batch_uses_rests(kind: str, clip: float, optimizer: Optimizer):
    training = NEVER.model_copy(update={"clip": clip})
    changes = {**GROUPS, "training": training, "optimizer": optimizer}
    run = Run(spec(**changes, balancing=Choice(kind=kind)))
    result: dict[str, list[dict[str, Tensor]]] = {"first": [], "second": []}
    for event in run.trainer.run():
        if isinstance(event, StageBegan | Finished):
            for part, place in (("first", "0."), ("second", "1.")):
                prefixes = (f"trunks.{place}", f"heads.{place}")
                mine = {n: v.clone() for n, v in run.parameters.items() if n.startswith(prefixes)}
                assert mine
                result[part].append(mine)
    start, between, end = result["first"]
    assert not any(torch.equal(start[name], between[name]) for name in start)
    assert all(torch.equal(between[name], end[name]) for name in start)
    start, between, end = result["second"]
    assert all(torch.equal(start[name], between[name]) for name in start)
    assert not any(torch.equal(between[name], end[name]) for name in start)
