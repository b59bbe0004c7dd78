"""Runs on a Ray cluster: as if made here, whatever becomes of its machines. Needs the extra."""

import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from tests.runner.specs import short
from workbench.runner.cluster import ClusterPool, unpack
from workbench.runner.cluster_worker import packed
from workbench.runner.local import LocalRunner
from workbench.spec.event import Began, Diverged, Event, Failed, Finished
from workbench.spec.experiments.job import Job
from workbench.spec.question import ListTasks, RefusedError
from workbench.store import run as store
from workbench.store.index import Index

pytestmark = [pytest.mark.filterwarnings("default")]


def _files(folder: Path) -> dict[str, bytes]:
    """What of a run must not depend on where it was made: arrays, matrix, model."""
    run = store.read(folder)
    summary = {k: run.summary[k] for k in ("tasks", "matrix", "baseline", "summary", "status")}
    # by what they are: where steps are parted by a checkpoint depends on the clock
    arrays = {
        name: b"".join(
            np.ascontiguousarray(value).tobytes()
            for event in run.events
            if isinstance(value := getattr(event, name, None), np.ndarray)
        )
        for name in ("losses", "weights", "rates", "scores")
    }
    models = {
        path.name: path.read_bytes()
        for path in sorted((folder / "checkpoint").rglob("*.safetensors"))
        if "model" in path.name
    }
    return {"summary": json.dumps(summary).encode(), **arrays, **models}


def test_a_run_that_comes_as_an_archive_is_there_whole(tmp_path: Path):
    made = [*LocalRunner().run(short(), 1, tmp_path / "there")]
    assert isinstance(made[-1], Finished)
    (folder,) = (tmp_path / "there").iterdir()
    (folder / "recording.json").write_text("{}")
    archive = packed(folder)
    here = unpack(archive, tmp_path / "here", folder.name)
    assert not (here / "recording.json").exists()
    assert _files(here) == _files(folder)
    again = unpack(archive, tmp_path / "here", folder.name)  # it went on there
    assert _files(again) == _files(folder)
    assert [path.name for path in (tmp_path / "here").iterdir()] == [folder.name]


def test_an_archive_that_is_cut_short_leaves_nothing(tmp_path: Path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "spec.yaml").write_text("x" * 100_000)
    archive = packed(tmp_path / "run")
    with pytest.raises(Exception, match=r"end|truncated|invalid"):
        unpack(archive[:5000], tmp_path / "here", "run")
    assert list((tmp_path / "here").iterdir()) == []


def test_without_the_extra_it_says_how_to_have_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(RefusedError, match="mtl-workbench\\[cluster\\]"):
        ClusterPool("ray")


