"""Words: what the measures of a report mean, and who defined them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MeasureWords:
    """What a measure is called, its definition, and whose it is."""

    title: str
    definition: str
    source: str = ""


#: R[i, j] is the test score on task j after stage i, T the last stage, b[j] before any training.
MEASURES: Mapping[str, MeasureWords] = {
    "acc": MeasureWords(
        "Final score (ACC)",
        "Mean test score over all tasks after the last stage: mean over j of R[T, j].",
        "Lopez-Paz & Ranzato 2017",
    ),
    "acc_examples": MeasureWords(
        "Final accuracy over examples",
        "Share of all tasks' test examples that are answered right after the last stage. ACC weighs"
        " every task alike, this every example; where all tasks answer with one head.",
    ),
    "bwt": MeasureWords(
        "Backward transfer (BWT)",
        "Mean change of earlier tasks since they were learned: R[T, j] − R[j, j]. Below 0 is"
        " forgetting.",
        "Lopez-Paz & Ranzato 2017",
    ),
    "fwt": MeasureWords(
        "Forward transfer (FWT)",
        "How much better later tasks stand just before they are learned than an untrained model:"
        " R[j−1, j] − b[j].",
        "Lopez-Paz & Ranzato 2017",
    ),
    "forgetting": MeasureWords(
        "Forgetting",
        "Mean over earlier tasks of their best score before the end minus their score at the end:"
        " max over l < T of R[l, j] − R[T, j]. Lower is better; it may be below 0.",
        "Chaudhry et al. 2018",
    ),
    "average_incremental": MeasureWords(
        "Average incremental score",
        "Mean over stages of the mean score on the tasks seen so far.",
        "Rebuffi et al. 2017",
    ),
    "learning_accuracy": MeasureWords(
        "Learning accuracy",
        "Mean score of each task just after it was learned: mean of R[j, j].",
        "Riemer et al. 2019",
    ),
    "min_acc": MeasureWords(
        "Worst score since learned (min-ACC)",
        "Mean over earlier tasks of the lowest score since each was learned, looked at after each"
        " stage.",
        "De Lange et al. 2023",
    ),
    "wc_acc": MeasureWords(
        "Worst-case accuracy (WC-ACC)",
        "R[k, k]/k + (1 − 1/k) · min-ACC, of k tasks learned.",
        "De Lange et al. 2023",
    ),
    "delta_m": MeasureWords(
        "Δm",
        "Mean over tasks of the relative change against each task learned alone: 0.01 is 1 %, and"
        " above 0 learning together is better.",
        "Maninis et al. 2019",
    ),
}

INTERVAL = (
    "± and bands are 95 % intervals of the mean over the seeds (Student's t); n is the number of"
    " seeds that came to their end. One seed has no interval and shows no difference."
)
