"""runs and resume."""

from pathlib import Path

import pytest

from tests import fakes
from tests.cli.interrupts import interrupted
from tests.cli.printed import KEYS, Capture, printed_json
from workbench import cli
from workbench.store import run as store
from workbench.store.index import Index


def test_runs_lists_what_was_run(good: str, capsys: Capture):
    assert cli.main(fakes.Services(), ["runs"]) == 0
    assert "no runs yet" in capsys.readouterr().out
    assert cli.main(fakes.Services(), ["run", good, "--quiet"]) == 0
    capsys.readouterr()
    assert cli.main(fakes.Services(), ["runs", "--json"]) == 0
    rows = printed_json(capsys)["runs"]
    assert {row["seed"] for row in rows} == {3, 4}
    Index.open().set_star(rows[0]["run_id"], True)
    assert cli.main(fakes.Services(), ["runs"]) == 0
    text = capsys.readouterr().out
    assert f"★ {rows[0]['run_id']}" in text
    assert f" {rows[1]['run_id']}" in text


def test_runs_lists_those_that_a_filter_means(good: str, capsys: Capture):
    assert cli.main(fakes.Services(), ["run", good, "--quiet"]) == 0
    capsys.readouterr()
    for terms, seeds in (
        (["seed:3"], {3}),
        (["seed:3,4", "--", "-seed:3"], {4}),
        (["retention:* steps>0"], {3, 4}),
        (["nowhere"], set[int]()),
    ):
        assert cli.main(fakes.Services(), ["runs", "--json", *terms]) == 0
        assert {row["seed"] for row in printed_json(capsys)["runs"]} == seeds, terms
    assert cli.main(fakes.Services(), ["runs", "nowhere"]) == 0
    assert "no run is meant" in capsys.readouterr().out
    assert cli.main(fakes.Services(), ["runs", "retenton:none"]) == 2
    assert "did you mean retention?" in capsys.readouterr().err


def test_the_seeds_of_one_experiment_are_one_line(good: str, capsys: Capture):
    assert cli.main(fakes.Services(), ["run", good, "--quiet"]) == 0
    assert cli.main(fakes.Services(), ["run", good, "--quiet", "--set", "optimizer.lr=0.5"]) == 0
    capsys.readouterr()
    assert cli.main(fakes.Services(), ["runs", "--groups", "--json"]) == 0
    first, second = printed_json(capsys)["groups"]
    assert {*first["seeds"]} == {*second["seeds"]} == {3, 4}
    assert set(first["status"].values()) == {"done"}
    rows = Index.open().rows()
    assert {*first["runs"].values(), *second["runs"].values()} == {row.run_id for row in rows}
    own = [row.acc for row in rows if row.run_id in first["runs"].values() and row.acc is not None]
    if own:
        assert first["acc"]["mean"] == pytest.approx(sum(own) / len(own))
        assert first["acc"]["n"] == len(own)
    assert cli.main(fakes.Services(), ["runs", "--groups", "seed:3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum(" done " in line for line in lines) == 2
    assert sum(" 3 " in line for line in lines) == 2


def test_what_is_damaged_is_said_in_a_sentence(good: str, home: Path, capsys: Capture):
    name = "name=" + "long " * 8
    assert cli.main(fakes.Services(), ["run", good, "--seeds", "3", "--set", name]) == 0
    (run,) = (home / "runs").iterdir()
    (run / "spec.yaml").write_text("")
    capsys.readouterr()
    assert cli.main(fakes.Services(), ["runs"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith(f"{run.name} is damaged: spec.yaml") for line in lines)


def test_a_history_that_cannot_be_read_fails_with_a_message(home: Path, capsys: Capture):
    home.write_text("a file")
    assert cli.main(fakes.Services(), ["runs"]) == 4
    assert str(home) in capsys.readouterr().err


def test_a_stopped_run_is_resumed_by_the_start_of_its_name(good: str, capsys: Capture):
    assert cli.main(fakes.Services(interrupted(1)), ["run", good]) == 130
    capsys.readouterr()
    assert cli.main(fakes.Services(), ["resume", "good-s3", "--json"]) == 0
    (run,) = printed_json(capsys)["runs"]
    assert list(run) == KEYS
    assert run["status"] == "done"
    assert store.read(Path(run["path"])).status == "done"
    assert cli.main(fakes.Services(), ["resume", run["path"]]) == 2
    assert "is done: there is nothing to resume" in capsys.readouterr().err


def test_an_unknown_run_is_refused(capsys: Capture):
    assert cli.main(fakes.Services(), ["resume", "nothing"]) == 2
    assert "there is no run 'nothing'" in capsys.readouterr().err
