"""Cluster: a pool whose runs go on on the machines of a Ray cluster, with the pool's own interface.

Ray's core carries the runs and nothing else of it is used. A run is one actor, never tried again by
Ray: two attempts of one run would mix. It is made in a scratch home on its machine, under the name
that it has here, and comes back whole as one archive; what a lost machine had is begun anew.
"""

import importlib
import itertools
import math
import os
import secrets
import shutil
import tarfile
import threading
from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from workbench.runner.cluster_worker import News, RunOnWorker, packed
from workbench.spec.command import Command, Stop
from workbench.spec.event import LAST, Began, Event, Failed, Preparing
from workbench.spec.experiments.job import Job, n_cores
from workbench.spec.experiments.resources import Resources
from workbench.spec.files import sync_folder
from workbench.spec.question import Question, RefusedError
from workbench.store.home import runs_folder
from workbench.store.index import Index
from workbench.store.run import new_name

#: How often a run is begun anew after the machine that it was on is lost.
MOST_LOSSES = 5

#: Events are taken as soon as there are any; without, the jobs are looked after so often.
_WAIT_SECONDS = 0.5

#: Ray's store of objects on this machine, through which runs come back; it takes 75 MB at least.
_STORE_BYTES = 100_000_000

_MISSING = "--on needs the extra of clusters: pip install 'mtl-workbench[cluster]'"


