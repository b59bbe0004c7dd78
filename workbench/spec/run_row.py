"""RunRow: one line of the history."""

from dataclasses import dataclass

from workbench.spec.score import Score


@dataclass(frozen=True, slots=True)
class RunRow:
    """A line of the history. `started` is UTC in ISO 8601; measures are None where unknown.

    `fingerprint` is that of `workbench.spec.fingerprint`; `scores` are one a task. `curve` is the
    mean validation score of all tasks over the run, in a few points. A run that is `damaged` has
    what could still be read of it, and its `problem` in words; a seed that is lost is −1.
    `threads` are the processor threads that it ran with.
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
