"""The command line: what it prints, where, and with which exit code."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import fakes
from workbench import cli
from workbench.spec import preset
from workbench.spec.command import Stop
from workbench.spec.cost import Holding, ModelCost
from workbench.spec.event import Diverged, DriftDetected, Event, Failed, Noticed
from workbench.spec.question import Cost, Download, Question, RefusedError, Tell
from workbench.spec.structure import Structure
from workbench.store import run as store
from workbench.store.index import Index

_ROOT = Path(__file__).parents[1]

GOOD = """\
version: 1
name: Good
tasks:
  - {family: fake}
curriculum: {kind: sequential}
retention: {kind: replay, memory: 50}
training: {epochs: 2}
seeds: [3, 4]
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for every test."""
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def good(tmp_path: Path) -> str:
    """A preset that fits the fake catalogue."""
    path = tmp_path / "good.yaml"
    path.write_text(GOOD)
    return str(path)


Capture = pytest.CaptureFixture[str]


def _json(capsys: Capture) -> Any:
    return json.loads(capsys.readouterr().out, parse_constant=pytest.fail)


# --- the window ---------------------------------------------------------------------------


def test_without_arguments_the_window_opens():
    services = fakes.Services()
    assert cli.main(services, []) == 0
    assert services.opened == [None]


@pytest.mark.parametrize("arguments", [["--in-process"], ["--in-process", "see-forgetting"]])
def test_the_window_can_train_in_its_own_process(arguments: list[str]):
    services = fakes.Services()
    assert cli.main(services, arguments) == 0
    assert services.in_process == [True]
    assert cli.main(services, [*arguments[1:]]) == 0
    assert services.in_process == [True, False]


def test_training_in_the_window_is_not_for_commands():
    assert cli.main(fakes.Services(), ["run", "see-forgetting", "--in-process"]) == 2


def test_a_preset_alone_is_opened_in_the_window(good: str):
    services = fakes.Services()
    assert cli.main(services, [good]) == 0
    assert cli.main(services, ["see-forgetting"]) == 0
    assert services.opened == [good, "see-forgetting"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rum"], "no command or preset 'rum'; did you mean 'run'?"),
        (["zzz.yaml"], "no command or preset 'zzz.yaml'; see `workbench --help`"),
        (["a", "b"], "one preset at most"),
    ],
)
def test_what_is_neither_command_nor_preset_is_refused(
    arguments: list[str], said: str, capsys: Capture
):
    services = fakes.Services()
    assert cli.main(services, arguments) == 2
    assert services.opened == []
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""


# --- help ---------------------------------------------------------------------------------


def test_help_names_every_command_and_the_exit_codes(capsys: Capture):
    assert cli.main(fakes.Services(), ["--help"]) == 0
    text = capsys.readouterr().out
    for command in cli.COMMANDS:
        assert f"  {command} " in text
    assert "130" in text


def test_the_version_is_told(capsys: Capture):
    assert cli.main(fakes.Services(), ["--version"]) == 0
    assert capsys.readouterr().out.startswith("workbench 0.")


@pytest.mark.parametrize("arguments", [["run"], ["run", "--nope"], ["list", "a", "b"], ["--nope"]])
def test_bad_arguments_are_refused(arguments: list[str], capsys: Capture):
    assert cli.main(fakes.Services(), arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err


# --- run ----------------------------------------------------------------------------------


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


_KEYS = [
    "run_id",
    "path",
    "seed",
    "status",
    "steps",
    "seconds",
    "steps_per_second",
    "tasks",
    "matrix",
    "baseline",
    "summary",
]


def test_json_is_one_document_with_exactly_the_promised_keys(good: str, capsys: Capture):
    assert cli.main(fakes.Services(), ["run", good, "--json", "--seeds", "3"]) == 0
    document = _json(capsys)
    assert list(document) == ["runs"]
    (run,) = document["runs"]
    assert list(run) == _KEYS
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
    assert len(_json(capsys)["runs"]) == 2


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
    (run,) = _json(capsys)["runs"]
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
    assert list(runs[0]) == _KEYS
    assert runs[0]["steps"] == 5
    assert runs[0]["seconds"] is None
    assert runs[0]["steps_per_second"] == 1000
    assert runs[0]["tasks"] == {"first": {"accuracy": None}, "second": {"accuracy": None}}
    assert set(runs[0]["summary"].values()) == {None}


def test_a_failed_run_ends_the_command(good: str, capsys: Capture):
    runner = _ends_with(Failed(5, "the disk is full"))
    assert cli.main(fakes.Services(runner), ["run", good]) == 4
    captured = capsys.readouterr()
    assert "workbench: the disk is full" in captured.err
    assert "seed 3: failed" in captured.out
    assert len(runner.specs) == 1


def test_a_run_that_fails_before_it_begins_has_no_folder_to_name(good: str, capsys: Capture):
    runner = fakes.Runner(lambda _: iter([Failed(0, "device: 'cuda' is not there")]))
    assert cli.main(fakes.Services(runner), ["run", good, "--json"]) == 4
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
    found = capsys.readouterr().err
    assert "nash-mtl: the solver gave up" in found
    assert "adwin: a drift at step 7, in first" in found
    assert cli.main(services, ["run", good, "--seeds", "1", "--quiet"]) == 0
    assert capsys.readouterr().err == ""


# --- Ctrl+C -------------------------------------------------------------------------------


def _interrupted(times: int) -> fakes.Runner:
    """A run during which Ctrl+C is pressed; a stop ends it at step 10."""

    def told(seed: int) -> Iterator[Event]:
        yield fakes.began(seed)
        yield fakes.block(0, 10, seed)
        for _ in range(times):
            os.kill(os.getpid(), signal.SIGINT)
        assert runner.commands == [Stop()]
        yield fakes.CheckpointSaved(10)
        yield fakes.finished(seed, status="stopped", step=10)

    runner = fakes.Runner(told)
    return runner


def test_the_first_interrupt_stops_with_a_checkpoint(good: str, capsys: Capture):
    runner = _interrupted(1)
    before = signal.getsignal(signal.SIGINT)
    assert cli.main(fakes.Services(runner), ["run", good, "--json"]) == 130
    assert signal.getsignal(signal.SIGINT) is before
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    assert run["status"] == "stopped"
    assert len(runner.specs) == 1
    assert store.read(Path(run["path"])).status == "stopped"


def test_the_second_interrupt_ends_at_once(good: str, home: Path):
    runner = _interrupted(2)
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


# --- check, list, show, schema --------------------------------------------------------------


def test_check_says_that_a_good_preset_is_good(good: str, capsys: Capture):
    assert cli.main(fakes.Services(), ["check", good]) == 0
    assert capsys.readouterr().out == f"{good}: 'Good' can be run\n"


def test_check_says_everything_that_is_wrong_with_its_line(tmp_path: Path, capsys: Capture):
    path = tmp_path / "bad.yaml"
    path.write_text(GOOD.replace("memory: 50", "memory: 0").replace("sequential", "joint"))
    assert cli.main(fakes.Services(), ["check", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        f"{path}:6: retention.memory: must be at least 1; found 0",
        f"{path}:6: retention.kind: Replay needs a curriculum with several stages: with one stage "
        "there is no past to protect",
    ]


def test_check_lays_the_model_out_only_where_that_alone_tells(tmp_path: Path, capsys: Capture):
    runner = fakes.Runner()
    runner.refusal = RefusedError("no widths come near", "budget.match_parameters")
    path = tmp_path / "sized.yaml"
    path.write_text(GOOD)
    assert cli.main(fakes.Services(runner), ["check", str(path)]) == 0
    assert not runner.asked
    path.write_text(f"{GOOD}budget: {{match_parameters: number, parameters: 10}}\n")
    capsys.readouterr()
    assert cli.main(fakes.Services(runner), ["check", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"{path}:9: budget.match_parameters: no widths come near\n"


def test_check_says_what_a_preset_takes_where_it_is_asked(good: str, capsys: Capture):
    runner = fakes.Runner()
    nothing = Structure((), (), ())
    runner.answers[Cost] = ModelCost(1, 1, 2.0, 3.0, nothing, kept=Holding(50, 13_800))
    assert cli.main(fakes.Services(runner), ["check", good, "--cost"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"{good}: 'Good' can be run"
    assert second.endswith("retention keeps up to 50 examples, 13.8 kB")


def test_list_names_the_methods_of_a_role(capsys: Capture):
    assert cli.main(fakes.Services(), ["list", "balancing"]) == 0
    text = capsys.readouterr().out
    assert "pcgrad" in text
    assert "replay" not in text
    assert cli.main(fakes.Services(), ["list"]) == 0
    assert "cannot be used: ImportError: no module" in capsys.readouterr().out


def test_list_as_json_has_every_fact(capsys: Capture):
    assert cli.main(fakes.Services(), ["list", "--json"]) == 0
    entries = _json(capsys)["entries"]
    assert len(entries) == len(fakes.CATALOGUE)
    assert entries[0]["tasks"] == list(fakes.TASKS)


def test_an_unknown_role_or_key_names_what_comes_near(capsys: Capture):
    assert cli.main(fakes.Services(), ["list", "balance"]) == 2
    assert "did you mean 'balancing'?" in capsys.readouterr().err
    assert cli.main(fakes.Services(), ["show", "pcgrat"]) == 2
    assert "did you mean pcgrad?" in capsys.readouterr().err


@pytest.mark.parametrize("key", ["pcgrad", "balancing.pcgrad"])
def test_show_tells_formula_paper_and_settings(key: str, capsys: Capture):
    assert cli.main(fakes.Services(), ["show", key]) == 0
    text = capsys.readouterr().out
    assert "formula: d = Σᵢ gᵢ" in text
    assert "paper: Yu 2020 · https://arxiv.org/abs/2001.06782" in text
    assert "needs: shared-parameters" in text
    assert "normalise" in text
    assert "false" in text


def test_show_tells_what_a_setting_may_be(capsys: Capture):
    assert cli.main(fakes.Services(), ["show", "mlp"]) == 0
    text = capsys.readouterr().out
    assert "[8]" in text
    assert "relu, tanh" in text
    assert "number, ≥ 0 or null" in text
    assert "number, > 0" in text
    assert "(required)" in text


def test_the_schema_accepts_a_good_preset_and_refuses_a_bad_one(capsys: Capture):
    from jsonschema import Draft202012Validator

    assert cli.main(fakes.Services(), ["schema"]) == 0
    schema = _json(capsys)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    document = preset.parse(GOOD).data
    assert validator.is_valid(document)
    assert not validator.is_valid({**document, "retention": {"kind": "replay", "memory": 0}})
    assert not validator.is_valid({**document, "nonsense": 1})


# --- runs, resume ---------------------------------------------------------------------------


def test_runs_lists_what_was_run(good: str, capsys: Capture):
    assert cli.main(fakes.Services(), ["runs"]) == 0
    assert "no runs yet" in capsys.readouterr().out
    assert cli.main(fakes.Services(), ["run", good, "--quiet"]) == 0
    capsys.readouterr()
    assert cli.main(fakes.Services(), ["runs", "--json"]) == 0
    rows = _json(capsys)["runs"]
    assert {row["seed"] for row in rows} == {3, 4}
    Index.open().set_star(rows[0]["run_id"], True)
    assert cli.main(fakes.Services(), ["runs"]) == 0
    text = capsys.readouterr().out
    assert f"★ {rows[0]['run_id']}" in text
    assert f" {rows[1]['run_id']}" in text


def test_a_history_that_cannot_be_read_fails_with_a_message(home: Path, capsys: Capture):
    home.write_text("a file")
    assert cli.main(fakes.Services(), ["runs"]) == 4
    assert str(home) in capsys.readouterr().err


def test_a_stopped_run_is_resumed_by_the_start_of_its_name(good: str, capsys: Capture):
    assert cli.main(fakes.Services(_interrupted(1)), ["run", good]) == 130
    capsys.readouterr()
    assert cli.main(fakes.Services(), ["resume", "good-s3", "--json"]) == 0
    (run,) = _json(capsys)["runs"]
    assert list(run) == _KEYS
    assert run["status"] == "done"
    assert store.read(Path(run["path"])).status == "done"
    assert cli.main(fakes.Services(), ["resume", run["path"]]) == 2
    assert "is done: there is nothing to resume" in capsys.readouterr().err


def test_an_unknown_run_is_refused(capsys: Capture):
    assert cli.main(fakes.Services(), ["resume", "nothing"]) == 2
    assert "there is no run 'nothing'" in capsys.readouterr().err


# --- the real program -----------------------------------------------------------------------


def _workbench(*arguments: str, **more: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "workbench", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=_ROOT, check=False, **more)


def _lines(*lines: str) -> bytes:
    return "\n".join(["name: x", "tasks:", "  - {family: digits-attributes}", *lines]).encode()


_LAUGHS = [
    "a: &a [x, x]",
    *(f"{b}: &{b} [*{a}, *{a}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
]
BAD_FILES = {
    "unknown key": (_lines("trainig: {epochs: 1}"), 4, "did you mean 'training'"),
    "unknown setting": (_lines("encoder: {kind: mlp, hiden: [3]}"), 4, "did you mean 'hidden'"),
    "unknown method": (_lines("balancing: {kind: pcgrap}"), 4, "did you mean 'pcgrad'"),
    "unknown task": (_lines("  - {family: digits-attributes, task: x}"), 4, "'x'"),
    "wrong type": (_lines("training: {epochs: many}"), 4, "must be a whole number; found 'many'"),
    "out of range": (_lines("optimizer:", "  lr: -1"), 5, "must be more than 0; found -1"),
    "not a number": (_lines("optimizer: {lr: .nan}"), 4, "must be a finite number"),
    "not YAML": (_lines("training: {epochs: 1", "x: ]"), 5, "not YAML"),
    "a tab": (_lines("training:", "\tepochs: 1"), 5, "not YAML"),
    "a list": (b"- 1\n- 2\n", 1, "a preset is a map"),
    "a word": (b"hello", 1, "a preset is a map"),
    "binary": (b"name: x\n\xff\xfe\x00\x01", 2, "not UTF-8"),
    "zero bytes": (b"name: x\n\x00\x00", None, "not YAML"),
    "laughs": (_lines(*_LAUGHS), 5, "aliases"),
    "a python tag": (_lines("about: !!python/object/apply:os.system ['touch owned']"), 4, "tags"),
    "a plain tag": (_lines("about: !include /etc/passwd"), 4, "tags"),
    "deep": (_lines("about: " + "[" * 100_000), 4, "nested deeper"),
    "deep maps": (_lines("about: " + "{a: " * 10_000), 4, "nested deeper"),
    "two documents": (_lines("---", "name: y"), 4, "one document"),
    "given twice": (_lines("name: y"), 4, "given twice"),
    "a key that is a list": (_lines("[1, 2]: y"), 4, "a key is a single word"),
    "the future": (_lines("version: 2"), 4, "update it"),
    "nothing": (b"", None, "tasks: required, but missing"),
    "huge number": (_lines("training: {epochs: 1" + "0" * 5000 + "}"), 4, ""),
}


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for the real program, so that it asks for its catalogue once."""
    return tmp_path_factory.mktemp("home")


