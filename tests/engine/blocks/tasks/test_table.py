"""Tables: nothing of validation or test rows gets into what is learned from."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from tests.engine.toys import SPLITS
from workbench.engine.blocks.tasks.table import Table


def rows(n: int = 100) -> NDArray[np.float64]:
    return np.random.default_rng(0).normal(5.0, 3.0, (n, 3))


def test_training_rows_have_mean_0_and_deviation_1():
    made = Table(rows(), "abc")
    task = made.values("a", rows()[:, 0] * 7)
    part = task.data["train"]
    for values in (part.inputs["row"], part.target):
        torch.testing.assert_close(values.mean(0), torch.zeros(values.shape[1]), atol=1e-6, rtol=0)
        torch.testing.assert_close(values.std(0, correction=0), torch.ones(values.shape[1]))


def test_other_rows_do_not_change_what_is_trained_on():
    plain = rows()
    changed, target = plain.copy(), plain[:, 0].copy()
    splits = Table(plain, "abc").splits
    others = torch.cat([splits["val"], splits["test"]]).numpy()
    changed[others] = 1000.0 + np.arange(3 * len(others)).reshape(-1, 3)
    before = Table(plain, "abc").values("y", plain[:, 0]).data["train"]
    target[others] *= 1e6
    seen = torch.from_numpy(plain)[splits["train"]]
    after = torch.from_numpy(changed)[splits["train"]]
    assert torch.equal(seen, after)
    again = Table(plain, "abc").values("y", target).data["train"]
    assert torch.equal(before.target, again.target)


def test_a_column_that_never_varies_becomes_0():
    constant = np.concatenate([rows(), np.full((100, 1), 7.0)], 1)
    values = Table(constant, "abcd").values("y", constant[:, 0]).data["test"].inputs["row"]
    assert (values[:, 3] == 0).all()


def test_equal_rows_stay_together():
    doubled = np.repeat(rows(50), 2, axis=0)
    splits = Table(doubled, "abc").splits
    for split in SPLITS:
        people = (splits[split] // 2).sort().values
        assert torch.equal(people[::2], people[1::2])


def test_every_row_is_in_one_split():
    splits = Table(rows(), "abc", val=0.15, test=0.3).splits
    assert {name: len(item) for name, item in splits.items()} == {
        "train": 55,
        "val": 15,
        "test": 30,
    }
    assert torch.equal(torch.cat(list(splits.values())).sort().values, torch.arange(100))


def test_tasks_share_their_inputs_and_know_their_columns():
    made = Table(rows(), ("a", "b", "c"))
    number = made.values("number", rows()[:, 0])
    kind = made.classes("kind", rows()[:, 1] > 5, ("no", "yes"))
    for split in SPLITS:
        assert number.data[split].inputs["row"] is kind.data[split].inputs["row"]
    assert number.columns == kind.columns == ("a", "b", "c")
    assert kind.answers == ("no", "yes")
    assert kind.metric == "accuracy"
    assert number.metric == "r2"


def test_training_rows_of_a_column_are_the_ones_trained_on():
    made = Table(rows(), "abc")
    column = rows()[:, 2]
    part = made.values("c", column).data["train"]
    seen = made.train_rows(column)
    expected = (seen - seen.mean()) / seen.std()
    assert part.target[:, 0].numpy() == pytest.approx(expected, abs=1e-5)
