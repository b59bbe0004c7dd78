"""drift: a stream in which one task gives way to the next, in one of four ways."""

import math
from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from workbench.engine.numerics.drift_detector import Kind
from workbench.engine.roles.curriculum import Curriculum, Mixture, Stage
from workbench.spec.settings import Settings, setting

#: Beyond such an exponent the odds are 0 but for rounding.
_FAR = 700.0


class Drift(Curriculum):
    """A stream of single-task batches whose mixture of tasks drifts from each task to the next.

    sudden: at the boundary; gradual: by chance, with the odds of the new task rising along a
    sigmoid around the boundary, as the streams of MOA do (Bifet 2010); incremental: through
    several fixed mixtures, from the middle of one stretch to the middle of the next; recurring:
    suddenly, and every task comes back with another part of its examples. Every example is shown
    once an epoch, early or late by those odds. A stage is a stretch of the stream, from boundary
    to boundary. With no boundaries the stages are for the measures alone: to the learner it is one
    stream. Where a detector says where stages end, a stage ends, and retention keeps what it
    learned, where the errors on new examples become more, and is of the task in whose examples
    they did.
    """

    key = "drift"
    title = "Drift"
    formula = "gradual: p(new) = 1 / (1 + exp(−4 (t − t₀) / w))"
    paper = "Gama et al., A survey on concept drift adaptation, ACM Computing Surveys 2014"
    link = "https://doi.org/10.1145/2523813"
    helps = "Streams: what is lost, and how fast it is noticed, when the world changes."
    gives = ("stages", "boundaries")
    withholds: ClassVar[Mapping[str, tuple[str, str]]] = {"boundaries": ("none", "boundaries")}
    is_judged_built = True

    class Settings(Settings):
        """How one task gives way to the next."""

        drift: Literal["sudden", "gradual", "incremental", "recurring"] = setting(
            "gradual", "How one task gives way to the next."
        )
        width: float = setting(
            0.3,
            "Gradual: w, the share of a stretch that a change takes, half of it before the"
            " boundary.",
            gt=0,
            le=1,
        )
        between: int = setting(
            3,
            "Incremental: mixtures between one task alone and the next alone.",
            ge=1,
            le=1000,
            unit="mixtures",
        )
        rounds: int = setting(
            2, "Recurring: how often every task comes.", ge=2, le=1000, unit="times"
        )
        boundaries: Literal["known", "none", "adwin", "page-hinkley", "ddm"] = setting(
            "known",
            "Who says to the learner where a stage ends: the stream itself, nobody, or a detector"
            " that watches the errors of answers that are classes; one more forward pass a step.",
        )

    @property
    def detector(self) -> Kind | None:
        kind = self.settings.boundaries
        return None if kind in ("known", "none") else kind

    def stages(self, tasks: Sequence[str], epochs: int) -> list[Stage]:
        is_recurring = self.settings.drift == "recurring"
        rounds = self.settings.rounds if is_recurring else 1
        path = [*tasks] * rounds
        return [
            Stage(
                task if i < len(tasks) else f"{task} ({i // len(tasks) + 1})",
                (task,),
                epochs / rounds,
                mixture=self._mixture(path, i),
            )
            for i, task in enumerate(path)
        ]

    def _mixture(self, path: Sequence[str], i: int) -> Mixture:
        """The odds in stretch `i`: the share of a neighbour beyond each boundary, and the rest."""
        before = path[i - 1] if i > 0 else None
        after = path[i + 1] if i + 1 < len(path) else None

        def mixture(progress: float) -> Mapping[str, float]:
            odds: dict[str, float] = {}
            if before is not None:
                odds[before] = self.share(-progress)
            if after is not None:
                odds[after] = self.share(progress - 1)
            return {path[i]: 1 - sum(odds.values()), **odds}

        return mixture if self.settings.drift in ("gradual", "incremental") else _only(path[i])

    def share(self, distance: float) -> float:
        """Odds of the task beyond a boundary, `distance` ≤ 0 stretches away from it.

        Seen from the other side they are those of the other task: the two add up to 1.
        """
        if self.settings.drift == "gradual":
            # The exponential would overflow where a narrow change is far away.
            return 1 / (1 + math.exp(min(-4 * distance / self.settings.width, _FAR)))
        # From the middle of one stretch to that of the next: one task alone, what lies between,
        # the other alone, all equally long.
        n = self.settings.between
        place = math.ceil((distance + 0.5) * (n + 2)) - 1
        return max(place, 0) / (n + 1)


def _only(task: str) -> Mixture:
    def mixture(progress: float) -> Mapping[str, float]:
        del progress
        return {task: 1.0}

    return mixture
