"""Score: what a run reached on one task."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """The task's primary metric when the run ended: `value` on the test split, and `validation`.

    None where it is not known. What is chosen among runs is chosen by `validation`.
    """

    task: str
    metric: str
    value: float | None
    higher_is_better: bool
    validation: float | None = None
