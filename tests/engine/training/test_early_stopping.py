"""Stages that end when validation gets no better, and go back to the best model of the stage."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.contracts.faces import CATALOGUE
from tests.engine.toys import Run, methods, spec, split_digits, training
from workbench.engine.build.build import build
from workbench.engine.roles.method import BadSpecError
from workbench.engine.training import checkpoint
from workbench.spec.check import problems
from workbench.spec.command import Stop
from workbench.spec.event import Evaluated, Event, Noticed, Replanned, StageBegan
from workbench.spec.experiment import Choice, Optimizer, Spec, TaskChoice
from workbench.spec.experiments.training import Stopping


def overfitting(**stopping: Any) -> Spec:
    """Far too large a rate on few rows: validation soon gets worse."""
    return spec(
        tasks=(TaskChoice(family="iris"),),
        optimizer=Optimizer(kind="adam", lr=0.05),
        encoder=Choice(kind="mlp", hidden=[64, 64]),
        training=training(
            epochs=1, steps=120, evaluate_every=4, batch_size=8, stopping=Stopping(**stopping)
        ),
    )


def validations(events: list[Event], *, at_end: bool = False) -> list[Evaluated]:
    return [e for e in events if isinstance(e, Evaluated) and e.split == "val" and e.stage >= 0
            and e.ends_stage == at_end]  # fmt: skip


def notices(events: list[Event]) -> list[str]:
    return [e.message for e in events if isinstance(e, Noticed) and e.source == "stopping"]


def test_a_stage_ends_after_so_many_validations_that_are_no_better():
    run = Run(overfitting(patience=3)).to_the_end()
    losses = [float(each.losses.mean()) for each in validations(run.events)]
    best = int(np.argmin(losses))
    assert len(losses) == best + 1 + 3  # the first three in a row end it
    assert run.trainer.at.step == 4 * len(losses) < 120
    (replanned,) = [e for e in run.events if isinstance(e, Replanned)]
    assert replanned.stages[0].steps == run.trainer.at.step
    (told,) = notices(run.events)
    assert "stage 1 ends here: 3 validations in a row were no better" in told
    assert f"step {4 * (best + 1):,}" in told


def test_a_change_that_is_too_small_is_none():
    assert Run(overfitting(patience=2, least_change=100.0)).to_the_end().trainer.at.step == 12


@pytest.mark.parametrize("of", ["loss", "score"])
def test_the_best_model_of_validation_is_what_a_stage_leaves(of: str, tmp_path: Path):
    run = Run(overfitting(keep_best=True, of=of), folder=tmp_path / "checkpoint").to_the_end()
    assert run.trainer.at.step == 120
    told = validations(run.events)
    figures = [float(e.losses.mean()) if of == "loss" else -float(e.scores.mean()) for e in told]
    (last,) = validations(run.events, at_end=True)
    kept = float(last.losses.mean()) if of == "loss" else -float(last.scores.mean())
    assert kept == min(figures)
    assert any("back to the model of step" in each for each in notices(run.events))
    saved = checkpoint.load_newest(tmp_path / "checkpoint")[0]
    assert saved is not None
    for name, values in checkpoint.tensors_of(run.model).items():
        assert torch.equal(values, saved.values[name])


def test_without_it_nothing_is_otherwise():
    plain = Run(overfitting()).to_the_end()
    watched = Run(overfitting(patience=1000)).to_the_end()
    told = [[e for e in run.events if isinstance(e, Evaluated)] for run in (plain, watched)]
    assert len(told[0]) > 30
    assert told[0] == told[1]


def test_the_test_split_decides_nothing():
    """Test examples of other answers change no step, no best and no end."""
    steps: list[int] = []
    for is_changed in (False, True):
        trainer = build(overfitting(patience=3, keep_best=True), 0, methods())
        if is_changed:
            for task in trainer.update.tasks.values():
                target = task.data["test"].target
                target.copy_(target.flip(0))
        events = list(trainer.run())
        steps.append(trainer.at.step)
        steps += [e.step for e in events if isinstance(e, Noticed) and e.source == "stopping"]
    half = len(steps) // 2
    assert steps[:half] == steps[half:]


@pytest.mark.parametrize("at", [6, 14, 22])
def test_a_resume_is_bit_for_bit(at: int, tmp_path: Path):
    setup = split_digits(
        training=training(
            evaluate_every=2, epochs=1, steps=12, stopping=Stopping(patience=3, keep_best=True)
        ),
        optimizer=Optimizer(kind="adam", lr=0.03),
    )
    whole = Run(setup).to_the_end()
    folder = tmp_path / "checkpoint"
    begun = Run(setup, folder=folder, commands={at: (Stop(),)}).to_the_end()
    at_step = begun.trainer.at.step
    assert at_step == at
    again = Run(setup, folder=folder, resume=True).to_the_end()
    for name, values in checkpoint.tensors_of(whole.model).items():
        assert torch.equal(values, checkpoint.tensors_of(again.model)[name]), (name, at_step)
    assert whole.trainer.at.step == again.trainer.at.step
    assert notices(whole.events)[-1] == notices(again.events)[-1]


def test_each_stage_begins_anew(tmp_path: Path):
    setup = split_digits(
        training=training(evaluate_every=2, epochs=1, steps=40, stopping=Stopping(patience=2)),
        optimizer=Optimizer(kind="adam", lr=0.1),
    )
    run = Run(setup).to_the_end()
    begun = [e.step for e in run.events if isinstance(e, StageBegan)]
    assert len(begun) == len(run.trainer.stages)
    assert len(run.trainer.at.rows) == len(run.trainer.stages)
    steps = run.trainer.plan.steps
    assert sum(steps) == run.trainer.at.step
    assert all(taken >= 6 for taken in steps)


def test_a_task_that_is_not_there_and_no_validations_are_refused():
    with pytest.raises(BadSpecError, match="there is no task 'rose'"):
        Run(overfitting(patience=1, on="rose"))
    setup = overfitting(patience=1)
    silent = setup.model_copy(
        update={"training": setup.training.model_copy(update={"evaluate_every": 0})}
    )
    assert [p.field for p in problems(silent, CATALOGUE)] == ["training.evaluate_every"]


def test_a_stream_is_as_long_as_it_was_drawn():
    setup = split_digits(
        curriculum=Choice(kind="blurred"),
        training=training(evaluate_every=1, epochs=1, stopping=Stopping(patience=1)),
    )
    run = Run(setup).to_the_end()
    assert any("patience ends none of its stages" in each for each in notices(run.events))
    assert run.trainer.at.step == sum(run.trainer.plan.steps)
