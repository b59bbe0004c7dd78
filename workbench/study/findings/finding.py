"""Finding: what a run shows, in a sentence, and what to try next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from workbench.spec.experiment import Spec
from workbench.study.findings.run_facts import RunFacts


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to try next: `title` on its button, and `why` it may help.

    `setting` is a setup with `changes` by path, `transfer` the runs of every task alone, and
    `seeds` the same setup on more seeds.
    """

    title: str
    kind: Literal["setting", "transfer", "seeds"]
    changes: tuple[tuple[str, Any], ...] = ()
    why: str = ""


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


def changed(spec: Spec, changes: Sequence[tuple[str, Any]]) -> Spec:
    """A setup with changes by path, with what was changed in its name."""
    data = spec.model_dump()
    words: list[str] = []
    for path, value in changes:
        *parents, last = path.split(".")
        place: dict[str, Any] = data
        for parent in parents:
            place = place[parent]
        place[last] = value
        is_choice = isinstance(value, Mapping)
        words.append(cast("Mapping[str, str]", value)["kind"] if is_choice else f"{last} {value:g}")
    name = ", ".join((spec.name, *words))
    return Spec.model_validate({**data, "name": name})
