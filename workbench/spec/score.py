"""Score: what a run reached on one task."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Score:
    """The task's primary metric when the run ended: `value` on the test split, and `validation`.

    None where it is not known. What is chosen among runs is chosen by `validation`. `more` are
    its other metrics on the test split.
    """

    task: str
    metric: str
    value: float | None
    higher_is_better: bool
    validation: float | None = None
    more: Mapping[str, float | None] = field(default_factory=dict[str, float | None], hash=False)
