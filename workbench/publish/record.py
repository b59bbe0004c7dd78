"""Record: a run with all that it recorded, as arrays, to be made into tables and figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from workbench.spec.event import Began, Event, StageFacts, TaskFacts
from workbench.spec.experiments.assignments import distinct_names
from workbench.spec.fingerprint import fingerprint
from workbench.store.series import Series, read_series
from workbench.store.stored_run import StoredRun, read

_Kind = TypeVar("_Kind", bound=Event)


@dataclass(frozen=True)
class Record:
    """A run that was read, and the name of its experiment among those it is shown with."""

    stored: StoredRun
    experiment: str

    @property
    def run_id(self) -> str:
        """The name of its folder."""
        return self.stored.run_id

    @property
    def seed(self) -> int:
        """Its seed."""
        return self.stored.seed

    @property
    def began(self) -> Began | None:
        """How it began; None where it never did."""
        return self.stored.outcome.began

    @property
    def tasks(self) -> tuple[TaskFacts, ...]:
        """Its tasks, in the order of every column."""
        return self.began.tasks if self.began is not None else ()

    @property
    def stages(self) -> tuple[StageFacts, ...]:
        """Its stages, as they came to be."""
        return self.began.stages if self.began is not None else ()

    @cached_property
    def series(self) -> Series:
        """The numbers of every step; without rows where none was recorded. Raises OSError."""
        series = read_series(self.stored.folder)
        names = tuple(task.name for task in self.tasks)
        return series if series is not None and series.tasks == names else _no_series(names)

    @property
    def matrix(self) -> NDArray[np.float64]:
        """Scores [S, T] on the test split after each stage that ended; NaN where not finite."""
        rows = self.stored.outcome.matrix
        return np.asarray(rows, dtype=np.float64).reshape(len(rows), len(self.tasks))

    @property
    def baseline(self) -> NDArray[np.float64]:
        """Scores [T] on the test split before any training; NaN where there is none."""
        values = self.stored.outcome.baseline
        if len(values) != len(self.tasks):
            return np.full(len(self.tasks), np.nan)
        return np.asarray(values, dtype=np.float64)

    def events(self, kind: type[_Kind]) -> list[_Kind]:
        """Its events of one kind, in order."""
        return [event for event in self.stored.events if isinstance(event, kind)]


def _no_series(tasks: tuple[str, ...]) -> Series:
    values = np.zeros((0, len(tasks)), dtype=np.float32)
    one = np.zeros(0, dtype=np.float32)
    return Series(tasks, np.zeros(0, dtype=np.int64), values, values, one, one)


def record(folder: Path) -> Record:
    """The run in a folder. Raises NotARunError and OSError."""
    stored = read(folder)
    return Record(stored, stored.spec.name)


def records(folders: Sequence[Path]) -> list[Record]:
    """The runs in these folders, each once, those of one experiment under one name.

    Raises NotARunError and OSError.
    """
    stored = [read(folder) for folder in dict.fromkeys(folders)]
    keys = [fingerprint(each.spec, each.numerics) for each in stored]
    order = list(dict.fromkeys(keys))
    specs = [stored[keys.index(key)].spec for key in order]
    names = distinct_names(specs, [spec.name for spec in specs])
    named = dict(zip(order, names, strict=True))
    return [Record(each, named[key]) for each, key in zip(stored, keys, strict=True)]


def experiments(chosen: Sequence[Record]) -> dict[str, list[Record]]:
    """The runs by the name of their experiment, in the order of the first of each."""
    groups: dict[str, list[Record]] = {}
    for each in chosen:
        groups.setdefault(each.experiment, []).append(each)
    return groups


def one_a_seed(runs: Sequence[Record]) -> list[Record]:
    """A run of each seed of an experiment: one that is done and whole, else the first there is."""
    by_seed: dict[int, Record] = {}
    for record in runs:
        if record.seed not in by_seed or (is_done(record) and not is_done(by_seed[record.seed])):
            by_seed[record.seed] = record
    return list(by_seed.values())


def is_done(record: Record) -> bool:
    """Whether a run came to its end and nothing of it is damaged."""
    return record.stored.status == "done" and not record.stored.problem


def done_of(runs: Sequence[Record]) -> list[Record]:
    """The runs that have a say in figures over seeds: those that are done and whole, one a seed."""
    return [record for record in one_a_seed(runs) if is_done(record)]
