"""Job: one run that is to be made, by whoever makes runs side by side; how many go at once."""

import os
from dataclasses import dataclass
from pathlib import Path

from workbench.spec.experiment import Spec


@dataclass(frozen=True, slots=True)
class Job:
    """A setup on a seed, recorded under `root` (by default in the user's runs).

    With `folder` the run there goes on from its newest checkpoint instead. `label` says in short
    what the run is for, where there is more to say than its name. `threads` are processor threads
    that were decided for several runs together, where the spec leaves them open: a run that timed
    its steps while others train would time them too. They are what decides how sums are rounded,
    so the decision is the one that a run alone would make. `run_id` is what a new run is to be
    called, where that is decided elsewhere than it is made.
    """

    spec: Spec
    seed: int
    label: str = ""
    root: Path | None = None
    folder: Path | None = None
    threads: int | None = None
    run_id: str = ""


@dataclass(frozen=True, slots=True)
class RunNeeds:
    """Processor threads of a run, and how many like it go into the memory that is free now."""

    threads: int
    n_in_memory: int


def n_cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def n_beside_a_window() -> int:
    """Runs that go beside a window without making it wait: it is given a core where there are 3."""
    return max(n_cores() - 1, min(n_cores(), 2))


def n_that_fit(n_runs: int, cores: int, needs: RunNeeds) -> int:
    """How many of so many runs go side by side without being in each other's way; 1 at least."""
    return max(min(n_runs, cores // needs.threads, needs.n_in_memory), 1)
