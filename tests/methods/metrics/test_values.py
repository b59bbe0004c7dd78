"""Scores of numbers, against scikit-learn's, and what guessing gets."""

import math

import pytest
import torch
from sklearn import metrics
from torch import Tensor

from workbench.engine.roles.metric import Metric
from workbench.methods.metrics.mae import MAE
from workbench.methods.metrics.mse import MSE
from workbench.methods.metrics.r2 import R2
from workbench.methods.metrics.rmse import RMSE
from workbench.methods.metrics.value import Value

THEIRS = {
    R2: metrics.r2_score,
    MSE: metrics.mean_squared_error,
    RMSE: metrics.root_mean_squared_error,
    MAE: metrics.mean_absolute_error,
}


def answers(n_outputs: int = 1) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(3)
    target = torch.randn(41, n_outputs, generator=generator)
    return target + 0.5 * torch.randn(41, n_outputs, generator=generator), target


@pytest.mark.parametrize("metric", THEIRS)
def test_a_score_is_scikit_learns(metric: type[Metric]):
    output, target = answers()
    theirs = THEIRS[metric](target.double().numpy(), output.double().numpy())
    assert metric().score(output, target) == pytest.approx(theirs, rel=1e-9)


def test_r2_of_several_outputs_is_their_mean():
    output, target = answers(3)
    theirs = metrics.r2_score(target.double().numpy(), output.double().numpy())
    assert R2().score(output, target) == pytest.approx(theirs, rel=1e-9)


@pytest.mark.parametrize("metric", THEIRS)
def test_chance_is_the_score_of_the_best_constant(metric: type[Metric]):
    _, target = answers()
    constant = target.median() if metric is MAE else target.mean()
    score = metric().score(constant.expand_as(target), target)
    assert metric().chance(target) == pytest.approx(score, abs=1e-6)
    sign = 1 if metric.higher_is_better else -1
    for other in (constant + 0.1, constant - 0.1):
        assert sign * metric().score(other.expand_as(target), target) < sign * score


@pytest.mark.parametrize("metric", THEIRS)
def test_only_right_answers_have_the_best_score(metric: type[Metric]):
    output, target = answers()
    best = 1.0 if metric.higher_is_better else 0.0
    assert metric().score(target, target) == best
    assert metric().score(output, target) != best


def test_r2_of_a_target_that_never_varies():
    target = torch.ones(4, 1)
    assert R2().score(target, target) == 1.0
    assert R2().score(target + 1, target) == 0.0


def test_a_value_is_the_output_itself():
    assert Value().score(torch.tensor([[-3.0], [1.0]]), torch.zeros(2, 1)) == -1.0
    assert Value().chance(torch.zeros(2, 1)) is None


def test_rmse_of_a_known_case():
    assert RMSE().score(torch.tensor([[1.0], [3.0]]), torch.zeros(2, 1)) == math.sqrt(5)
