"""The real program, in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import fakes
from tests.cli.printed import KEYS
from workbench import cli
from workbench.store import run as store

_ROOT = Path(__file__).parents[2]


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
    "zero bytes": (b"name: x\n\x00\x00", 2, "not YAML"),
    "laughs": (_lines(*_LAUGHS), 5, "aliases"),
    "a python tag": (_lines("about: !!python/object/apply:os.system ['touch owned']"), 4, "tags"),
    "a plain tag": (_lines("about: !include /etc/passwd"), 4, "tags"),
    "deep": (_lines("about: " + "[" * 100_000), 4, "nested deeper"),
    "deep maps": (_lines("about: " + "{a: " * 10_000), 4, "nested deeper"),
    "two documents": (_lines("---", "name: y"), 4, "one document"),
    "given twice": (_lines("name: y"), 4, "given twice"),
    "a key that is a list": (_lines("[1, 2]: y"), 4, "a key is a single word"),
    "the future": (_lines("version: 2"), 4, "update it"),
    "nothing": (b"", 1, "tasks: required, but missing"),
    "huge number": (_lines("training: {epochs: 1" + "0" * 5000 + "}"), 4, ""),
}


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for the real program, so that it asks for its catalogue once."""
    return tmp_path_factory.mktemp("home")


#: The program's main, for one file after the other; its code and its words for each.
_CHECK_EACH = """
import contextlib, io, json, sys
from workbench.__main__ import main

found = {}
for path in sys.argv[1:]:
    sys.argv = ["workbench", "check", path]
    with contextlib.redirect_stdout(io.StringIO()) as out:
        with contextlib.redirect_stderr(io.StringIO()) as err:
            code = main()
    found[path] = code, out.getvalue(), err.getvalue()
json.dump(found, sys.stdout)
"""


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory, shared_home: Path) -> dict[Path, Any]:
    """What `check` made of each bad file: exit code, output and errors. One process for all."""
    folder = tmp_path_factory.mktemp("bad")
    paths = [folder / f"{what}.yaml" for what in BAD_FILES]
    for path in paths:
        path.write_bytes(BAD_FILES[path.stem][0])
    command = [sys.executable, "-c", _CHECK_EACH, *map(str, paths)]
    home = {**os.environ, "WORKBENCH_HOME": str(shared_home)}
    done = subprocess.run(command, capture_output=True, text=True, cwd=_ROOT, env=home, check=True)
    assert done.stderr == ""
    return {Path(path): message for path, message in json.loads(done.stdout).items()}


@pytest.mark.parametrize("what", BAD_FILES)
def test_a_bad_preset_is_refused_with_its_line(what: str, refusals: dict[Path, Any]):
    _, line, message = BAD_FILES[what]
    (path,) = (path for path in refusals if path.stem == what)
    code, output, errors = refusals[path]
    assert code == 2
    assert output == ""
    assert "Traceback" not in errors
    assert errors.startswith(f"{path}:{line}: " if line else f"{path}: ")
    assert message in errors
    runner = fakes.Runner()
    assert cli.main(fakes.Services(runner), ["run", str(path), "--json"]) == 2
    assert runner.specs == []
    assert not (_ROOT / "owned").exists()


def test_a_bad_preset_ends_the_real_program(
    tmp_path: Path, shared_home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WORKBENCH_HOME", str(shared_home))
    path = tmp_path / "bad.yaml"
    path.write_bytes(_lines("trainig: {epochs: 1}"))
    done = _workbench("check", str(path))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{path}:4: ")


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
    assert list(run) == KEYS
    assert run["status"] == "done"
    assert run["steps"] > 0
    assert run["steps_per_second"] > 0
    assert store.read(Path(run["path"])).summary["steps"] == run["steps"]
