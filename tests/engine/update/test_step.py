"""Lazy facts about one batch."""

import pytest
import torch

from tests.engine.toys import Run, given, spec, split_digits, task, teaching
from workbench.engine.numerics.flat_parameters import flatten, scatter
from workbench.engine.roles.task import Classes
from workbench.engine.update.step import Step
from workbench.spec.experiment import Choice


@pytest.fixture
def run() -> Run:
    """A model with two tasks."""
    return Run(spec())


def step_of(run: Run) -> Step:
    update = run.trainer.update
    update.draw = run.trainer.plan.samplers[0].draw
    return update.step(update.draw())


def test_nothing_is_computed_before_it_is_read(run: Run):
    calls: list[int] = []
    run.model.register_forward_hook(lambda *_: calls.append(1))
    step = step_of(run)
    assert not calls
    _ = step.losses, step.jacobian, step.gramian, step.outputs
    assert calls == [1]


def test_rows_of_the_jacobian_are_the_tasks_gradients(run: Run):
    step = step_of(run)
    rows = [
        flatten(
            torch.autograd.grad(loss, run.model.shared_parameters(), retain_graph=True),
            run.model.shared_parameters(),
        )
        for loss in step.separate_losses
    ]
    assert torch.equal(step.jacobian, torch.stack(rows))
    assert torch.equal(step.gradient(step.losses[1]), rows[1])
    assert torch.allclose(step.gramian, step.jacobian @ step.jacobian.T)


def test_a_head_that_all_tasks_share_is_in_the_jacobian():
    run = Run(split_digits())
    head = run.model.heads.shared_parameters()
    assert len(head) == 2
    shared = run.model.shared_parameters()
    assert {id(parameter) for parameter in head} <= {id(parameter) for parameter in shared}
    step = step_of(run)
    assert step.jacobian.shape == (1, sum(parameter.numel() for parameter in shared))
    assert not step.own_gradients


def test_own_gradients_carry_the_tasks_weight(run: Run):
    plain = step_of(run)
    run.trainer.update.task_weights["parity"] = 3.0
    weighted = plain.on(plain.batch)
    _ = plain.jacobian, weighted.jacobian
    assert torch.equal(plain.jacobian, weighted.jacobian)
    scales = [
        (b / a).nanmean().item()
        for (_, a), (_, b) in zip(plain.own_gradients, weighted.own_gradients, strict=True)
    ]
    assert scales == pytest.approx([1, 1, 3, 3])


@pytest.mark.parametrize("n", [None, 8, 7, 1])
def test_halves_of_a_batch_add_up_to_its_jacobian(run: Run, n: int | None):
    whole = step_of(run)
    if n is not None:  # the tasks no longer hold one input: a loss for each half
        whole = whole.on({name: part[:n] for name, part in whole.batch.items()})
    cut = whole.on(whole.batch)
    first, second = cut.halves()
    torch.testing.assert_close(first + second, whole.jacobian)
    assert torch.equal(cut.jacobian, first + second)
    for (p, a), (q, b) in zip(cut.own_gradients, whole.own_gradients, strict=True):
        assert p is q
        torch.testing.assert_close(a, b)
    if n == 1:
        torch.testing.assert_close(first, second)
    else:
        size = len(next(iter(whole.batch.values())))
        half = slice(0, size // 2) if n is None else slice(0, None, 2)
        alone = whole.on({name: part[half] for name, part in whole.batch.items()})
        share = len(next(iter(alone.batch.values()))) / size
        torch.testing.assert_close(first, alone.jacobian * share)


def test_a_fresh_step_is_on_another_batch(run: Run):
    step = step_of(run)
    fresh = step.fresh()
    assert not torch.equal(
        fresh.batch["digit"].inputs["pixels"], step.batch["digit"].inputs["pixels"]
    )


def test_without_a_source_there_is_no_fresh_step(run: Run):
    step = step_of(run)
    lonely = Step(run.model, run.trainer.update.tasks, step.batch, {"digit": 1.0, "parity": 1.0})
    with pytest.raises(RuntimeError, match="no source"):
        lonely.fresh()


def test_separate_inputs_are_encoded_in_one_pass():
    run = Run(given(), teaching(lambda: [task("a"), task("b")]))
    calls: list[int] = []
    run.model.body.register_forward_hook(lambda *_: None)
    run.model.stems[0].register_forward_hook(lambda *_: calls.append(1))
    step = step_of(run)
    assert set(step.outputs) == {"a", "b"}
    assert calls == [1]
    alone = run.model({"b": step.batch["b"]})["b"]
    assert torch.allclose(step.outputs["b"], alone, atol=1e-6)


def test_a_missing_gradient_counts_as_zero():
    parameters = [torch.nn.Parameter(torch.ones(2)), torch.nn.Parameter(torch.ones(1, 2))]
    assert flatten([None, torch.full((1, 2), 3.0)], parameters).tolist() == [0, 0, 3, 3]
    assert flatten([], []).shape == (0,)
    scatter(torch.arange(4.0), parameters)
    assert parameters[1].grad is not None
    assert parameters[1].grad.tolist() == [[2, 3]]


def test_losses_in_a_few_calls_are_the_tasks_own():
    tasks = [task(name, n, Classes(2)) for name, n in (("a", 20), ("b", 7), ("c", 33))]
    run = Run(given(), teaching(lambda: tasks))
    update = run.trainer.update
    batch = {name: item.data["train"] for name, item in update.tasks.items()}
    weights = torch.tensor([0.5, 2.0, 1.0])

    def gradients(step: Step) -> list[torch.Tensor]:
        scalar = (torch.stack(step.separate_losses) * weights).sum()
        return list(torch.autograd.grad(scalar, list(run.model.parameters())))

    together, apart = (
        update.step(batch),
        Step(update.model, update.tasks, batch, dict.fromkeys("abc", 1.0)),
    )
    assert len({id(loss.grad_fn) for loss in apart.separate_losses}) == 3
    assert together.values == pytest.approx(apart.values)
    assert together.losses.tolist() == together.values
    for a, b in zip(gradients(together), gradients(apart), strict=True):
        assert torch.allclose(a, b, atol=1e-6)
    assert "UnbindBackward" in str(together.separate_losses[0].grad_fn)


def test_each_loss_keeps_a_graph_of_its_own_for_gradient_balancing():
    tasks = [task(name, 20, Classes(2)) for name in "abc"]
    run = Run(given(balancing=Choice(kind="pcgrad")), teaching(lambda: tasks))
    step = step_of(run)
    assert len({id(loss.grad_fn) for loss in step.separate_losses}) == 3