@pytest.fixture
def three_nodes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A cluster of three machines, played by processes of this one, a run at a time each."""
    pytest.importorskip("ray")
    from workbench.runner.cluster import ray_module

    ray = ray_module()
    from ray.cluster_utils import Cluster

    cluster = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 1, "object_store_memory": 100_000_000},
    )
    for _ in range(2):
        cluster.add_node(num_cpus=1, object_store_memory=100_000_000)
    cluster.wait_for_nodes()
    ray.init(address=cluster.address, log_to_driver=False, logging_level="error")
    yield cluster
    ray.shutdown()
    cluster.shutdown()


@pytest.mark.slow
def test_three_machines_one_of_which_is_lost_and_one_joins(
    three_nodes: Any, tmp_path: Path, home: Path
):
    """Every run is there once, and equal to the one that is made here, to the bit."""
    n_runs = 5
    pool = ClusterPool("ray")
    assert pool.n_children == 3
    assert [task.name for task in pool.ask(ListTasks(short()))]
    jobs = [Job(short(), seed, threads=1) for seed in range(n_runs)]
    ends: dict[int, Event] = {}
    begun: list[int] = []
    nodes = list(three_nodes.worker_nodes)
    for number, event in pool.run(jobs):
        if isinstance(event, Began):
            begun.append(number)
            if len(begun) == 3:
                three_nodes.remove_node(nodes[0], allow_graceful=False)
                three_nodes.add_node(num_cpus=1, object_store_memory=100_000_000)
        if isinstance(event, Finished | Failed | Diverged):
            assert number not in ends
            ends[number] = event
    pool.close()
    assert sorted(ends) == list(range(n_runs))
    assert all(isinstance(event, Finished) for event in ends.values()), ends
    rows = Index.open().rows()
    assert sorted(row.seed for row in rows) == list(range(n_runs))
    assert {row.status for row in rows} == {"done"}
    assert not [path for path in (home / "runs").iterdir() if path.name.startswith(".")]
    for row in rows:
        [*LocalRunner().run(short(), row.seed, tmp_path / "local")]
        (local,) = [p for p in (tmp_path / "local").iterdir() if f"-s{row.seed}-" in p.name]
        assert _files(Path(row.path)) == _files(local)
    assert len(begun) >= n_runs
    print(f"{n_runs} runs, {len(begun)} begun, one machine lost and one joined")


@pytest.mark.slow
def test_a_sweep_on_this_machine_leaves_no_process_and_nothing_at_home(tmp_path: Path):
    pytest.importorskip("ray")
    user = tmp_path / "user"
    user.mkdir()
    environment = {**os.environ, "HOME": str(user), "WORKBENCH_HOME": str(tmp_path / "home")}
    before = {process.pid for process in psutil.process_iter()}
    preset = tmp_path / "short.yaml"
    preset.write_text(
        "version: 1\nname: Short\ntasks: [{family: digits-split}]\n"
        "training: {epochs: 1, threads: 1}\n"
    )
    command = [sys.executable, "-m", "workbench", "sweep", str(preset), "--json"]
    over = ["--over", "optimizer.lr=log:1e-4:1e-1", "--trials", "3", "--jobs", "2", "--on", "ray"]
    done = subprocess.run(
        [*command, *over], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert [trial["status"] for trial in data["sweep"]["trials"]] == ["done"] * 3
    assert list(user.rglob("*")) == []
    left = [
        process.name()
        for process in psutil.process_iter()
        if process.pid not in before and "ray" in " ".join(_command(process))
    ]
    assert left == []


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a cluster that others began, with a server for clients; it has no graphics."""
    pytest.importorskip("ray")
    port, gcs = _free_ports(2)
    environment = {**os.environ, "RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "disabled"}
    command = [sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--num-cpus=2"]
    command += ["--include-dashboard=false", "--object-store-memory=100000000", "--block"]
    command += [f"--port={gcs}", f"--ray-client-server-port={port}"]
    with (tmp_path / "head.txt").open("wb") as log:
        head = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    while head.poll() is None and "started" not in (tmp_path / "head.txt").read_text():
        os.sched_yield()
    yield f"ray://127.0.0.1:{port}"
    family = psutil.Process(head.pid).children(recursive=True)
    head.terminate()
    psutil.wait_procs(family, timeout=20)
    for process in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    head.wait(20)


def _free_ports(n: int) -> list[int]:
    sockets = [socket.socket() for _ in range(n)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@pytest.mark.slow
def test_a_driver_that_is_killed_leaves_nothing_on_the_cluster_and_goes_on(
    server: str, tmp_path: Path
):
    """Through a client's server: every run once, though the process that asked was killed."""
    user, home = tmp_path / "user", tmp_path / "home"
    user.mkdir()
    environment = {**os.environ, "HOME": str(user), "WORKBENCH_HOME": str(home)}
    preset = tmp_path / "short.yaml"
    preset.write_text(
        "version: 1\nname: Short\ntasks: [{family: digits-split}]\n"
        "training: {epochs: 1, threads: 1}\n"
    )
    command = [sys.executable, "-m", "workbench", "sweep", str(preset), "--json", "--on", server]
    command += ["--over", "optimizer.lr=log:1e-4:1e-1", "--jobs", "2", "--trials"]
    runs = home / "runs"
    with (tmp_path / "first.txt").open("wb") as log:
        first = subprocess.Popen([*command, "4"], env=environment, stdout=log, stderr=log)
    while first.poll() is None and not (runs.is_dir() and any(runs.iterdir())):
        os.sched_yield()
    first.kill()
    first.wait()
    done = subprocess.run([*command, "4"], env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    trials = json.loads(done.stdout)["sweep"]["trials"]
    assert [trial["status"] for trial in trials] == ["done"] * 4
    assert len(list(runs.iterdir())) == 4
    assert list(user.rglob("*")) == []
    assert not [p for p in psutil.process_iter() if "RunOnWorker" in " ".join(_command(p))]
    command = [*command, "5", "--resources", "gpu=1"]
    refused = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert refused.returncode == 2
    assert b"no machine of the cluster has room" in refused.stderr


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []
