"""A table whose inputs lie in a file: in every respect the tasks of one in memory."""

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import torch
from pyarrow import parquet

from tests.engine.toys import SPLITS, Run, methods, same
from workbench.engine.build.data_sums import sums_of
from workbench.engine.build.tasks import select
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.rows.on_demand import OnDemand
from workbench.engine.roles.task import Task
from workbench.methods.tasks import table
from workbench.spec.checks.joined_events import joined
from workbench.spec.command import Stop
from workbench.spec.experiment import Spec

N = 300


def folder_in(root: Path) -> Path:
    """Parquet files with whatever a column may be, some of it missing, whose kinds differ."""
    folder = root / "rows"
    draw = np.random.default_rng(0)
    for i, site in enumerate(("north", "south", "west")):
        size = draw.normal(5, 2, N)
        size[::7] = np.nan
        price = [None if j % 3 == i else float(p) for j, p in enumerate(draw.normal(100, 20, N))]
        rows = {
            "size": size,
            "count": draw.integers(0, 9, N).astype(float) if i else draw.integers(0, 9, N),
            "colour": [[None, "red", "green", site][j] for j in draw.integers(0, 4, N)],
            "day": np.datetime64("2020-01-01") + draw.integers(0, 900, N),
            "kind": draw.choice(["a", "b"], N),
            "price": pa.array(price, pa.float64()),
            "counts": draw.uniform(0.1, 2, N),
        }
        (folder / f"site={site}").mkdir(parents=True)
        parquet.write_table(pa.table(rows), folder / f"site={site}" / "part.parquet", 64)
    return folder


def spec_of(folder: Path, inputs_in: str, **settings: Any) -> Spec:
    choice = {
        "family": "table",
        "file": str(folder),
        "targets": {"kind": "classes", "price": "values"},
        "inputs": ["size", "count", "colour", "day", "site"],
        "row_weight": "counts",
        "inputs_in": inputs_in,
        **settings,
    }
    training = {"epochs": 2, "batch_size": 7, "evaluate_every": 30}
    return Spec.model_validate({"name": "large", "tasks": [choice], "training": training})


def tasks_of(folder: Path, inputs_in: str, **settings: Any) -> dict[str, Task]:
    spec = spec_of(folder, inputs_in, **settings)
    return select(spec, methods(), torch.device("cpu"))


@pytest.mark.parametrize("missing", ["indicator", "drop"])
def test_inputs_in_a_file_are_those_in_memory(missing: str, tmp_path: Path):
    folder = folder_in(tmp_path)
    whole = tasks_of(folder, "memory", missing=missing)
    for large in (tasks_of(folder, "file", missing=missing) for _ in ("made", "found again")):
        for name, task in large.items():
            assert task.preparation == whole[name].preparation
            assert task.notices[-1:] == whole[name].notices[-1:]
            for split in SPLITS:
                mine, other = task.data[split], whole[name].data[split]
                assert isinstance(mine.inputs["row"], OnDemand)
                assert mine.inputs["row"] is large["kind"].data[split].inputs["row"]
                torch.testing.assert_close(
                    mine.inputs["row"].plain(), other.inputs["row"], rtol=0, atol=0
                )
                assert torch.equal(mine.target.nan_to_num(), other.target.nan_to_num())
        assert sums_of(large) == sums_of(whole)


def test_a_run_on_inputs_in_a_file_is_the_run_in_memory_and_resumes(tmp_path: Path):
    folder = folder_in(tmp_path)
    whole = Run(spec_of(folder, "memory")).to_the_end()
    before = threading.active_count()
    large = Run(spec_of(folder, "file")).to_the_end()
    assert threading.active_count() <= before
    assert same(large.parameters, whole.parameters)
    # Step 41 is amid an epoch, and amid the batches that are gathered at once.
    first = Run(spec_of(folder, "file"), folder=tmp_path / "c", commands={41: [Stop()]})
    first.to_the_end()
    second = Run(spec_of(folder, "file"), folder=tmp_path / "c", resume=True).to_the_end()
    assert joined(first.events[:-1] + second.events[1:]) == joined(large.events)
    assert same(second.parameters, whole.parameters)


def test_a_large_table_is_kept_in_a_file_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = folder_in(tmp_path)
    small = tasks_of(folder, "auto")["kind"]
    assert not isinstance(small.data["train"].inputs["row"], OnDemand)
    monkeypatch.setattr(table, "machine", lambda: 100_000)
    large = tasks_of(folder, "auto")["kind"]
    assert isinstance(large.data["train"].inputs["row"], OnDemand)
    assert large.notices[0].startswith("inputs are kept in a file: 900 rows of 11 numbers")


def test_a_file_that_changed_is_prepared_anew(tmp_path: Path):
    folder = folder_in(tmp_path)
    tasks_of(folder, "file")
    part = folder / "site=west" / "part.parquet"
    rows = parquet.read_table(part)
    parquet.write_table(rows.slice(0, 100), part)
    assert len(tasks_of(folder, "file")["kind"].data["train"]) == 490


def test_a_text_file_is_not_kept_in_a_file(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text("x,y\n" + "\n".join(f"{i},{i % 2}" for i in range(40)))
    with pytest.raises(BadSpecError, match="is read whole, whatever its size") as caught:
        tasks_of(path, "file", targets={"y": "classes"}, inputs=["x"], row_weight="")
    assert caught.value.field == "tasks.0.inputs_in"
