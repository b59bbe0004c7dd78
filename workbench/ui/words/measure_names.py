"""Measure words: what each lifelong measure is called, and what it means."""

from dataclasses import dataclass

from workbench.ui.words.language import translator

tr = translator("Measures")


@dataclass(frozen=True, slots=True)
class MeasureText:
    """A measure's short name, what it tells in three words, and its definition."""

    short: str
    title: str
    meaning: str


def main_measures() -> dict[str, MeasureText]:
    """The four that most papers report."""
    return {
        "acc": MeasureText(
            "ACC",
            tr("final score"),
            tr(
                "Mean test score over all tasks after the last stage.\n"
                "ACC = mean over j of R[T, j]. Higher is better. (Lopez-Paz & Ranzato 2017)"
            ),
        ),
        "forgetting": MeasureText(
            tr("FORGETTING"),
            tr("lost since its best"),
            tr(
                "Mean over earlier tasks of their best score before the end minus their\n"
                "score at the end: max over l < T of R[l, j] − R[T, j].\n"
                "Lower is better; it may be below 0. (Chaudhry 2018)"
            ),
        ),
        "bwt": MeasureText(
            "BWT",
            tr("backward transfer"),
            tr(
                "Mean change of earlier tasks since they were learned: R[T, j] − R[j, j].\n"
                "Below 0 is forgetting. Higher is better. (Lopez-Paz & Ranzato 2017)"
            ),
        ),
        "fwt": MeasureText(
            "FWT",
            tr("forward transfer"),
            tr(
                "How much better later tasks stand just before they are learned than an\n"
                "untrained model: R[j−1, j] − b[j]. Higher is better.\n"
                "(Lopez-Paz & Ranzato 2017)"
            ),
        ),
    }


def more_measures() -> dict[str, MeasureText]:
    """Those that say more of the way there."""
    return {
        "acc_examples": MeasureText(
            tr("Over examples"),
            tr("final accuracy over all examples"),
            tr(
                "Share of all tasks' test examples that are answered right after the last stage:\n"
                "ACC weighs every task alike, this every example. Where all tasks answer with\n"
                "one head. Higher is better."
            ),
        ),
        "average_incremental": MeasureText(
            tr("Incremental"),
            tr("average incremental score"),
            tr(
                "Mean over stages of the mean score on the tasks seen so far.\n"
                "Higher is better. (Rebuffi 2017)"
            ),
        ),
        "learning_accuracy": MeasureText(
            tr("Learning"),
            tr("learning accuracy: plasticity"),
            tr(
                "Mean score of each task just after it was learned: mean of R[j, j].\n"
                "How well new things are still learned. Higher is better. (Riemer 2019)"
            ),
        ),
        "min_acc": MeasureText(
            "min-ACC",
            tr("worst score since learned"),
            tr(
                "Mean over earlier tasks of the lowest score since each was learned,\n"
                "looked at after each stage. Higher is better. (De Lange 2023)"
            ),
        ),
        "wc_acc": MeasureText(
            "WC-ACC",
            tr("worst-case accuracy"),
            tr(
                "R[k, k]/k + (1 − 1/k) · min-ACC, of k tasks learned: what is certain of the\n"
                "newest task, and at worst of those before. Higher is better. (De Lange 2023)"
            ),
        ),
        "intransigence": MeasureText(
            tr("Intransigence"),
            tr("what joint training does better"),
            tr(
                "Mean over tasks of how much better joint training is than this run was just\n"
                "after learning each. Lower is better; below 0 learning alone was better.\n"
                "It needs the joint bound on the same seeds: all tasks at once, each for as many\n"
                "updates on as many of its examples as in its stages. (Chaudhry 2018)"
            ),
        ),
    }


def task_measures() -> dict[str, MeasureText]:
    """The terms that one task adds to the measures."""
    return {
        "learned": MeasureText(
            tr("Learned"), "", tr("Test score just after the task was learned: R[j, j]")
        ),
        "final": MeasureText(tr("Final"), "", tr("Test score after the newest stage: R[T, j]")),
        "forgetting": MeasureText(
            tr("Forgetting"),
            "",
            tr("Best test score before the newest stage minus the one after it"),
        ),
        "backward": MeasureText(
            "BWT", "", tr("Change since the task was learned: R[T, j] − R[j, j]")
        ),
        "forward": MeasureText(
            "FWT",
            "",
            tr("How much better than untrained just before it was learned: R[j−1, j] − b[j]"),
        ),
        "worst": MeasureText(tr("Worst"), "", tr("Lowest test score since the task was learned")),
    }
