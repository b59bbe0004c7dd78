"""Local: runs in this process, in whatever thread iterates them."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from workbench.engine import catalogue, session
from workbench.engine.control import Control
from workbench.spec.command import Command
from workbench.spec.entry import Catalogue, Entry
from workbench.spec.event import Began, Event, Failed
from workbench.spec.experiment import Spec
from workbench.store import catalogue as catalogue_cache
from workbench.store import run as store


class LocalRunner:
    """Trains in this process; each run is recorded in the store as it goes."""

    def __init__(self) -> None:
        self._control = Control()

    @cached_property
    def methods(self) -> catalogue.Catalogue:
        """The methods, found once."""
        return catalogue.discover()

    def warm(self) -> None:
        """Import now what the first run would otherwise wait for."""
        _ = self.methods
        session.warm_up()

    def entries(self) -> list[Entry]:
        """Every catalogue entry, broken ones too."""
        return self.methods.entries()

    def catalogue(self) -> Catalogue:
        """The catalogue, also kept on disk for the next start."""
        return catalogue_cache.keep(self.entries())

    def run(self, spec: Spec, seed: int, root: Path | None = None) -> Iterator[Event]:
        """A new run of one seed, recorded under `root` or in the user's runs.

        A spec that turns out to be wrong leaves no run behind.
        """
        try:
            folder = store.create(spec, seed, root)
        except OSError as error:
            yield Failed(0, f"the run's folder could not be made: {error}")
            return
        for event in self._recorded(spec, seed, folder, resume=False):
            if isinstance(event, Failed) and event.place:
                shutil.rmtree(folder, ignore_errors=True)
            yield event

    def resume(self, folder: Path) -> Iterator[Event]:
        """Go on with a run from its newest checkpoint."""
        try:
            stored = store.read(folder)
        except (OSError, store.NotARunError) as error:
            yield Failed(0, str(error))
            return
        yield from self._recorded(stored.spec, stored.seed, folder, resume=True)

    def send(self, command: Command) -> None:
        """Ask something of the run that goes on. Any thread may."""
        self._control.send(command)

    def close(self) -> None:
        """Nothing is held between runs."""

    def _recorded(self, spec: Spec, seed: int, folder: Path, *, resume: bool) -> Iterator[Event]:
        self._control = Control()
        events = session.run(
            spec, seed, self.methods, self._control, store.checkpoint(folder), resume=resume
        )
        named = (_named(event, folder) if isinstance(event, Began) else event for event in events)
        yield from store.record(named, folder)


def _named(event: Began, folder: Path) -> Began:
    return replace(event, run_id=folder.name)