@pytest.mark.parametrize("what", BAD_FILES)
def test_a_bad_preset_is_refused_with_its_line(
    what: str, tmp_path: Path, shared_home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WORKBENCH_HOME", str(shared_home))
    content, line, said = BAD_FILES[what]
    path = tmp_path / "bad.yaml"
    path.write_bytes(content)
    done = _workbench("check", str(path))
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith(f"{path}:{line}: " if line else f"{path}: ")
    assert said in done.stderr
    runner = fakes.Runner()
    assert cli.main(fakes.Services(runner), ["run", str(path), "--json"]) == 2
    assert runner.specs == []
    assert not (_ROOT / "owned").exists()


def test_a_file_of_100_mb_is_refused_unread(tmp_path: Path):
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    done = _workbench("check", str(path))
    assert done.returncode == 2
    assert done.stderr == f"{path}: larger than 1 MB: this is not a preset\n"


@pytest.mark.parametrize("name", ["missing.yaml", "missing", ".", "\udcff", "a" * 5000])
def test_a_file_that_cannot_be_read_is_refused(name: str):
    done = _workbench("check", name, errors="replace")
    assert done.returncode == 2
    assert "cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_leaves_is_no_error(shared_home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WORKBENCH_HOME", str(shared_home))
    script = f"{sys.executable} -m workbench schema; echo $? >&2"
    command = ["bash", "-c", f"({script}) | head -c 1"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=_ROOT, check=True)
    assert done.stderr == "0\n"


