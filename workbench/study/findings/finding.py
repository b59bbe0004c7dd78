"""Finding: what a run shows, in a sentence, and what to try next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from workbench.spec.experiment import Spec
from workbench.study.findings.run_facts import RunFacts


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to try next: `title` on its button.

    `setting` is a setup with `changes` by path, `transfer` the runs of every task alone, and
    `seeds` the same setup on more seeds.
    """

    title: str
    kind: Literal["setting", "transfer", "seeds"]
    changes: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence, by the `key` of the rule that spoke it, and what to try, where there is such."""

    key: str
    text: str
    remedy: Remedy | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """The runs [n] of one setup, one a seed, of which one at least is over."""

    spec: Spec
    runs: Sequence[RunFacts]

    @property
    def done(self) -> list[RunFacts]:
        """Those that came to their end."""
        return [run for run in self.runs if run.ending == "done" and run.tasks]
