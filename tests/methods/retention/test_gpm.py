"""Gradient projection memory: what past inputs see does not change."""

import pytest
import torch

from tests.engine.toys import Run, sgd, split_digits, training
from workbench.engine.past import StageData
from workbench.methods.retention.gpm import grown_basis
from workbench.spec.experiment import Choice


def test_the_basis_holds_the_share_asked_for_with_the_fewest_columns():
    generator = torch.Generator().manual_seed(0)
    rows = torch.randn(40, 12, generator=generator) * torch.linspace(3, 0.1, 12)
    for share in (0.5, 0.9, 0.99):
        basis = grown_basis(None, rows, share)
        torch.testing.assert_close(basis.T @ basis, torch.eye(basis.shape[1]))
        held = [(rows @ basis[:, :k]).square().sum() / rows.square().sum() for k in (-1, None)]
        assert held[0] < share <= held[1] + 1e-6


def test_what_is_already_held_is_not_added_again():
    rows = torch.randn(40, 12, generator=torch.Generator().manual_seed(0))
    basis = grown_basis(None, rows, 0.95)
    again = grown_basis(basis, rows, 0.95)
    assert again.shape == basis.shape
    torch.testing.assert_close(again @ again.T, basis @ basis.T, atol=1e-5, rtol=1e-4)
    assert grown_basis(basis, torch.randn(40, 12), 1.0).shape == (12, 12)


def test_steps_do_not_change_the_answers_to_past_inputs():
    run = Run(
        split_digits(
            training=training(), optimizer=sgd(0.1), retention=Choice(kind="gpm", threshold=1.0)
        )
    )
    update = run.trainer.update
    past, new = (update.tasks[name].data["train"] for name in ("0-1", "2-3"))
    past = past[:10]
    update.tasks["0-1"].data = {**update.tasks["0-1"].data, "train": past}
    before = run.model({"0-1": past})["0-1"].detach()
    update.retention.end(StageData(0, ("0-1",), update.tasks, run.model))
    start = run.model({"2-3": new})["2-3"].detach()
    for _ in range(5):
        run.trainer.learner.learn({"2-3": new}, update)
    moved = (run.model({"2-3": new})["2-3"] - start).abs().max()
    kept = (run.model({"0-1": past})["0-1"] - before).abs().max()
    assert moved > 0.1
    assert kept.item() == pytest.approx(0, abs=1e-3)
