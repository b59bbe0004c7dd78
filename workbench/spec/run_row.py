"""RunRow: one line of the history."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.spec.score import Score


@dataclass(frozen=True, slots=True)
class RunRow:
    """A line of the history. `started` is UTC in ISO 8601; measures are None where unknown.

    `fingerprint` is that of `workbench.spec.fingerprint`; `scores` are one a task. `curve` is the
    mean validation score of all tasks over the run, in a few points. A run that is `damaged` has
    what could still be read of it, and its `problem` in words; a seed that is lost is −1.
    `threads` are the processor threads that it ran with. `name` is the user's where they gave one;
    `tag` may hold several, parted by commas. A `pinned` run is what others are held against.
    `measures` are those of its summary that have no place of their own here.
    """

    run_id: str
    name: str
    seed: int
    status: str
    started: str
    seconds: float | None
    steps: int
    acc: float | None
    forgetting: float | None
    bwt: float | None
    path: str
    tag: str = ""
    starred: bool = False
    fingerprint: str = ""
    scores: tuple[Score, ...] = ()
    learning_accuracy: float | None = None
    curve: tuple[float, ...] = ()
    problem: str = ""
    threads: int | None = None
    note: str = ""
    pinned: bool = False
    measures: Mapping[str, float | None] = field(
        default_factory=dict[str, float | None], hash=False
    )

    @property
    def tags(self) -> tuple[str, ...]:
        """Each tag, without those that are empty."""
        return tuple(part for tag in self.tag.split(",") if (part := tag.strip()))

    @property
    def experiment(self) -> str:
        """What runs of one experiment over several seeds share; a run's own where it is unknown."""
        return self.fingerprint or self.path or self.run_id
