"""Scores that rank and correlate, against scikit-learn's and scipy's."""

import math

import pytest
import torch
from scipy import stats
from sklearn import metrics
from torch import Tensor

from workbench.methods.metrics.average_precision import AveragePrecision
from workbench.methods.metrics.matthews import Matthews
from workbench.methods.metrics.roc_auc import RocAuc
from workbench.methods.metrics.spearman import Spearman


def answers(seed: int, n_classes: int, *, has_ties: bool) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    target = torch.cat(
        [torch.arange(n_classes), torch.randint(n_classes, (60,), generator=generator)]
    )
    output = torch.randn(len(target), n_classes, generator=generator)
    output += torch.eye(n_classes)[target]
    return (output.round() if has_ties else output), target


@pytest.mark.parametrize("has_ties", [False, True])
@pytest.mark.parametrize("n_classes", [2, 3, 5])
@pytest.mark.parametrize("seed", range(3))
def test_a_ranking_is_scikit_learns(seed: int, n_classes: int, has_ties: bool):
    output, target = answers(seed, n_classes, has_ties=has_ties)
    shares = torch.log_softmax(output.double(), -1)
    if n_classes == 2:
        shares = torch.stack([output[:, 0] - output[:, 1], output[:, 1] - output[:, 0]], 1).double()
    areas = [metrics.roc_auc_score(target == c, shares[:, c]) for c in range(n_classes)]
    precisions = [
        metrics.average_precision_score(target == c, shares[:, c]) for c in range(n_classes)
    ]
    assert RocAuc().score(output, target) == pytest.approx(sum(areas) / n_classes)
    assert AveragePrecision().score(output, target) == pytest.approx(sum(precisions) / n_classes)


@pytest.mark.parametrize("n_classes", [2, 4])
def test_a_correlation_of_classes_is_scikit_learns(n_classes: int):
    output, target = answers(0, n_classes, has_ties=False)
    expected = metrics.matthews_corrcoef(target, output.argmax(-1))
    assert Matthews().score(output, target) == pytest.approx(expected)
    constant = torch.eye(n_classes)[0].expand(len(target), n_classes)
    assert Matthews().score(constant, target) == 0 == Matthews().chance(target)


@pytest.mark.parametrize("has_ties", [False, True])
def test_a_correlation_of_ranks_is_scipys(has_ties: bool):
    generator = torch.Generator().manual_seed(0)
    target = torch.randn(50, 2, generator=generator)
    output = target + torch.randn(50, 2, generator=generator)
    if has_ties:
        output, target = output.round(), target.round()
    expected = [stats.spearmanr(output[:, i], target[:, i]).statistic for i in range(2)]
    assert Spearman().score(output, target) == pytest.approx(sum(expected) / 2)


def test_order_alone_counts():
    output, target = answers(1, 3, has_ties=False)
    assert RocAuc().score(3 * output + 1, target) != 0.5
    values = torch.rand(30, 1, generator=torch.Generator().manual_seed(0))
    assert Spearman().score(values.exp(), values) == pytest.approx(1.0)
    assert Spearman().score(-values, values) == pytest.approx(-1.0)


def test_a_class_that_does_not_occur_is_left_out_and_one_alone_has_no_score():
    output = torch.tensor([[2.0, 1.0, 0.0], [0.0, 1.0, 0.0], [3.0, 0.0, 0.0]])
    assert RocAuc().score(output, torch.tensor([0, 1, 0])) == 1.0
    assert math.isnan(RocAuc().score(output, torch.tensor([0, 0, 0])))
    assert math.isnan(AveragePrecision().score(output, torch.tensor([0, 0, 0])))


def test_guessing_scores_what_chance_says():
    target = torch.tensor([0] * 30 + [1] * 10)
    constant = torch.zeros(40, 2)
    assert RocAuc().score(constant, target) == RocAuc().chance(target) == 0.5
    guessed = AveragePrecision().score(constant, target)
    assert guessed == pytest.approx(AveragePrecision().chance(target))
