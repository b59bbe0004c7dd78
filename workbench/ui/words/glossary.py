"""Glossary: every measure with its formula, its picture and how it is read.

The measures of a run have their texts in `measure_names`, scores of one task theirs in the
catalogue: what is added there stands here by itself. What is measured of pairs of tasks, of joint
learning and of seeds is said here alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from workbench.spec.entry import Catalogue, Entry, by_role
from workbench.ui.words.language import translator
from workbench.ui.words.measure_names import main_measures, more_measures

#: What is drawn of a measure: cells of the matrix R, arrows of two gradients, bars, an interval.
Picture = Literal[
    "final",
    "forgetting",
    "backward",
    "forward",
    "seen",
    "learned",
    "worst",
    "angle",
    "lengths",
    "affinity",
    "transfer",
    "rate",
    "interval",
    "paired",
    "higher",
    "lower",
]

#: Mathematics is the same in every language. R[i, j]: the score on task j after stage i of T.
_OF_RUNS: dict[str, tuple[str, Picture]] = {
    "acc": ("ACC = 1/T Σⱼ R[T, j]", "final"),
    "forgetting": ("F = 1/(T−1) Σ_{j<T} (max_{l<T} R[l, j] − R[T, j])", "forgetting"),
    "bwt": ("BWT = 1/(T−1) Σ_{j<T} (R[T, j] − R[j, j])", "backward"),
    "fwt": ("FWT = 1/(T−1) Σ_{j>1} (R[j−1, j] − b[j])", "forward"),
    "acc_examples": ("Σⱼ nⱼ R[T, j] / Σⱼ nⱼ,  nⱼ test examples of task j", "final"),
    "average_incremental": ("1/T Σᵢ 1/i Σ_{j≤i} R[i, j]", "seen"),
    "learning_accuracy": ("1/T Σⱼ R[j, j]", "learned"),
    "min_acc": ("1/(T−1) Σ_{j<T} min_{l>j} R[l, j]", "worst"),
    "wc_acc": ("R[T, T]/T + (1 − 1/T) · min-ACC", "worst"),
    "intransigence": ("1/T Σⱼ (R*[j] − R[j, j]),  R*[j] of joint training", "learned"),
}

tr = translator("Glossary")


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A measure: its group, its name, its formula (empty: words say it), how it is read."""

    key: str
    group: str
    title: str
    formula: str
    picture: Picture
    reading: str

    def fits(self, wanted: str) -> bool:
        """Whether every word of `wanted` stands in it."""
        text = " ".join((self.key, self.group, self.title, self.formula, self.reading)).lower()
        return all(word in text for word in wanted.lower().split())


def glossary(catalogue: Catalogue) -> list[GlossaryEntry]:
    """All measures, by group; the scores of tasks as the catalogue has them."""
    scores = (_score(entry) for entry in by_role(catalogue, "metric") if not entry.broken)
    return [*_of_runs(), *_of_pairs(), *_of_transfer(), *_of_seeds(), *scores]


def _of_runs() -> Iterator[GlossaryEntry]:
    group = tr("What is kept and lost")
    for key, words in {**main_measures(), **more_measures()}.items():
        formula, picture = _OF_RUNS[key]
        reading = " ".join(words.meaning.split("\n"))
        title = f"{words.short}: {words.title}"
        yield GlossaryEntry(key, group, title, formula, picture, reading)


def _of_pairs() -> list[GlossaryEntry]:
    group = tr("Whether tasks fight")
    return [
        GlossaryEntry(
            "cosine",
            group,
            tr("Cosine of gradients"),
            "cos(gᵢ, gⱼ) = gᵢ·gⱼ / (‖gᵢ‖ ‖gⱼ‖)",
            "angle",
            tr(
                "The angle between the gradients of two tasks in the parameters that they share. "
                "Above 0 a step for one helps the other, below 0 it harms it: a conflict. One "
                "probe says little; look at many."
            ),
        ),
        GlossaryEntry(
            "conflict_rate",
            group,
            tr("Conflict rate"),
            "|{cos(gᵢ, gⱼ) < 0}| / n,  n probes",
            "rate",
            tr(
                "The share of probes of a run in which the gradients of two tasks conflict. Near "
                "one half is what gradients that have nothing to do with each other give."
            ),
        ),
        GlossaryEntry(
            "magnitude",
            group,
            tr("Magnitude similarity"),
            "2‖gᵢ‖‖gⱼ‖ / (‖gᵢ‖² + ‖gⱼ‖²)",
            "lengths",
            tr(
                "1 where both gradients are as long, near 0 where one drowns the other: then the "
                "direction of their sum is that of one task alone. (Yu 2020)"
            ),
        ),
        GlossaryEntry(
            "affinity",
            group,
            tr("Task affinity"),
            "Z_{i→j} = 1 − Lⱼ(θ − η gᵢ) / Lⱼ(θ)",
            "affinity",
            tr(
                "How much of task j's loss one step on task i alone takes away. Above 0 it helps, "
                "below 0 it harms; it need not be the same both ways. (Fifty 2021)"
            ),
        ),
    ]


def _of_transfer() -> list[GlossaryEntry]:
    group = tr("Whether sharing helps")
    return [
        GlossaryEntry(
            "delta_m",
            group,
            tr("Δm: multi-task gain"),
            "Δm = 1/T Σᵢ ±(Mᵢ − Bᵢ) / Bᵢ",
            "transfer",
            tr(
                "The mean relative change of each task's score against the task learned alone, B, "
                "with the same seed and budget; the sign is turned where lower is better. Above 0 "
                "learning together helps. (Maninis 2019)"
            ),
        ),
        GlossaryEntry(
            "negative_transfer",
            group,
            tr("Negative transfer"),
            "±(Mᵢ − Bᵢ) / Bᵢ < 0",
            "transfer",
            tr(
                "A task that is worse off together than alone: its own term of Δm is below 0. "
                "Believe it where the interval over seeds leaves 0 out."
            ),
        ),
    ]


def _of_seeds() -> list[GlossaryEntry]:
    group = tr("How sure it is")
    return [
        GlossaryEntry(
            "interval",
            group,
            tr("95 % interval over seeds"),
            "x̄ ± t_{n−1} · s / √n",
            "interval",
            tr(
                "Where the mean of many more seeds would lie, if this was done again and again, in "
                "95 of 100 cases. Three seeds give a wide one; one seed gives none."
            ),
        ),
        GlossaryEntry(
            "paired",
            group,
            tr("Paired difference"),
            "d̄ ± t_{n−1} · s_d / √n,  dₖ = aₖ − bₖ",
            "paired",
            tr(
                "Two methods on the same seeds: the differences seed by seed vary less than the "
                "scores. Where the interval leaves 0 out, the methods differ."
            ),
        ),
    ]


def _score(entry: Entry) -> GlossaryEntry:
    is_lower = "lower-is-better" in entry.gives
    direction = tr("Lower is better.") if is_lower else tr("Higher is better.")
    reading = " ".join(part for part in (entry.summary, direction, entry.helps) if part)
    picture = "lower" if is_lower else "higher"
    group = tr("Scores of one task")
    return GlossaryEntry(entry.key, group, entry.title, entry.formula, picture, reading)
