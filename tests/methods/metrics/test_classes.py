"""Scores of classes that count every class alike, against scikit-learn's."""

import pytest
import torch
from sklearn import metrics
from torch import Tensor

from workbench.engine.roles.metric import Metric
from workbench.methods.metrics.balanced_accuracy import BalancedAccuracy
from workbench.methods.metrics.macro_f1 import MacroF1


def answers(seed: int) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    target = torch.tensor([0] * 30 + [1] * 8 + [3] * 3)
    return torch.randn(41, 5, generator=generator), target


def theirs(metric: type[Metric], answer: Tensor, target: Tensor) -> float:
    if metric is MacroF1:
        return metrics.f1_score(target, answer, average="macro", zero_division=0)
    recalls = metrics.recall_score(
        target, answer, labels=target.unique(), average=None, zero_division=0
    )
    return recalls.mean()


@pytest.mark.parametrize("metric", [BalancedAccuracy, MacroF1])
@pytest.mark.parametrize("seed", range(3))
def test_a_score_is_scikit_learns(metric: type[Metric], seed: int):
    output, target = answers(seed)
    expected = theirs(metric, output.argmax(-1), target)
    assert metric().score(output, target) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("metric", [BalancedAccuracy, MacroF1])
def test_chance_is_the_score_of_the_most_frequent_class(metric: type[Metric]):
    _, target = answers(0)
    constant = torch.eye(5)[0].expand(len(target), 5)
    assert metric().chance(target) == pytest.approx(metric().score(constant, target))


def test_a_rare_class_counts_as_much_as_a_frequent_one():
    target = torch.tensor([0] * 9 + [1])
    output = torch.eye(2)[torch.zeros(10, dtype=torch.int64)]
    assert BalancedAccuracy().score(output, target) == 0.5
