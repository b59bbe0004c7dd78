"""The step series: whole blocks come back from a file cut anywhere."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import fakes
from workbench.store.series import SeriesWriter, read_series


def _written(folder: Path, first: int, *ends: int) -> list[int]:
    """Sizes of the file after the schema and after each block."""
    writer = SeriesWriter(folder, fakes.TASKS, first)
    (path,) = sorted(folder.glob("steps-*.arrow"))[-1:]
    sizes = [path.stat().st_size]
    for end in ends:
        writer.append(fakes.block(first, end))
        sizes.append(path.stat().st_size)
        first = end
    writer.close()
    return sizes


def test_nothing_recorded_is_no_series(tmp_path: Path):
    assert read_series(tmp_path) is None


def test_blocks_come_back_as_columns(tmp_path: Path):
    _written(tmp_path, 0, 3, 4, 9)
    series = read_series(tmp_path)
    assert series is not None
    assert series.tasks == fakes.TASKS
    assert series.steps.tolist() == list(range(9))
    assert series.block(0, 9) == fakes.block(0, 9)
    assert series.block(2, 5) == fakes.block(2, 5)
    assert series.block(9, 9) is None
    whole = series.block(0, 9)
    assert whole is not None
    assert whole.train_seconds == pytest.approx(0.009)


def test_every_whole_block_before_a_cut_is_read_wherever_it_is(tmp_path: Path):
    sizes = _written(tmp_path, 0, 2, 3, 6)
    path = tmp_path / "steps-000.arrow"
    whole = path.read_bytes()
    assert len(whole) == sizes[-1]
    ends = (0, 2, 3, 6)
    for size in range(len(whole) + 1):
        path.write_bytes(whole[:size])
        series = read_series(tmp_path)
        if size < sizes[0]:
            assert series is None or len(series.steps) == 0
            continue
        assert series is not None
        n_steps = max(end for end, at in zip(ends, sizes, strict=True) if at <= size)
        assert series.steps.tolist() == list(range(n_steps))
        if n_steps:
            assert series.block(0, n_steps) == fakes.block(0, n_steps)


def test_rows_after_the_step_of_a_resumption_are_superseded(tmp_path: Path):
    _written(tmp_path, 0, 5, 10)
    _written(tmp_path, 10, 20)
    _written(tmp_path, 7, 9)
    series = read_series(tmp_path)
    assert series is not None
    assert series.steps.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8]


def test_an_empty_block_is_nothing(tmp_path: Path):
    sizes = _written(tmp_path, 4, 4)
    assert sizes[0] == sizes[1]


@given(st.integers(0, 300), st.integers(1, 5))
def test_any_length_of_block_keeps_its_numbers(n_steps: int, n_tasks: int):
    import tempfile

    from workbench.spec.event import StepsDone

    draw = np.random.default_rng(n_steps)
    table = draw.normal(size=(n_steps, n_tasks)).astype(np.float32)
    block = StepsDone(n_steps, table, -table, table[:, 0], 0.5)
    with tempfile.TemporaryDirectory() as name:
        writer = SeriesWriter(Path(name), [f"t{i}" for i in range(n_tasks)], 0)
        writer.append(block)
        writer.close()
        series = read_series(Path(name))
    assert series is not None
    assert series.block(0, n_steps) == (block if n_steps else None)
