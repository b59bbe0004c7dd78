"""fork: a run that begins where another was saved, with other settings."""

from pathlib import Path

import pytest

from tests.cli.printed import Capture, printed_json
from workbench import cli
from workbench.__main__ import Services
from workbench.store import run as store

PRESET = """\
version: 1
name: Short
tasks:
  - {family: digits-attributes, task: digit}
  - {family: digits-attributes, task: parity}
training: {epochs: 1, evaluate_every: 0, threads: 1}
seeds: [2]
"""


@pytest.fixture
def run_id(tmp_path: Path, capsys: Capture) -> str:
    path = tmp_path / "short.yaml"
    path.write_text(PRESET)
    assert cli.main(Services(), ["run", str(path), "--json", "--quiet"]) == 0
    return printed_json(capsys)["runs"][0]["run_id"]


def test_more_epochs_with_another_rule_from_the_end_of_a_run(run_id: str, capsys: Capture):
    changes = ["--set", "training.epochs=2", "--set", "balancing.kind=uncertainty"]
    assert cli.main(Services(), ["fork", run_id[:9], *changes, "--json", "--quiet"]) == 0
    (run,) = printed_json(capsys)["runs"]
    assert run["run_id"] != run_id
    assert run["seed"] == 2
    first = store.read(Path(run["path"]).with_name(run_id))
    assert run["steps"] == 2 * first.outcome.step
    spec = store.read(Path(run["path"])).spec
    assert spec.start is not None
    assert (spec.start.run, spec.start.step) == (run_id, first.outcome.step)
    assert spec.balancing.kind == "uncertainty"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--at", "3"], "was not saved at step 3; it was at"),
        (["--set", "sharing.kind=soft"], "keeps its sharing"),
        (["--set", "training.epochs=none"], "must be a whole number"),
    ],
)
def test_what_cannot_be_is_said_and_leaves_no_run(
    run_id: str, home: Path, arguments: list[str], words: str, capsys: Capture
):
    assert cli.main(Services(), ["fork", run_id, *arguments, "--quiet"]) == 2
    assert words in capsys.readouterr().err
    assert [path.name for path in (home / "runs").iterdir()] == [run_id]


def test_a_run_that_is_not_there_is_said(capsys: Capture):
    assert cli.main(Services(), ["fork", "nobody"]) == 2
    assert "there is no run 'nobody'" in capsys.readouterr().err
