"""scikit-learn's tables as tasks: nothing that is asked for is among the inputs."""

import pytest
import torch

from tests.engine.toys import SPLITS
from workbench.engine.roles.task import Classes, Family, Values
from workbench.methods.tasks.breast_cancer import BreastCancer
from workbench.methods.tasks.diabetes import Diabetes
from workbench.methods.tasks.iris import Iris
from workbench.methods.tasks.linnerud import Linnerud
from workbench.methods.tasks.wine import Wine

SIZES = {BreastCancer: 569, Diabetes: 442, Iris: 150, Linnerud: 20, Wine: 178}
every_table = pytest.mark.parametrize("family", SIZES)


def make(family: type[Family]) -> list:
    return family(family.Settings()).tasks()


@every_table
def test_every_row_is_used_once(family: type[Family]):
    for task in make(family):
        assert sum(len(part) for part in task.data.values()) == SIZES[family]


@every_table
def test_training_inputs_are_standardised(family: type[Family]):
    for task in make(family):
        row = task.data["train"].inputs["row"]
        assert row.mean(0).abs().max() < 1e-5
        deviation = row.std(0, correction=0)
        assert ((deviation - 1).abs() < 1e-5).logical_or(deviation == 0).all()


@every_table
def test_no_target_is_among_the_inputs(family: type[Family]):
    for task in make(family):
        if isinstance(task.output, Values):
            part = task.data["train"]
            assert not torch.isclose(part.inputs["row"], part.target, atol=1e-4).all(0).any()
        assert task.name.replace("-", " ") not in task.columns


@every_table
def test_columns_and_answers_have_names(family: type[Family]):
    for task in make(family):
        assert len(task.columns) == task.input.n
        n_answers = task.output.n if isinstance(task.output, Classes) else 0
        assert len(task.answers) == n_answers


def test_above_median_is_what_it_says():
    progression, above = make(Diabetes)
    threshold = progression.data["train"].target.median()
    for split in SPLITS:
        expected = progression.data[split].target[:, 0] > threshold
        agree = above.data[split].target.bool() == expected
        assert agree.float().mean() > 0.99
    assert above.data["train"].target.float().mean() == pytest.approx(0.5, abs=0.02)
