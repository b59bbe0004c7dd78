"""Columns brought to mean 0 and deviation 1: rounding is not spread, and the unit is kept."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import torch
from pyarrow import parquet

from tests.engine.toys import SPLITS, methods
from workbench.engine.build.tasks import select
from workbench.engine.numerics.scaling import scaling_of, standardised, varies
from workbench.engine.roles.task import Task
from workbench.spec.experiment import Spec, TaskChoice

TYPES = (np.float16, np.float32, np.float64)


def rounded(dtype: Any, n: int = 100) -> Any:
    """A third, reckoned in ways that differ in their last digits alone."""
    third = np.full(n, 1, dtype) / dtype(3)
    third[::2] = np.nextafter(third[::2], dtype(1))
    return third


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("size", [1.0, 64.0, -64.0])
def test_what_rounding_makes_of_a_constant_does_not_vary(dtype: Any, size: float):
    column = rounded(dtype) * dtype(size)
    assert len(np.unique(column)) > 1
    assert not varies(column)[0]


@pytest.mark.parametrize("dtype", TYPES)
def test_what_differs_by_more_varies(dtype: Any):
    column = rounded(dtype)
    column[7] *= dtype(1.02)
    assert varies(column)[0]
    assert varies(np.array([1e17, 1e17 + 1000]))[0] is np.False_
    assert varies(np.array([10**15, 10**15 + 2]))[0]  # whole numbers are exact
    assert varies(np.array([-1e308, 1e308]))[0]


def test_a_scaling_is_taken_back():
    values = torch.randn(50, 3, dtype=torch.float64) * 1000 + 5e6
    scaling = scaling_of(values, torch.arange(30))
    torch.testing.assert_close(scaling.unscaled(scaling.scaled(values)), values)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_large_constant_column_is_only_centred(dtype: torch.dtype):
    values = torch.full((100_000, 1), 0.1, dtype=dtype)
    values[-1] = 0.2
    scaled = standardised(values, torch.arange(99_999))
    assert scaled[:-1].abs().max() < 1e-6
    assert scaled[-1].item() == pytest.approx(0.1, rel=1e-5)


N = 60
DRAW = np.random.default_rng(0)


def as_arrays(folder: Path, column: Any) -> Task:
    x = np.stack([column, np.arange(N)], 1).astype(column.dtype)
    np.savez(folder / "a.npz", x=x, y=DRAW.integers(0, 2, N))
    return load("arrays", file=str(folder / "a.npz"), targets={"y": "classes"}, standardise=True)


def as_table(folder: Path, column: Any) -> Task:
    made = {"x": column, "i": np.arange(N), "y": DRAW.integers(0, 2, N)}
    parquet.write_table(pa.table(made), folder / "a.parquet")
    return load("table", file=str(folder / "a.parquet"), targets={"y": "classes"})


def as_pictures(folder: Path, column: Any) -> Task:
    channels = np.stack([column, np.arange(N)], 1).astype(column.dtype)
    x = np.repeat(channels, 36, 1).reshape(N, 2, 6, 6)
    np.savez(folder / "a.npz", x=x, y=DRAW.integers(0, 2, N))
    return load("arrays", file=str(folder / "a.npz"), targets={"y": "classes"}, standardise=True)


def load(family: str, **settings: Any) -> Task:
    spec = Spec(tasks=(TaskChoice(family=family, **settings),))
    (task,) = select(spec, methods(), torch.device("cpu")).values()
    return task


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("make", [as_arrays, as_table, as_pictures])
def test_no_family_divides_an_input_by_its_rounding(tmp_path: Path, make: Any, dtype: Any):
    column = rounded(dtype, N)
    task = make(tmp_path, column)
    (view,) = task.inputs
    values = torch.cat([task.data[split].inputs[view].flatten(1)[:, 0] for split in SPLITS])
    assert values.abs().max() < 1e-6


def test_targets_that_are_constant_but_for_rounding_are_refused(tmp_path: Path):
    np.savez(tmp_path / "a.npz", x=DRAW.normal(size=(N, 2)), y=rounded(np.float64, N))
    with pytest.raises(Exception, match=r"is 0\.333333 in every row: nothing to learn"):
        load("arrays", file=str(tmp_path / "a.npz"), targets={"y": "values"})


def test_a_target_that_only_training_rows_have_alike_is_not_blown_up(tmp_path: Path):
    y = rounded(np.float64, N)
    y[3], x = 0.4, np.arange(N)[:, None].astype(float)
    for seed in range(30):  # until that row is not trained on
        np.savez(tmp_path / "a.npz", x=x, y=y)
        task = load(
            "arrays", file=str(tmp_path / "a.npz"), targets={"y": "values"}, split_seed=seed
        )
        if 3.0 not in task.data["train"].inputs["array"]:
            break
    largest = max(task.data[split].target.abs().max().item() for split in SPLITS)
    assert largest == pytest.approx(0.4 - 1 / 3, rel=1e-5)
