"""Curves of several seeds: the mean and what lies around it, as far as each seed has come."""

import numpy as np
import pytest

from tests.ui.fakes import FakeRunner
from tests.ui.specs import joint_spec, sequential_spec
from workbench.spec.event import StepsDone
from workbench.study.spread import Spread
from workbench.ui.model.run_model import RunModel
from workbench.ui.plots.seed_curves import loss_spread, matrix_spread, score_spread

ALL = (0.0, 1e6)


def models_of(n: int, steps: int = 60) -> list[RunModel]:
    spec = joint_spec()
    return [RunModel.of(FakeRunner(steps=steps).run(spec, seed), seed, spec) for seed in range(n)]


def test_the_mean_of_losses_is_that_of_the_rows():
    models = models_of(3)
    x, around = loss_spread(models, 1, ALL, 1000, Spread.RANGE)
    rows = np.stack([model.steps.losses for model in models])
    assert x.tolist() == list(range(60))
    assert around.mean == pytest.approx(rows.mean(axis=0))
    assert around.low == pytest.approx(rows.min(axis=0))
    assert around.high == pytest.approx(rows.max(axis=0))


def test_a_seed_counts_as_far_as_it_has_come():
    models = models_of(3)
    spec = joint_spec()
    blocks = 0
    behind = RunModel(7, spec)
    for event in FakeRunner(steps=60).run(spec, 7):
        blocks += isinstance(event, StepsDone)
        if blocks > 2:
            break
        behind.feed(event)
    x, around = loss_spread([*models, behind], 1, ALL, 1000, Spread.SD)
    assert around.n[:, 0].tolist() == [4] * 20 + [3] * 40
    assert len(x) == 60
    steps, scores = score_spread([*models, behind], "", Spread.SD)
    assert dict(zip(steps.tolist(), scores.n[:, 0].tolist(), strict=True))[60] == 3


def test_few_points_stand_for_many_steps():
    models = models_of(2, steps=5000)
    x, around = loss_spread(models, 1, ALL, 100, Spread.INTERVAL)
    assert 50 <= len(x) <= 101
    assert np.isfinite(around.mean).all()
    assert (around.low <= around.mean).all()


def test_a_stage_that_one_seed_has_not_ended_is_the_mean_of_the_others():
    spec = sequential_spec()
    whole = RunModel.of(FakeRunner().run(spec, 0), 0, spec)
    part = RunModel(1, spec)
    for event in FakeRunner().run(spec, 1):
        part.feed(event)
        if len(part.matrix) == 2:
            break
    around = matrix_spread([whole, part], Spread.RANGE)
    assert around.mean.shape == whole.matrix.shape
    assert around.mean[0] == pytest.approx((whole.matrix[0] + part.matrix[0]) / 2)
    assert around.mean[-1] == pytest.approx(whole.matrix[-1])
    assert np.isnan(around.low[-1]).all()
