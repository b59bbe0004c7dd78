"""log-loss, micro-f1 and calibration-error against references."""

import math

import pytest
import torch
from sklearn import metrics as reference

from workbench.methods.metrics.calibration_error import CalibrationError
from workbench.methods.metrics.log_loss import LogLoss
from workbench.methods.metrics.micro_f1 import MicroF1


@pytest.fixture
def drawn() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    output = torch.randn(200, 4, generator=generator) * 2
    return output, torch.randint(4, (200,), generator=generator)


def test_they_are_those_of_scikit_learn(drawn: tuple[torch.Tensor, torch.Tensor]) -> None:
    output, target = drawn
    shares = output.double().softmax(1)
    assert LogLoss().score(output, target) == pytest.approx(reference.log_loss(target, shares))
    wanted = reference.f1_score(target, output.argmax(1), average="micro")
    assert MicroF1().score(output, target) == pytest.approx(wanted)


def test_the_best_constant_answer_is_no_better_than_chance() -> None:
    target = torch.tensor([0, 0, 0, 1])
    constant = torch.tensor([[0.75, 0.25]]).log().expand(4, 2)
    assert LogLoss().score(constant, target) == pytest.approx(LogLoss().chance(target))
    assert CalibrationError().score(constant, target) == pytest.approx(0.0, abs=1e-7)


def test_answers_that_are_surer_than_right_are_not_calibrated() -> None:
    output = torch.tensor([[math.log(9.0), 0.0]]).expand(10, 2)  # 90 % sure of the first class
    target = torch.tensor([0] * 6 + [1] * 4)
    assert CalibrationError().score(output, target) == pytest.approx(0.3)


def test_no_answer_is_one_too_few_and_none_too_many() -> None:
    output = torch.tensor([[1.0, 0.0], [float("nan"), 0.0]])
    assert MicroF1().score(output, torch.tensor([0, 0])) == pytest.approx(2 / 3)
