"""predict: what a run's model, or those of its seeds, say of a file, as CSV, Parquet or JSON."""

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyarrow import parquet

from tests import fakes
from tests.cli.printed import Capture, printed_json
from workbench import cli
from workbench.spec.question import Predict, Question, RefusedError, Tell
from workbench.spec.trained.prediction import Prediction, TaskPrediction


@dataclass
class Foreseeing(fakes.Runner):
    """Says the same of two rows, a little more on each seed."""

    asked: list[Predict] = field(default_factory=list[Predict])

    def ask(self, question: Question, tell: Tell | None = None) -> Any:
        assert isinstance(question, Predict)
        self.asked.append(question)
        if question.file.endswith("wrong.csv"):
            raise RefusedError("wrong.csv lacks the column 'x'")
        shares = np.array([[0.25, 0.75], [1.0, 0.0]])
        values = np.array([[1.5], [float("nan")]]) + question.seed
        tasks = (TaskPrediction("kind", shares, ("=a", "b")), TaskPrediction("price", values))
        return Prediction(9, 2, tasks, notices=("not looked at: 'z'",))


@pytest.fixture
def run(good: str, home: Path) -> str:
    assert cli.main(fakes.Services(), ["run", good, "--seeds", "3,4", "--quiet"]) == 0
    return next(path.name for path in (home / "runs").iterdir() if "-s3-" in path.name)


@pytest.fixture
def runner() -> Foreseeing:
    return Foreseeing()


def test_a_table_on_standard_output_and_remarks_beside_it(
    run: str, runner: Foreseeing, capsys: Capture
):
    capsys.readouterr()
    assert cli.main(fakes.Services(runner), ["predict", run, "rows.csv", "--at", "7"]) == 0
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert lines[0] == "kind,kind = =a,kind = b,price"
    assert lines[1] == "b,0.25,0.75,4.5"
    assert lines[2] == "'=a,1.0,0.0,nan"
    assert "not looked at: 'z'" in told.err
    assert [(each.file, each.step, each.seed) for each in runner.asked] == [("rows.csv", 7, 3)]


def test_every_seed_of_a_setup_gives_an_interval(run: str, runner: Foreseeing, capsys: Capture):
    capsys.readouterr()
    assert cli.main(fakes.Services(runner), ["predict", run, "f.csv", "--seeds", "--json"]) == 0
    told = printed_json(capsys)
    assert [each["seed"] for each in told["runs"]] == [3, 4]
    assert told["models"] == 2
    price = told["tasks"]["price"]
    assert price["prediction"] == [[5.0], [None]]
    half = 12.7062 * 0.7071 / 2**0.5  # Student's t of one degree, the deviation of 4.5 and 5.5
    assert price["low"][0][0] == pytest.approx(5 - half, abs=1e-3)
    assert price["high"][0][0] == pytest.approx(5 + half, abs=1e-3)
    assert told["tasks"]["kind"]["classes"] == ["=a", "b"]
    assert told["tasks"]["kind"]["low"] == told["tasks"]["kind"]["probability"]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_file_is_written_whole(
    run: str, runner: Foreseeing, tmp_path: Path, suffix: str, capsys: Capture
):
    out = tmp_path / f"out.{suffix}"
    capsys.readouterr()
    arguments = ["predict", run, "rows.csv", "--out", str(out), "--quiet"]
    assert cli.main(fakes.Services(runner), arguments) == 0
    assert capsys.readouterr() == ("", "")
    if suffix == "csv":
        with out.open(newline="") as file:
            rows = list(csv.reader(file))
        assert len(rows) == 3
        assert rows[1][0] == "b"
    else:
        assert parquet.read_table(out).column("kind").to_pylist() == ["b", "=a"]


def test_what_is_wrong_is_said(run: str, runner: Foreseeing, tmp_path: Path, capsys: Capture):
    capsys.readouterr()
    assert cli.main(fakes.Services(runner), ["predict", run, "wrong.csv"]) == 2
    assert "lacks the column 'x'" in capsys.readouterr().err
    out = str(tmp_path / "out.xls")
    assert cli.main(fakes.Services(runner), ["predict", run, "rows.csv", "--out", out]) == 2
    assert "ends in .csv or .parquet" in capsys.readouterr().err
    assert cli.main(fakes.Services(runner), ["predict", "nothing", "rows.csv"]) == 2