def test_list_needs_neither_torch_nor_qt_nor_numpy_once_the_catalogue_is_kept(
    shared_home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WORKBENCH_HOME", str(shared_home))
    assert _workbench("list").returncode == 0
    script = (
        "import sys; from workbench.__main__ import main; code = main(); "
        "heavy = {'torch', 'PySide6', 'numpy', 'pyarrow', 'workbench.engine'} & set(sys.modules); "
        "sys.exit(str(heavy) if heavy else code)"
    )
    for arguments in (["list", "--json"], ["show", "mlp"], ["schema"], ["--help"]):
        command = [sys.executable, "-c", script, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=_ROOT, check=False)
        assert (done.returncode, done.stderr) == (0, "")


def test_a_real_run_prints_what_it_promises(tmp_path: Path):
    path = tmp_path / "tiny.yaml"
    path.write_bytes(
        _lines("training: {epochs: 1, threads: 1}", "encoder: {kind: mlp, hidden: [8]}")
    )
    done = _workbench("run", str(path), "--json")
    assert done.returncode == 0, done.stderr
    assert " parameters · " in done.stderr
    assert "FLOP an example" in done.stderr
    (run,) = json.loads(done.stdout, parse_constant=pytest.fail)["runs"]
    assert list(run) == _KEYS
    assert run["status"] == "done"
    assert run["steps"] > 0
    assert run["steps_per_second"] > 0
    assert store.read(Path(run["path"])).summary["steps"] == run["steps"]


class Fetching(fakes.Services):
    """Services of which only downloads are asked."""

    def __init__(self, answer: str | RefusedError) -> None:
        super().__init__()
        self.answer = answer
        self.asked: list[Question] = []

    def runner(self) -> Any:
        return self

    def ask(self, question: Question, tell: Tell) -> str:
        tell(0.5, "half")
        self.asked.append(question)
        if isinstance(self.answer, RefusedError):
            raise self.answer
        return self.answer

    def close(self) -> None:
        """Nothing is held."""


def test_download_prints_the_folder(capsys: pytest.CaptureFixture[str]):
    services = Fetching("/data/mnist")
    assert cli.main(services, ["download", "mnist"]) == 0
    assert services.asked == [Download("mnist")]
    assert capsys.readouterr().out == "/data/mnist\n"


@pytest.mark.parametrize(("field", "code"), [("family", 2), ("", 4)])
def test_download_says_why_it_failed(field: str, code: int, capsys: pytest.CaptureFixture[str]):
    assert cli.main(Fetching(RefusedError("no such thing", field)), ["download", "x"]) == code
    assert "no such thing" in capsys.readouterr().err
