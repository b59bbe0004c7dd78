"""Scores and losses of whole splits."""

import pytest
import torch
from torch import nn

from tests.engine.toys import Run, given, same, spec, task, teaching
from workbench.engine.measure import evaluation
from workbench.engine.roles.task import Part
from workbench.spec.event import Evaluated, Finished
from workbench.spec.experiment import Choice


def test_slices_give_the_scores_of_one_pass(monkeypatch: pytest.MonkeyPatch):
    run = Run(spec())
    scores, losses = run.trainer.evaluator.scores("test")
    monkeypatch.setattr(evaluation, "_AT_ONCE", 50)
    again, other_losses = run.trainer.evaluator.scores("test")
    assert again == pytest.approx(scores, abs=1e-6)
    assert other_losses == pytest.approx(losses, rel=1e-5)


def test_tasks_of_different_sizes_are_scored_whole(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(evaluation, "_AT_ONCE", 8)
    run = Run(given(), teaching(lambda: [task("short", 5), task("long", 30)]))
    outputs, _ = run.trainer.evaluator._passed("val")
    assert {name: len(output) for name, output in outputs.items()} == {"short": 5, "long": 30}


@pytest.mark.parametrize("was_training", [True, False])
def test_the_model_and_the_random_numbers_are_left_alone(was_training: bool):
    run = Run(spec())
    run.model.add_module("dropout", nn.Dropout(0.5))
    run.model.train(was_training)
    random, before = torch.get_rng_state(), {k: v.clone() for k, v in run.parameters.items()}
    run.trainer.evaluator.scores("val")
    assert run.model.training is run.model.dropout.training is was_training
    assert torch.equal(torch.get_rng_state(), random)
    assert same(run.parameters, before)
    assert all(parameter.grad is None for parameter in run.model.parameters())


def test_the_matrix_has_a_row_for_each_stage_and_a_column_for_each_task():
    run = Run(
        given(curriculum=Choice(kind="sequential")),
        teaching(lambda: [task("a"), task("b"), task("c")]),
    ).to_the_end()
    last = run.last
    assert isinstance(last, Finished)
    assert last.matrix.shape == (3, 3)
    assert last.baseline.shape == (3,)
    rows = [e for e in run.events if isinstance(e, Evaluated) and e.split == "test"]
    assert [(row.stage, row.ends_stage) for row in rows] == [
        (-1, False),
        (0, True),
        (1, True),
        (2, True),
    ]
    assert all((row.scores == line).all() for row, line in zip(rows[1:], last.matrix, strict=True))


def test_nothing_is_chosen_on_the_test_split():
    def honest():
        return [task("a", 40), task("b", 40)]

    def tampered():
        tasks = honest()
        for made in tasks:
            part = made.data["test"]
            made.data = {**made.data, "test": Part(part.inputs, 1 - part.target)}
        return tasks

    one, two = (Run(given(), teaching(make)).to_the_end() for make in (honest, tampered))
    assert same(one.parameters, two.parameters)
    assert [e for e in one.events if getattr(e, "split", "") == "val"] == [
        e for e in two.events if getattr(e, "split", "") == "val"
    ]
    assert one.last.scores != two.last.scores