def ray_module() -> Any:
    """Ray, told before it is imported to send nothing to anyone and to make no token of its own."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_AUTH_MODE", "disabled")
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        return importlib.import_module("ray")
    except ImportError:
        raise RefusedError(_MISSING) from None


class _Place:
    """A run that goes on: its job, the actor that makes it, and what it will say next."""

    def __init__(self, number: int, job: Job, actor: Any) -> None:
        self.number, self.job, self.actor = number, job, actor
        self.next: Any = None
        self.step = 0
        self.n_losses = 0
        self.last: Event | None = None


class ClusterPool:
    """Trains up to `n_children` jobs at once on a cluster: `ray`, on this machine, or `ray://…`.

    Each run takes `resources` of one machine: by default a processor, and a graphics processor
    where its setup asks for one. The machines need this version of the program, and to see the
    user's own files under the same paths.
    """

    def __init__(
        self, address: str, n_children: int | None = None, resources: Resources | None = None
    ) -> None:
        """Join the cluster.

        Raises RefusedError where there is none, no machine has the resources, or Ray is not there.
        """
        self.ray = ray_module()
        self.resources = resources or Resources()
        self._places: list[_Place] = []
        self._is_mine = not self.ray.is_initialized()
        if self._is_mine:
            self._join(address, n_children)
        n_there = self._n_there(address)
        self.n_children = min(n_children or n_there, n_there)
        options: dict[str, Any] = {
            "num_cpus": self.resources.cpu,
            "max_restarts": 0,
            "max_task_retries": 0,
        }
        if self.resources.memory:
            options["memory"] = self.resources.memory
        self._actors = self.ray.remote(max_concurrency=4, **options)(RunOnWorker)
        self._lock = threading.RLock()
        self._is_stopped = False

    def _join(self, address: str, n_children: int | None) -> None:
        quiet = {"log_to_driver": False, "logging_level": "error"}
        try:
            if address == "ray":
                n_cpus = math.ceil(n_children * self.resources.cpu) if n_children else n_cores()
                self.ray.init(
                    address="local",
                    num_cpus=n_cpus,
                    include_dashboard=False,
                    object_store_memory=_STORE_BYTES,
                    **quiet,
                )
            else:
                self.ray.init(address=address, **quiet)
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise RefusedError(f"--on {address}: there is no such cluster: {error}") from None

    def _n_there(self, address: str) -> int:
        """How many runs the machines have room for together. Raises RefusedError for none."""
        machines = [node["Resources"] for node in self.ray.nodes() if node["Alive"]]
        n_there = sum(map(self.resources.n_in, machines))
        if n_there:
            return n_there
        largest = max(machines, key=lambda each: each.get("CPU", 0), default={})
        has = ", ".join(f"{name}={largest.get(name, 0):g}" for name in ("CPU", "GPU", "memory"))
        self.close()
        raise RefusedError(
            f"--on {address}: no machine of the cluster has room for a run that takes "
            f"{self.resources.words}; the largest has {has}"
        )

    def limit(self, n_children: int) -> None:
        """Run no more than so many at once."""
        self.n_children = n_children

    def ask(self, question: Question) -> Any:
        """A machine's answer to a question. Raises RefusedError."""
        actor = self._actors.remote()
        try:
            return self.ray.get(actor.ask.remote(question))
        except self.ray.exceptions.RayTaskError as error:
            raise RefusedError(str(error.cause)) from None
        except self.ray.exceptions.RayError as error:
            raise RefusedError(f"the cluster did not answer: {error}") from None
        finally:
            self.ray.kill(actor)

    def run(self, jobs: Iterable[Job]) -> Generator[tuple[int, Event]]:
        """The events of all jobs as they come, each with its job's number, from 0.

        The last event of a run is told when the run is in the store.
        """
        numbered = enumerate(jobs)
        try:
            while True:
                self._fill(numbered)
                if not self._places:
                    return
                waiting = {place.next: place for place in self._places}
                ready, _ = self.ray.wait([*waiting], num_returns=1, timeout=_WAIT_SECONDS)
                for reference in ready:
                    yield from self._taken(waiting[reference])
        finally:
            for place in list(self._places):
                self._drop(place)
            self._is_stopped = False

    def send(self, command: Command, number: int | None = None) -> None:
        """Ask something of one run, or of all that go on. Any thread may."""
        with self._lock:
            meant = [p for p in self._places if number in (None, p.number)]
            for place in meant:
                place.actor.send.remote(command)

    def stop(self) -> None:
        """Begin no further run, and end those that go on with a checkpoint."""
        self._is_stopped = True
        self.send(Stop())

    def close(self) -> None:
        """Leave the cluster; one that was begun for this ends."""
        for place in list(self._places):
            self._drop(place)
        if self._is_mine and self.ray.is_initialized():
            self.ray.shutdown()

    def _fill(self, numbered: Iterator[tuple[int, Job]]) -> None:
        while not self._is_stopped and len(self._places) < self.n_children:
            number, job = next(numbered, (-1, None))
            if job is None:
                return
            if job.folder is None:
                job = replace(job, run_id=new_name(job.spec, job.seed))
            with self._lock:
                place = _Place(number, job, None)
                self._places.append(place)
                self._begin(place)

    def _begin(self, place: _Place) -> None:
        """Have a new actor make the run, or go on with it, wherever there is room."""
        job = place.job
        n_gpus = self.resources.n_gpus(job.spec.device)
        place.actor = self._actors.options(num_gpus=n_gpus).remote()
        archive = packed(job.folder) if job.folder is not None else b""
        place.actor.begin.remote(job, archive)
        place.next = place.actor.news.remote()

    def _taken(self, place: _Place) -> Iterator[tuple[int, Event]]:
        """What one run has to say next."""
        errors = self.ray.exceptions
        try:
            news: News = self.ray.get(place.next)
            folder = None
            if news.is_over and news.has_folder:
                folder = self._root(place.job)
                unpack(self.ray.get(place.actor.archive.remote()), folder, _name(place.job))
        except (errors.ActorUnavailableError, errors.RayActorError, errors.ObjectLostError):
            yield from self._lost(place)
            return
        except errors.RayTaskError as error:
            self._drop(place)
            yield place.number, Failed(place.step, f"the run broke on its machine: {error.cause}")
            return
        if folder is not None:
            Index.open().register(folder / _name(place.job))
        if news.is_over:
            self._drop(place)  # it is free before the last event is told
        else:
            place.next = place.actor.news.remote()
        events = [event for event in news.events if not isinstance(event, LAST)]
        place.last = next((e for e in news.events if isinstance(e, LAST)), place.last)
        if news.is_over:  # the last event is held back until the run is in the store
            events.append(place.last or Failed(place.step, "the run ended without a last word"))
        for event in events:
            place.step = event.step
            if self._is_stopped and isinstance(event, Began | Preparing):
                self.send(Stop(), place.number)  # it was asked before there was a run to hear it
            yield place.number, event

    def _lost(self, place: _Place) -> Iterator[tuple[int, Event]]:
        """The machine of a run is gone: nothing of it came here, so it is begun anew."""
        place.n_losses, place.last = place.n_losses + 1, None
        if place.n_losses > MOST_LOSSES or self._is_stopped:
            self._drop(place)
            yield place.number, Failed(place.step, "the machine that it ran on was lost")
            return
        with self._lock:
            self._begin(place)

    def _root(self, job: Job) -> Path:
        if job.folder is not None:
            return job.folder.parent
        return runs_folder() if job.root is None else job.root

    def _drop(self, place: _Place) -> None:
        with self._lock:
            if place in self._places:
                self._places.remove(place)
        self.ray.kill(place.actor)


def _name(job: Job) -> str:
    return job.run_id if job.folder is None else job.folder.name


def unpack(archive: bytes, root: Path, name: str) -> Path:
    """Put a run that came as an archive under `root`, whole or not at all. Raises OSError.

    A folder of that name is what the run went on from, and gives way.
    """
    partial = root / f".new-{secrets.token_hex(6)}"
    partial.mkdir(parents=True)
    try:
        with tarfile.open(fileobj=BytesIO(archive)) as tar:
            tar.extractall(partial, filter="data")
        for path in itertools.chain([partial], partial.rglob("*")):
            _sync(path)
        before = root / f".old-{secrets.token_hex(6)}"
        if (root / name).exists():
            (root / name).rename(before)
        (partial / name).rename(root / name)
        sync_folder(root)
        shutil.rmtree(before, ignore_errors=True)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return root / name


def _sync(path: Path) -> None:
    if path.is_dir():
        sync_folder(path)
    else:
        with path.open("rb") as file:
            os.fsync(file.fileno())
