"""run: what it prints, where, with which exit code, and what Ctrl+C does."""

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import fakes
from tests.cli.interrupts import interrupted
from tests.cli.printed import KEYS, Capture, printed_json
from workbench import cli
from workbench.spec import preset
from workbench.spec.command import Stop
from workbench.spec.event import Diverged, DriftDetected, Event, Failed, Noticed
from workbench.store import run as store


def test_run_prints_the_scores_the_matrix_and_where_it_is(good: str, home: Path, capsys: Capture):
    services = fakes.Services()
    assert cli.main(services, ["run", good]) == 0
    captured = capsys.readouterr()
    assert "seed 3: done, 40 steps, 2.5 s, 1,000 steps/s" in captured.out
    assert "seed 4: done" in captured.out
    assert "after stage" in captured.out
    assert "forgetting" in captured.out
    assert str(home / "runs" / "good-s3-") in captured.out
    assert "mean ± sd over 2 seeds" in captured.out
    assert "0.6350 ± 0.0071" in captured.out  # .63 and .64
    assert captured.err == ""
    assert services.fake_runner.is_closed


def test_json_is_one_document_with_exactly_the_promised_keys(good: str, capsys: Capture):
    assert cli.main(fakes.Services(), ["run", good, "--json", "--seeds", "3"]) == 0
    document = printed_json(capsys)
    assert list(document) == ["runs"]
    (run,) = document["runs"]
    assert list(run) == KEYS
    assert Path(run["path"]).is_dir()
    assert Path(run["path"]).name == run["run_id"]
    assert run["seed"] == 3
    assert run["status"] == "done"
    assert run["steps"] == 40
    assert run["seconds"] == 2.5
    assert run["steps_per_second"] == 1000
    assert run["tasks"]["second"] == {"accuracy": pytest.approx(0.98), "auroc": None}
    assert run["matrix"] == [fakes.row(0).tolist(), fakes.row(1).tolist()]
    assert run["baseline"] == fakes.row(-1).tolist()
    assert run["summary"]["forgetting"] == pytest.approx(0.3)
    assert run["summary"]["delta_m"] is None
    assert {"acc", "bwt", "fwt", "forgetting", "delta_m"} <= set(run["summary"])


def test_what_a_library_prints_does_not_spoil_the_json(good: str, capsys: Capture):
    def told(seed: int) -> Iterator[Event]:
        print("a library says hello")
        yield from fakes.run(seed)

    assert cli.main(fakes.Services(fakes.Runner(told)), ["run", good, "--json"]) == 0
    assert len(printed_json(capsys)["runs"]) == 2


@pytest.mark.parametrize(
    ("text", "seeds"),
    [("0,1,2", (0, 1, 2)), ("0..4", (0, 1, 2, 3, 4)), ("7", (7,)), ("1, 3..4", (1, 3, 4))],
)
def test_seeds_are_a_list_or_a_range(good: str, text: str, seeds: tuple[int, ...]):
    services = fakes.Services()
    assert cli.main(services, ["run", good, "--seeds", text, "--quiet"]) == 0
    assert services.fake_runner.specs[0].seeds == seeds


@pytest.mark.parametrize("text", ["a", "0..", "4..0", "-1", "0..99999999999", "1.5", ",", "0...4"])
def test_bad_seeds_are_refused(good: str, text: str, capsys: Capture):
    assert cli.main(fakes.Services(), ["run", good, f"--seeds={text}"]) == 2
    assert "--seeds" in capsys.readouterr().err


def test_options_change_the_preset(good: str, tmp_path: Path, capsys: Capture):
    services = fakes.Services()
    arguments = ["run", good, "--set", "training.epochs=7", "--set", "tasks.0.weight=2"]
    arguments += ["--device", "cpu", "--threads", "2", "--seeds", "1"]
    assert cli.main(services, [*arguments, "--out", str(tmp_path / "here"), "--json"]) == 0
    (spec,) = services.fake_runner.specs
    assert spec.training.epochs == 7
    assert spec.training.threads == 2
    assert spec.tasks[0].weight == 2
    (run,) = printed_json(capsys)["runs"]
    assert Path(run["path"]).parent == tmp_path / "here"
    stored = preset.load(Path(run["path"]) / "spec.yaml")
    assert stored == spec


