"""Homes damaged at random: good runs stay listed as they were, and no command breaks.

WORKBENCH_FUZZ makes the number of homes larger; the slow test tries ten times as many.
"""

import contextlib
import json
import logging
import os
import random
import shutil
from pathlib import Path

import pytest

from tests import fakes
from tests.fuzz import scaled
from tests.store import damages
from tests.store.homes import Home, content_of, made
from workbench import cli
from workbench.spec.run_row import RunRow
from workbench.store import run
from workbench.store.errors import NotARunError, UnknownRunError
from workbench.store.index import Index
from workbench.store.index_row import holds_a_run
from workbench.ui.model.run_model import RunModel
from workbench.ui.services.history_backend import StoredHistory

log = logging.getLogger(__name__)

_HOMES = 10
_STATUSES = {"running", "done", "stopped", "diverged", "failed", "interrupted", "damaged"}

pytestmark = pytest.mark.usefixtures("settled")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Runs that are done, one stopped, one interrupted, one labelled, one of several segments."""
    with pytest.MonkeyPatch.context() as patch:
        home = tmp_path_factory.mktemp("whole") / "home"
        patch.setenv("WORKBENCH_HOME", str(home))
        home_with_runs = made(home, 3)
        stopped = run.create(home_with_runs.spec, 5)
        early = [fakes.began(5), fakes.block(0, 9, 5), fakes.finished(5, "stopped", 9)]
        list(run.record(early, stopped))
        again = run.create(home_with_runs.spec, 6)
        list(run.record([fakes.began(6), fakes.block(0, 12, 6)], again))
        list(run.record(fakes.run(6, from_step=10), again))
        cut = run.create(home_with_runs.spec, 7)
        list(run.record([fakes.began(7), fakes.block(0, 12, 7)], cut))
        (cut / "checkpoint" / "000000010-0").mkdir(parents=True)
        (cut / "checkpoint" / "000000010-0" / "state.pt").write_bytes(b"state")
        Index(home).set_tag(home_with_runs.ids[0], "mine")
        return Home(home, home_with_runs.spec, (*home_with_runs.folders, stopped, again, cut))


def damaged(whole: Home, home: Path, rng: random.Random) -> set[str]:
    """A copy of the home with something done to it; the names of the runs that are good still."""
    shutil.copytree(whole.home, home)
    good = set(whole.ids)
    for _ in range(rng.randint(1, 5)):
        if rng.random() < 0.3:
            damages.of_the_index(home, rng)
            continue
        folders = sorted(path for path in (home / "runs").iterdir() if path.is_dir())
        if folders:
            folder = rng.choice(folders)
            good.discard(folder.name)
            rng.choice(damages.OF_A_RUN)(folder, rng)
    return good


def check_rows(whole: dict[str, RunRow], good: set[str], home: Path) -> list[RunRow]:
    """That the list holds every run, the good ones as they were."""
    rows = Index.open(home).rows()
    result = {row.run_id: row for row in rows}
    assert len(result) == len(rows)
    for name in good:
        assert result[name].status == whole[name].status
        assert (result[name].acc, result[name].steps) == (whole[name].acc, whole[name].steps)
        assert not result[name].problem
    for row in rows:
        assert row.status in _STATUSES
        assert bool(row.problem) == (row.status == "damaged")
        assert "\n" not in row.problem
    there = {path.name for path in (home / "runs").iterdir() if path.is_dir() and holds_a_run(path)}
    assert {name for name in there if not name.startswith(".")} == result.keys()
    return rows


def check_commands(rows: list[RunRow], capsys: pytest.CaptureFixture[str]) -> None:
    """That every command ends in an exit code."""
    assert cli.main(fakes.Services(), ["runs"]) == 0
    capsys.readouterr()
    assert cli.main(fakes.Services(), ["runs", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert [row["run_id"] for row in printed["runs"]] == [row.run_id for row in rows]
    if rows:
        paths = [row.path for row in rows[:4]]
        assert cli.main(fakes.Services(), ["compare", *paths]) == 0
        capsys.readouterr()
        assert cli.main(fakes.Services(), ["compare", "--json", *paths]) == 0
        json.loads(capsys.readouterr().out, parse_constant=pytest.fail)


def check_window(rows: list[RunRow]) -> None:
    """That what the window reads of a run can be shown, or is refused with a reason."""
    history = StoredHistory()
    assert list(history.rows()) == rows
    for row in rows:
        recorded = None
        try:
            recorded = history.read(Path(row.path))
        except OSError as error:
            log.info("%s", error)
        if recorded is None:
            assert row.status == "damaged"
            continue
        model = RunModel.of(recorded.events, recorded.seed, recorded.spec)
        model.summary, model.matrix, model.scores, model.bands, model.colours  # noqa: B018
        model.steps.loss_points("raw", 1, 0, len(model.steps), 100)
        history.can_resume(Path(row.path))


def check_resume(rows: list[RunRow], good: set[str], capsys: pytest.CaptureFixture[str]) -> None:
    """That resuming a damaged run goes on, or is refused."""
    for row in rows:
        if row.run_id not in good:
            assert cli.main(fakes.Services(), ["resume", row.path, "--quiet"]) in (0, 2, 4)
            capsys.readouterr()
            with contextlib.suppress(NotARunError):
                run.read(Path(row.path))


def check(whole: Home, expected: dict[str, RunRow], seed: int, home: Path, capsys: object) -> None:
    """One damaged home."""
    assert isinstance(capsys, pytest.CaptureFixture)
    good = damaged(whole, home, random.Random(seed))
    before = content_of(home / "runs")
    rows = check_rows(expected, good, home)
    assert check_rows(expected, good, home) == rows
    check_commands(rows, capsys)
    check_window(rows)
    assert content_of(home / "runs") == before
    moved = home.rename(home.with_name("moved"))
    assert len(check_rows(expected, good, moved)) == len(rows)
    moved.rename(home)
    check_resume(rows, good, capsys)
    for name in good:
        folder = home / "runs" / name
        mine = {key: value for key, value in before.items() if key.startswith(f"{name}/")}
        assert {f"{name}/{key}": value for key, value in content_of(folder).items()} == mine
        try:
            Index.open(home).set_star(name, True)
        except UnknownRunError:
            pytest.fail(f"{name} cannot be starred")
    assert {row.run_id for row in check_rows(expected, good, home) if row.starred} == good


def check_many(
    whole: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    n_homes: int,
) -> None:
    expected = {row.run_id: row for row in Index.open(whole.home).rows()}
    assert {row.status for row in expected.values()} == {"done", "stopped", "interrupted"}
    for seed in range(n_homes):
        home = tmp_path / f"home-{seed}" / "home"
        home.parent.mkdir()
        monkeypatch.setenv("WORKBENCH_HOME", str(home))
        try:
            check(whole, expected, seed, home, capsys)
        except BaseException:
            os.write(2, f"the home of seed {seed}\n".encode())
            raise
        shutil.rmtree(home.parent)


def test_homes_that_are_damaged_at_random_keep_their_good_runs(
    whole: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    check_many(whole, tmp_path, monkeypatch, capsys, scaled(_HOMES))


@pytest.mark.slow
def test_many_homes_that_are_damaged_at_random_keep_their_good_runs(
    whole: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    check_many(whole, tmp_path, monkeypatch, capsys, scaled(10 * _HOMES))
