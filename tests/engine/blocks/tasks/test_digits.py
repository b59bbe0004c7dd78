"""The digits, as scikit-learn itself reads them."""

import torch
from sklearn.datasets import load_digits

from workbench.engine.blocks.tasks.digits import handwritten_digits


def test_they_are_those_scikit_learn_reads():
    pixels, labels = handwritten_digits()
    expected, answers = load_digits(return_X_y=True)
    assert torch.equal(pixels.double() * 16, torch.from_numpy(expected))
    assert torch.equal(labels, torch.from_numpy(answers))
    assert pixels.dtype == torch.float32
    assert labels.dtype == torch.int64
