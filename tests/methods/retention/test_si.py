"""Synaptic intelligence: its importance in the flow limit, and what it integrates."""

import pytest
import torch

from tests.engine.toys import Run, Scalar, constant, given, sgd, spec, teaching, training
from workbench.engine.update.stage_data import StageData
from workbench.spec.experiment import Choice, TaskChoice


def quadratic(curvature: float, clip: float = 0.0, strength: float = 1.0, stages: int = 1) -> Run:
    """½h(θ−3)² from θ = 0 in steps so small that they flow; a second stage pulls elsewhere."""
    methods = teaching(
        lambda: [constant(name, value) for name, value in (("a", 3.0), ("b", -1.0))[:stages]],
        sharing=Scalar,
    )
    return Run(
        given(
            tasks=(TaskChoice(family="given", weight=curvature / 2),),
            curriculum=Choice(kind="sequential"),
            sharing=Choice(kind="scalar"),
            retention=Choice(kind="si", damping=1e-9, strength=strength),
            optimizer=sgd(0.004),
            training=training(epochs=1500, evaluate_every=0, clip=clip),
        ),
        methods,
    )


@pytest.mark.parametrize("curvature", [1.0, 3.0])
def test_on_a_quadratic_the_importance_is_half_the_curvature(curvature: float):
    run = quadratic(curvature).to_the_end()
    result = run.trainer.update.retention.anchor.importance["value"].item()
    assert result == pytest.approx(curvature / 2, rel=0.01)


def test_a_second_stage_integrates_its_own_loss_without_the_penalty():
    # From θ* = 3 with c Ω (θ−3)² beside ½h(θ+1)²: the path integral is the fall of the latter.
    run = quadratic(2.0, stages=2).to_the_end()
    theta = run.parameters["value"].item()
    retention = run.trainer.update.retention
    assert theta == pytest.approx(1.0, abs=0.01)
    assert retention.path["value"].item() == pytest.approx(4.0**2 - 2.0**2, rel=0.01)


def test_clipping_the_step_does_not_change_what_is_integrated():
    run = quadratic(1.0, clip=1.5).to_the_end()
    assert run.trainer.update.retention.anchor.importance["value"].item() == pytest.approx(
        0.5, rel=0.02
    )


def test_the_penalty_is_zero_at_the_anchor_and_grows_around_it():
    run = Run(spec(retention=Choice(kind="si"), training=training(epochs=1)))
    update, retention = run.trainer.update, run.trainer.update.retention
    stage = StageData(0, ("digit", "parity"), update.tasks, run.model)
    retention.on_stage_start(stage)
    for _ in range(3):
        run.trainer.learner.learn(run.trainer.plan.samplers[0].draw(), update)
    retention.on_stage_end(stage)
    step = update.step(run.trainer.plan.samplers[0].draw())
    at_anchor = retention.penalty(step)
    assert at_anchor is not None
    assert at_anchor.item() == 0
    with torch.no_grad():
        for parameter in run.model.parameters():
            parameter += 0.1
    moved = retention.penalty(step)
    assert moved is not None
    assert moved.item() > 0
    assert all((item >= 0).all() for item in retention.anchor.importance.values())
