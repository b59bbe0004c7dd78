"""Trial: one point of a sweep and how it stands, as plain data that any process can read."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Status = Literal["running", "stopped", "done", "pruned", "diverged", "failed"]


@dataclass(frozen=True, slots=True)
class SeedRun:
    """A run of a trial: its status is the store's, `values` are the objectives as far as known.

    `was_there` says that it was found in the history and not made.
    """

    seed: int
    status: str
    run_id: str = ""
    path: str = ""
    values: tuple[float | None, ...] = ()
    was_there: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """A point of a sweep.

    `values` are the settings by their names; `params` what the search calls them; `results` the
    objectives, each the mean over the seeds, None until every seed has ended well. `reports` are
    hundredths of the run and the first objective there, on the mean of the seeds.
    """

    number: int
    status: Status
    params: Mapping[str, Any]
    values: Mapping[str, Any]
    results: tuple[float | None, ...] = ()
    runs: tuple[SeedRun, ...] = ()
    reports: tuple[tuple[int, float], ...] = ()
    message: str = ""
    label: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status not in ("running", "stopped")

    def to_json(self) -> dict[str, Any]:
        """The trial as JSON data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Trial":
        """The trial that `to_json` described."""
        records: list[dict[str, Any]] = [dict(run) for run in data["runs"]]
        for run in records:
            run["values"] = tuple(run["values"])
        runs = [SeedRun(**run) for run in records]
        more: dict[str, Any] = {
            "runs": tuple(runs),
            "results": tuple(data["results"]),
            "reports": tuple((at, value) for at, value in data["reports"]),
        }
        return cls(**{**data, **more})


@dataclass(frozen=True, slots=True)
class State:
    """How a sweep stands: what its maker last wrote of it, for those who only look.

    `importance` is each setting's share of the first objective's variance (fANOVA), once there is
    enough to say; `is_over` that no trial is left to make.
    """

    trials: tuple[Trial, ...] = ()
    n_wanted: int = 0
    importance: Mapping[str, float] = field(default_factory=dict[str, float])
    is_over: bool = False
    message: str = ""

    def to_json(self) -> dict[str, Any]:
        """The state as JSON data."""
        return {
            "trials": [trial.to_json() for trial in self.trials],
            "n_wanted": self.n_wanted,
            "importance": dict(self.importance),
            "is_over": self.is_over,
            "message": self.message,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "State":
        """The state that `to_json` described."""
        trials = tuple(Trial.from_json(trial) for trial in data["trials"])
        return cls(trials, data["n_wanted"], data["importance"], data["is_over"], data["message"])
