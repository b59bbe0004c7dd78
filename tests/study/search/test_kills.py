"""Sweeps whose maker is killed at any moment: no trial is lost, made twice or proposed again."""

import json
import os
import random
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests import fakes
from tests.fuzz import scaled
from tests.study.search.quick import RATE, Runner, defined, diverged, driver
from workbench.store.claim import Claim
from workbench.store.index import Index
from workbench.study.search.definition import Definition
from workbench.study.search.folder import SweepFolder, create
from workbench.study.search.trial import State

#: What a process asks of the system when it changes something on the disk.
_CHANGES = ("open", "os.rename", "os.remove", "os.mkdir", "os.truncate", "os.rmdir", "os.link")


class _Countdown:
    """Kills this process, as SIGKILL does, before the n-th time that it touches the disk."""

    def __init__(self, n: int) -> None:
        self.n = n
        sys.addaudithook(self._hear)

    def _hear(self, event: str, _arguments: object) -> None:
        if event in _CHANGES:
            self.n -= 1
            if self.n == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def _killed_after(n: int, definition: Definition, folder: SweepFolder) -> bool:
    """Have a process go on with the sweep until it is killed; false where it came to the end."""
    child = os.fork()
    if child == 0:
        try:
            claim = Claim(folder.path)
            _Countdown(n)
            driver(definition, folder).make(fakes.Pool(Runner(diverged), 1))
            claim.release()
            os._exit(0)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _definition(chance: random.Random) -> Definition:
    return defined(
        RATE,
        "training.batch_size=int:8:64",
        sampler=chance.choice(["tpe", "random", "grid"]),
        n=chance.randint(3, 7),
        prunes=chance.random() < 0.5,
        seeds=range(chance.randint(1, 3)),
    )


def _said(state: State) -> list[object]:
    """What of a sweep must not depend on how often its maker was killed."""
    return [
        (t.number, t.status, json.dumps(dict(t.params)), t.results, t.reports) for t in state.trials
    ]


def _try(seed: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> int:
    chance = random.Random(seed)
    definition = _definition(chance)
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / f"whole-{seed}"))
    whole = driver(definition).make(fakes.Pool(Runner(diverged), 1))
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / f"killed-{seed}"))
    folder = create(definition, "killed")
    n_kills = 0
    while _killed_after(int(chance.triangular(30, 600, 100)), definition, folder):
        n_kills += 1
        if chance.random() < 0.3:  # a write that was cut short
            text = folder.journal.read_bytes() if folder.journal.exists() else b""
            lost = chance.randint(0, min(40, len(text)))
            folder.journal.write_bytes(text + b'{"op_code": 4, "wor'[: lost or None])
        assert n_kills < 400, "it does not come on"
    state = driver(definition, folder).look()
    assert state.is_over
    assert _said(state) == _said(whole), f"WORKBENCH_FUZZ, seed {seed}"
    rows = Index.open().rows()
    done = Counter((row.fingerprint, row.seed) for row in rows)
    assert set(done.values()) == {1}, "a run was made twice"
    pruned = [trial for trial in state.trials if trial.status == "pruned"]
    ended = {run.run_id for trial in pruned for run in trial.runs}  # they need not be gone on with
    left = [
        r.run_id for r in rows if r.status not in ("done", "diverged") and r.run_id not in ended
    ]
    assert not left, "a run was left where it stood"
    return n_kills


def test_a_killed_sweep_comes_to_what_an_undisturbed_one_comes_to(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    assert sum(_try(seed, monkeypatch, tmp_path) for seed in range(scaled(2))) > 2


@pytest.mark.slow
def test_many_killed_sweeps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    n_kills = sum(_try(1000 + seed, monkeypatch, tmp_path) for seed in range(scaled(40)))
    assert n_kills > 100