def test_setting_another_kind_drops_the_settings_of_the_one_before(good: str):
    services = fakes.Services()
    assert cli.main(services, ["run", good, "--set", "retention.kind=none", "--quiet"]) == 0
    assert services.fake_runner.specs[0].retention.settings == {}
    assert cli.main(services, ["run", good, "--set", "retention.kind=replay", "--quiet"]) == 0
    assert services.fake_runner.specs[-1].retention.settings == {"memory": 50}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("training.epochs=0", "training.epochs: must be at least 1; found 0"),
        ("training.epoch=1", "training.epoch: unknown key; did you mean 'epochs'?"),
        ("balancing=pcgrad", "balancing: must be a map; found 'pcgrad'"),
        ("balancing.kind=pcgrap", "balancing.kind: there is no 'pcgrap'; did you mean 'pcgrad'?"),
        ("retention.memory=lots", "retention.memory: must be a whole number; found 'lots'"),
        ("nothing", "--set wants a.b=value; found 'nothing'"),
        ("tasks.9.weight=1", "no position in a list of 1"),
        ("encoder.hidden=[", "not YAML"),
        ("a.².b=1", "unknown key"),
    ],
)
def test_a_bad_change_is_refused_without_a_line_of_the_file(
    good: str, change: str, said: str, capsys: Capture
):
    services = fakes.Services()
    assert cli.main(services, ["run", good, "--set", change]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""
    assert f"{good}:" not in captured.err.replace(f"{good}: ", "")
    assert services.fake_runner.specs == []


@pytest.mark.parametrize("option", ["--device=gpu", "--threads=0", "--threads=many"])
def test_bad_options_are_refused(good: str, option: str):
    assert cli.main(fakes.Services(), ["run", good, option]) == 2


def _ends_with(event: Event) -> fakes.Runner:
    def told(seed: int) -> Iterator[Event]:
        yield fakes.began(seed)
        yield fakes.block(0, 5, seed)
        yield event

    return fakes.Runner(told)


def test_a_diverged_run_is_told_and_the_other_seeds_still_run(good: str, capsys: Capture):
    runner = _ends_with(Diverged(5, "first", "the loss of first became nan at step 5"))
    assert cli.main(fakes.Services(runner), ["run", good, "--json"]) == 3
    captured = capsys.readouterr()
    assert "the loss of first became nan" in captured.err
    runs = json.loads(captured.out)["runs"]
    assert [run["status"] for run in runs] == ["diverged", "diverged"]
    assert list(runs[0]) == KEYS
    assert runs[0]["steps"] == 5
    assert runs[0]["seconds"] is None
    assert runs[0]["steps_per_second"] == 1000
    assert runs[0]["tasks"] == {"first": {"accuracy": None}, "second": {"accuracy": None}}
    assert set(runs[0]["summary"].values()) == {None}


def test_a_failed_run_is_told_and_the_other_seeds_still_run(good: str, capsys: Capture):
    runner = _ends_with(Failed(5, "the process was killed"))
    assert cli.main(fakes.Services(runner), ["run", good]) == 4
    captured = capsys.readouterr()
    assert "workbench: the process was killed" in captured.err
    assert "seed 3: failed" in captured.out
    assert "seed 4: failed" in captured.out
    assert len(runner.specs) == 2


def test_a_setup_that_is_wrong_is_not_tried_on_another_seed(good: str):
    runner = fakes.Runner(lambda _: iter([Failed(0, "tasks: no such file", place="tasks")]))
    assert cli.main(fakes.Services(runner), ["run", good]) == 2
    assert len(runner.specs) == 1


def test_a_run_that_fails_before_it_begins_has_no_folder_to_name(good: str, capsys: Capture):
    runner = fakes.Runner(lambda _: iter([Failed(0, "device: 'cuda' is not there")]))
    assert cli.main(fakes.Services(runner), ["run", good, "--seeds=3", "--json"]) == 4
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    assert (run["run_id"], run["path"], run["status"]) == (None, None, "failed")
    assert run["steps_per_second"] is None


def test_notices_go_to_standard_error_unless_quiet(good: str, capsys: Capture):
    def told(seed: int) -> Iterator[Event]:
        yield fakes.began(seed)
        yield Noticed(0, "nash-mtl", "the solver gave up")
        yield DriftDetected(7, "first", "adwin")
        yield fakes.finished(seed)

    services = fakes.Services(fakes.Runner(told))
    assert cli.main(services, ["run", good, "--seeds", "1"]) == 0
    printed = capsys.readouterr().err
    assert "nash-mtl: the solver gave up" in printed
    assert "adwin: a drift at step 7, in first" in printed
    assert cli.main(services, ["run", good, "--seeds", "1", "--quiet"]) == 0
    assert capsys.readouterr().err == ""


def test_the_first_interrupt_stops_with_a_checkpoint(good: str, capsys: Capture):
    runner = interrupted(1)
    before = signal.getsignal(signal.SIGINT)
    assert cli.main(fakes.Services(runner), ["run", good, "--json"]) == 130
    assert signal.getsignal(signal.SIGINT) is before
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    assert run["status"] == "stopped"
    assert len(runner.specs) == 1
    assert store.read(Path(run["path"])).status == "stopped"


def test_the_second_interrupt_ends_at_once(good: str, home: Path):
    runner = interrupted(2)
    assert cli.main(fakes.Services(runner), ["run", good, "--json"]) == 130
    (folder,) = (home / "runs").iterdir()
    assert store.read(folder).status == "interrupted"
    assert runner.is_closed


def test_an_interrupt_before_the_run_begins_is_not_lost(good: str):
    def told(seed: int) -> Iterator[Event]:
        os.kill(os.getpid(), signal.SIGINT)
        runner.commands.clear()
        yield fakes.began(seed)
        assert runner.commands == [Stop()]
        yield fakes.finished(seed, status="stopped", step=0)

    runner = fakes.Runner(told)
    assert cli.main(fakes.Services(runner), ["run", good]) == 130
