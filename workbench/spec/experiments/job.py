"""Job: one run that is to be made, by whoever makes runs side by side."""

from dataclasses import dataclass
from pathlib import Path

from workbench.spec.experiment import Spec


@dataclass(frozen=True, slots=True)
class Job:
    """A setup on a seed, recorded under `root` (by default in the user's runs).

    With `folder` the run there goes on from its newest checkpoint instead. `label` says in short
    what the run is for, where there is more to say than its name.
    """

    spec: Spec
    seed: int
    label: str = ""
    root: Path | None = None
    folder: Path | None = None
