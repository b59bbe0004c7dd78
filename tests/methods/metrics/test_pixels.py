"""Scores of pictures: areas, depths, directions."""

import pytest
import torch
from sklearn import metrics

from workbench.methods.metrics.angular_error import AngularError
from workbench.methods.metrics.mean_iou import MeanIoU
from workbench.methods.metrics.pixel_accuracy import PixelAccuracy
from workbench.methods.metrics.relative_error import RelativeError


def test_areas_are_scikit_learns():
    generator = torch.Generator().manual_seed(0)
    target = torch.randint(0, 4, (5, 6, 7), generator=generator)
    output = torch.randn(5, 4, 6, 7, generator=generator)
    answer, truth = output.argmax(1).flatten(), target.flatten()
    overlap = metrics.jaccard_score(truth, answer, average="macro")
    assert MeanIoU().score(output, target) == pytest.approx(overlap, rel=1e-12)
    right = metrics.accuracy_score(truth, answer)
    assert PixelAccuracy().score(output, target) == pytest.approx(right, rel=1e-12)


def test_chance_of_areas_is_the_most_frequent_class():
    target = torch.tensor([[[0, 0, 0, 1]]])
    assert PixelAccuracy().chance(target) == 0.75
    assert MeanIoU().chance(target) == pytest.approx(0.75 / 2)


def test_relative_error_is_a_share_of_the_truth():
    target = torch.tensor([2.0, 4.0]).view(1, 1, 1, 2)
    assert RelativeError().score(target * 1.1, target) == pytest.approx(0.1)


@pytest.mark.parametrize("degrees", [0.0, 0.001, 45.0, 90.0, 179.9, 180.0])
def test_an_angle_is_measured_whatever_the_lengths(degrees: float):
    angle = torch.tensor(degrees, dtype=torch.float64).deg2rad()
    target = torch.tensor([1.0, 0.0, 0.0], dtype=torch.float64).view(1, 3, 1, 1)
    output = 7 * torch.stack([angle.cos(), angle.sin(), 0 * angle]).view(1, 3, 1, 1)
    assert AngularError().score(output, target) == pytest.approx(degrees, abs=1e-9)


def test_chance_of_directions_is_their_mean():
    target = torch.tensor([[1.0, 0, 0], [0, 1, 0]]).view(2, 3, 1, 1)
    assert AngularError().chance(target) == pytest.approx(45.0)
