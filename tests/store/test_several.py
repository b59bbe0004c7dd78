"""Several programs on one home: none brings back, hides or writes over what another did."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FrameType

import pytest

from tests import fakes
from tests.fuzz import scaled
from tests.store.homes import listed, made
from workbench.spec.event import Event, Failed, Intervened
from workbench.spec.experiment import Spec
from workbench.store import index, run
from workbench.store.index import Index
from workbench.ui.services.history_backend import StoredHistory


def change() -> Iterator[Event]:
    """A run with a live change, which writes into the preset of the run."""
    for event in fakes.run():
        yield event
        if event.step == 20 and isinstance(event, fakes.StageBegan):
            yield Intervened(20, "first", 0.5)


@pytest.mark.parametrize("told", [fakes.run, change], ids=["plain", "changed"])
def test_a_run_that_is_taken_away_while_it_is_recorded_ends_and_stays_away(told, folder: Path):
    events = run.record(told(), folder)
    next(events)
    shutil.rmtree(folder)
    *_, last = events
    assert isinstance(last, Failed)
    assert "the run's folder is gone" in last.message
    assert str(folder) in last.message
    assert not folder.exists()
    assert Index.open().rows() == []


def test_what_a_window_shows_and_another_program_took_away_is_refused_in_words(spec: Spec):
    folder = run.create(spec, 3)
    list(run.record(fakes.run(3), folder))
    history = StoredHistory()
    (row,) = history.rows()
    shutil.rmtree(folder)
    with pytest.raises(OSError, match="not a run that can be read"):
        history.read(Path(row.path))
    for label in (
        lambda: history.label(folder, {"starred": True}),
        lambda: history.label(folder, {"tag": "x"}),
    ):
        with pytest.raises(OSError, match="there is no run"):
            label()
    assert not history.can_resume(folder)
    assert not folder.exists()
    assert history.rows() == []


def killed_after(n_calls: int, home: Path) -> bool:
    """Make the index in a process that is killed at that call of a function; false if it ended."""
    child = os.fork()
    if child == 0:
        left = n_calls

        def count(_frame: FrameType, _event: str, _more: object) -> None:
            nonlocal left
            left -= 1
            if left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.setprofile(count)
        Index(home).rows()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def n_calls_of_making(home: Path) -> int:
    """About how many calls of functions the making of the index takes: a few less, never more."""
    ended = 2
    while killed_after(ended, home):
        ended *= 2
    killed = ended // 2
    while ended - killed > killed // 50 + 1:
        _without_index(home)
        middle = (killed + ended) // 2
        if killed_after(middle, home):
            killed = middle
        else:
            ended = middle
    return killed


def _without_index(home: Path) -> None:
    for file in home.glob("index*"):
        file.unlink()


@pytest.fixture
def _runs_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read of a run stays what it is, for nothing writes into it: the index is all new.

    So every call at which a process is killed is one that makes the index.
    """
    monkeypatch.setattr(index, "row_at", cache(index.row_at))


def check_kills(home: Path, n_runs: int, n_kills: int) -> None:
    found = made(home, n_runs)
    expected = dict.fromkeys(found.ids, "done")
    assert listed(home) == expected
    _without_index(home)
    n_calls = n_calls_of_making(home)
    n_killed = 0
    for k in range(n_kills):
        _without_index(home)
        n_killed += killed_after(1 + k * n_calls // n_kills, home)
        assert listed(home) == expected
        assert listed(home) == expected
    assert n_killed > n_kills * 9 // 10


@pytest.mark.usefixtures("_runs_read_once")
def test_a_process_killed_while_it_makes_the_index_hides_nothing(home: Path):
    check_kills(home, n_runs=4, n_kills=scaled(12))


@pytest.mark.slow
@pytest.mark.usefixtures("_runs_read_once")
def test_a_process_killed_anywhere_while_it_makes_a_large_index_hides_nothing(home: Path):
    check_kills(home, n_runs=150, n_kills=scaled(75))


_READS = """
import sys
from workbench import cli
from workbench.__main__ import Services
for command in sys.argv[1:]:
    assert cli.main(Services(), command.split()) == cli.DONE, command
"""

# What reads is one process, which imports torch once: there is no catalogue on the disk to read.
_READ_ONLY = """
set -e
mount --bind "$WORKBENCH_HOME" "$WORKBENCH_HOME"
mount -o remount,ro,bind "$WORKBENCH_HOME"
{python} -c "$READS" "runs" "runs --json" "compare $1 $2" "list" "show pcgrad" "check $3"
! {python} -m workbench run "$3" --quiet
! {python} -m workbench resume "$2" --quiet
"""


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which("unshare") is None or os.geteuid() != 0, reason="only root can mount"
)
def test_a_home_on_a_disk_that_is_read_only_is_read(home: Path):
    home_with_runs = made(home, 2)
    cut = run.create(home_with_runs.spec, 5)
    list(run.record([fakes.began(5), fakes.block(0, 9)], cut))
    for has_index in (False, True):
        if has_index:
            assert len(Index(home).rows()) == 3
        script = _READ_ONLY.replace("{python}", sys.executable)
        command = [
            "unshare",
            "-m",
            "sh",
            "-c",
            script,
            "sh",
            home_with_runs.ids[0],
            cut.name,
            "see-forgetting",
        ]
        environment = {**os.environ, "READS": _READS}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        output = done.stdout + done.stderr
        if "mount:" in output:
            pytest.skip("mounts are refused here")
        assert done.returncode == 0, output
        assert "Traceback" not in output
        assert "Read-only file system" in output
        assert output.count(home_with_runs.ids[0]) > 1


_RECORDS = """
import sys
from tests import fakes
from workbench.spec.experiment import Spec, TaskChoice
from workbench.store import index, run

for seed in range(8):
    spec = Spec(name=sys.argv[1], tasks=(TaskChoice(family="fake"),), seeds=(seed,))
    list(run.record(fakes.run(seed), run.create(spec, seed)))
"""

_LISTS = """
import shutil
from pathlib import Path
from workbench.store.index import Index
from workbench.ui.services.history_backend import StoredHistory

history = StoredHistory()
for i in range(40):
    rows = history.rows()
    assert not [row.problem for row in rows if row.problem], rows
    for row in rows:
        if i % 4 == 0 and row.seed == 3 and row.status == "done":
            shutil.rmtree(row.path, ignore_errors=True)
        try:
            history.read(Path(row.path))
        except OSError:
            assert not Path(row.path).exists()
"""


@pytest.mark.slow
def test_two_windows_and_three_runs_share_a_home_while_runs_are_deleted(home: Path):
    root = Path(__file__).parents[2]
    commands = [[_RECORDS, "a"], [_RECORDS, "b"], [_RECORDS, "c"], [_LISTS], [_LISTS]]
    processes = [
        subprocess.Popen([sys.executable, "-c", *command], cwd=root, stderr=subprocess.PIPE)
        for command in commands
    ]
    for process in processes:
        _, output = process.communicate()
        assert process.returncode == 0, output.decode()
    rows = Index(home).rows()
    assert {(row.name, row.seed) for row in rows} >= {
        (name, seed) for name in "abc" for seed in range(8) if seed != 3
    }
    assert {row.status for row in rows} == {"done"}
