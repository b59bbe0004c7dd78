"""Dirt in the values of people's files: numbers, dates and what is missing, however written."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import torch

from tests.contracts.dirty import N, columnar, inputs_of, opened, reasons, spec_of, table, told
from tests.engine.toys import SPLITS, methods
from workbench.engine.build.tasks import select
from workbench.engine.roles.method import BadSpecError
from workbench.spec.experiment import TaskChoice


@pytest.mark.parametrize(
    ("cells", "value"),
    [
        (("1.234,56", "7,5"), 1234.56),
        (('"1,234.56"', "7.5"), 1234.56),
        (("1 234", "7"), 1234),
        (("1\u202f234,5", "7"), 1234.5),
        (("1'234'567.5", "8"), 1234567.5),
    ],
)
def test_marks_between_thousands_are_read_and_said(file: Any, cells: tuple[str, str], value: float):
    mark = ";" if "," in cells[0] and '"' not in cells[0] else ","
    rows = (f"{cells[i % 2]}{mark}{i}{mark}{i % 2}" for i in range(N))
    path = file("\n".join([mark.join("aby"), *rows]) + "\n")
    facts = told(path)
    assert float(facts.rows[0][0]) == pytest.approx(value, rel=1e-5)
    assert any("between the thousands" in note for note in facts.notes)
    assert inputs_of(opened(path)) == ("a", "b")


MARKS = ["?", "-", "--", ".", "None", "<NA>", "n.a.", "NA ", "#N/A", " ", "", "nan"]


@pytest.mark.parametrize("mark", MARKS)
def test_marks_of_missing_values_among_numbers_are_read_as_such(file: Any, mark: str):
    path = file(
        "a,b,y\n" + "".join(f"{mark if i % 4 == 0 else i},{i % 5},{i % 2}\n" for i in range(N))
    )
    facts = told(path)
    assert (facts.columns[0].kind, facts.columns[0].n_missing) == ("whole number", N // 4)
    if mark in ("-", "--", ".", "None"):
        assert facts.notes == (f"column 'a': '{mark}' is taken for missing",)
    assert inputs_of(opened(path)) == ("a", "b")


def test_a_dash_among_categories_is_one(file: Any):
    path = file("a,y\n" + "".join(f"{i},{'+-'[i % 2]}\n" for i in range(N)))
    assert opened(path)["y"].answers == ("+", "-")


def test_times_of_day_leave_the_rest_of_the_file(file: Any):
    path = file(table("a,when,y", "{a},12:{n:02}:00,{y}"))
    assert list(reasons(told(path))) == ["when"]
    assert inputs_of(opened(path)) == ("a",)


@pytest.mark.parametrize("stamp", ["", " 10:00:00", " 10:00:00.5"])
def test_the_first_and_the_last_day_there_is_are_read(file: Any, stamp: str):
    days = (f"9999-12-31{stamp}", f"0001-01-01{stamp}", f"2020-02-29{stamp}")
    path = file("day,b,y\n" + "".join(f"{days[i % 3]},{i},{i % 2}\n" for i in range(N)))
    facts = told(path)
    assert facts.columns[0].kind == "time"
    assert facts.rows[0][0].startswith("9999-12-31")
    assert inputs_of(opened(path)) == ("day", "b")


def test_days_are_exact_however_far(tmp_path: Path):
    day = [2**31 - 1, -(2**31)] * (N // 2)
    stamps = {
        f"in-{unit}": pa.array([2**62, -(2**62)] * (N // 2), pa.timestamp(unit))
        for unit in ("ms", "us", "ns")
    }
    path = columnar(tmp_path, day=pa.array(day, pa.date32()), **stamps)
    assert told(path).rows[0][1] == "<value out of range: 2147483647>"
    assert len(inputs_of(opened(path))) == 5


@pytest.mark.parametrize("cell", ["inf", "-inf", "1e400", "1e200"])
def test_numbers_without_an_end_are_named_with_their_row(file: Any, cell: str):
    path = file("a,b,y\n" + "".join(f"{cell if i == 6 else i},{i % 5},{i % 2}\n" for i in range(N)))
    assert told(path).n_rows == N
    choice = TaskChoice.model_validate(
        {"family": "table", "file": str(path), "targets": {"y": "auto"}}
    )
    with pytest.raises(BadSpecError) as caught:
        select(spec_of(choice), methods(), torch.device("cpu"))
    assert "row 7, column 'a': " in str(caught.value)
    assert any(words in str(caught.value) for words in ("infinity is no number", "too large"))


def test_a_large_test_value_does_not_overflow_in_silence(file: Any):
    rows = (f"{1e120 if i == 6 else i},{i % 5},{i % 2}\n" for i in range(N))
    path = file("a,b,y\n" + "".join(rows))
    outcomes = {_outcome(path, seed) for seed in range(10)}  # it is trained on, or it is not
    assert outcomes == {"finite", "row 7, column 'a'"}


def _outcome(path: Path, seed: int) -> str:
    settings = {"file": str(path), "targets": {"y": "auto"}, "split_seed": seed}
    choice = TaskChoice.model_validate({"family": "table", **settings})
    try:
        (task,) = select(spec_of(choice), methods(), torch.device("cpu")).values()
    except BadSpecError as error:
        return str(error).partition("mine.csv, ")[2].partition(":")[0]
    is_finite = all(task.data[split].inputs["row"].isfinite().all() for split in SPLITS)
    return "finite" if is_finite else "overflowed"
