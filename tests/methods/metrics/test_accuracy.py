"""Accuracy, and what guessing gets."""

import pytest
import torch

from workbench.methods.metrics.accuracy import Accuracy


def test_the_share_of_right_answers():
    output = torch.tensor([[1.0, 0], [0, 1], [1, 0], [1, 0]])
    assert Accuracy().score(output, torch.tensor([0, 1, 1, 0])) == 0.75


def test_chance_is_the_share_of_the_most_frequent_class():
    assert Accuracy().chance(torch.tensor([3, 3, 3, 0, 1])) == pytest.approx(0.6)
