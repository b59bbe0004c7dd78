"""GEM: the worked figure, and the exact solution of its quadratic program."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from tests.engine.toys import Run, split_digits, training
from workbench.engine.numerics.solvers import NotSolvedError
from workbench.engine.update.stage_data import StageData
from workbench.methods.retention import gem
from workbench.methods.retention.gem import nearest_harmless
from workbench.spec.experiment import Choice


def test_the_worked_figure_which_successive_projections_get_wrong():
    gradient = torch.tensor([1.0, 1.0])
    past = torch.tensor([[-1.0, 0.0], [1.0, -1.0]])
    assert nearest_harmless(gradient, past).tolist() == pytest.approx([0.0, 0.0], abs=1e-6)


def test_of_one_past_task_it_is_the_projection():
    nearest = nearest_harmless(torch.tensor([1.0, 1.0]), torch.tensor([[-1.0, 0.0]]))
    assert nearest.tolist() == pytest.approx([0.0, 1.0], abs=1e-6)


def test_a_gradient_that_harms_nothing_stays_as_it_is():
    gradient = torch.tensor([1.0, 1.0])
    assert nearest_harmless(gradient, torch.eye(2), strength=0.5) is gradient


def test_strength_leans_towards_the_past():
    gradient, past = torch.tensor([1.0, 1.0]), torch.tensor([[-1.0, 0.0]])
    leaning = nearest_harmless(gradient, past, strength=0.5)
    assert leaning.tolist() == pytest.approx([-0.5, 1.0], abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_no_vector_that_harms_nothing_is_nearer(seed: int, n_past: int):
    generator = torch.Generator().manual_seed(seed)
    gradient = torch.randn(6, generator=generator, dtype=torch.float64)
    past = torch.randn(n_past, 6, generator=generator, dtype=torch.float64)
    nearest = nearest_harmless(gradient, past)
    assert (past @ nearest).min() >= -1e-9
    g, rows = gradient.numpy(), past.numpy()
    best = minimize(
        lambda z: ((z - g) ** 2).sum(),
        np.zeros(6),
        jac=lambda z: 2 * (z - g),
        constraints={"type": "ineq", "fun": lambda z: rows @ z, "jac": lambda z: rows},
        method="SLSQP",
        options={"ftol": 1e-12},
    )
    assert ((nearest.numpy() - g) ** 2).sum() <= best.fun + 1e-6


def test_as_many_examples_of_each_task_are_kept():
    run = Run(
        split_digits(training=training(), retention=Choice(kind="gem", memory_per_task=7))
    ).to_the_end()
    memory_parts = run.trainer.update.retention.memory.parts
    assert [len(part) for part in memory_parts.values()] == [7, 7, 7]


def test_a_solver_that_gives_up_is_told_and_the_step_is_the_batchs_own(
    monkeypatch: pytest.MonkeyPatch,
):
    def give_up(*_: object) -> None:
        raise NotSolvedError("no active set was found")

    monkeypatch.setattr(gem, "nonnegative", give_up)
    run = Run(split_digits(retention=Choice(kind="gem"), training=training()))
    update = run.trainer.update
    update.retention.on_stage_end(StageData(0, ("0-1",), update.tasks, run.model))
    step = update.step({"2-3": update.tasks["2-3"].data["train"][:20]})
    update.combine(step)
    past = update.retention.memory.parts["0-1"]
    against = -step.whole_gradient(step.on({"0-1": past}).losses[0])
    assert update.retention.project(against, step) is against
    (notice,) = update.retention.notices
    assert notice == "no active set was found; the batch's own gradient was used instead"
