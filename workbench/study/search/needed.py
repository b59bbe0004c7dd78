"""Needed: what a sweep needs of the other sides, which it never imports."""

from collections.abc import Generator, Iterable
from pathlib import Path
from typing import Protocol

from workbench.spec.command import Command
from workbench.spec.event import Event
from workbench.spec.experiment import Spec
from workbench.spec.experiments.job import Job


class Pool(Protocol):
    """Trains several jobs at once, as `workbench.runner.pool` does."""

    def run(self, jobs: Iterable[Job]) -> Generator[tuple[int, Event]]:
        """The events of all jobs, each with its job's number."""
        ...

    def send(self, command: Command, number: int | None = None) -> None:
        """Ask something of one run, or of all."""
        ...


class Store(Protocol):
    """What is there of runs already, as `workbench.cli.sweeps.found_runs` tells."""

    def find(self, spec: Spec, seed: int) -> tuple[str, Path] | None:
        """A run that ended on this setup and seed, or this sweep's own that was cut short."""
        ...

    def events(self, folder: Path) -> list[Event]:
        """What a run told."""
        ...

    def label(self, run_id: str) -> Path:
        """Have a new run say which sweep it is of; its folder."""
        ...
