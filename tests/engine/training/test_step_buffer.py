"""Steps in, blocks of steps out."""

import numpy as np
import pytest
import torch

from workbench.engine.training import step_buffer as module
from workbench.engine.training.step_buffer import StepBuffer
from workbench.engine.update.update import Report


@pytest.fixture(params=["list", "tensor"])
def kind(request: pytest.FixtureRequest) -> str:
    """On an accelerator losses and weights stay tensors until a block is done."""
    return request.param


def report(kind: str, losses: dict[str, float]) -> Report:
    values = list(losses.values())
    ones = [1.0] * len(values)
    if kind == "list":
        return Report(tuple(losses), values, ones)
    return Report(tuple(losses), torch.tensor(values), torch.tensor(ones))


def test_a_block_holds_the_steps_since_the_last(kind: str):
    step_buffer = StepBuffer(["a", "b"])
    for i in range(3):
        step_buffer.add(report(kind, {"a": float(i), "b": 2.0}), 0.1 * i)
    block = step_buffer.flush(10)
    assert block is not None
    assert (block.first_step, block.step) == (7, 10)
    assert block.losses.tolist() == [[0, 2], [1, 2], [2, 2]]
    assert block.rates == pytest.approx([0, 0.1, 0.2])
    assert block.losses.dtype == block.weights.dtype == block.rates.dtype == np.float32
    assert step_buffer.flush(10) is None


def test_a_task_without_a_part_is_nan_and_columns_keep_their_order(kind: str):
    step_buffer = StepBuffer(["a", "b", "c"])
    step_buffer.add(report(kind, {"c": 3.0, "a": 1.0}), 0.1)
    step_buffer.add(report(kind, {"b": 2.0}), 0.1)
    block = step_buffer.flush(2)
    assert block is not None
    nan = np.nan
    np.testing.assert_array_equal(block.losses, [[1, nan, 3], [nan, 2, nan]])
    np.testing.assert_array_equal(block.weights, [[1, nan, 1], [nan, 1, nan]])


def test_a_block_is_due_after_256_steps(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "perf_counter", lambda: 0.0)
    step_buffer = StepBuffer(["a"])
    due = [step_buffer.add(report("list", {"a": 1.0}), 0.1) for _ in range(256)]
    assert due == [False] * 255 + [True]


def test_a_block_is_due_after_a_twentieth_of_a_second(monkeypatch: pytest.MonkeyPatch):
    now = iter([0.0, 0.02, 0.06])
    monkeypatch.setattr(module, "perf_counter", lambda: next(now))
    step_buffer = StepBuffer(["a"])
    assert not step_buffer.add(report("list", {"a": 1.0}), 0.1)
    assert step_buffer.add(report("list", {"a": 1.0}), 0.1)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
@pytest.mark.parametrize("n_good", [0, 2])
def test_a_block_ends_before_the_step_in_which_an_accelerator_met_nan(bad: float, n_good: int):
    step_buffer = StepBuffer(["a", "b"])
    for _ in range(n_good):
        step_buffer.add(report("tensor", {"a": 1.0, "b": 1.0}), 0.1)
    step_buffer.add(report("tensor", {"a": 1.0, "b": bad}), 0.1)
    step_buffer.add(report("tensor", {"a": bad, "b": bad}), 0.1)
    block = step_buffer.flush(10)
    assert step_buffer.end == 8
    assert (block is None) == (n_good == 0)
    if block is not None:
        assert (block.step, len(block.losses)) == (8, n_good)
    assert step_buffer.failure is not None
    assert step_buffer.failure.task == "b"
