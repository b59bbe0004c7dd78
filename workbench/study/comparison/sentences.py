"""Sentences: what a comparison says, in words that the window and the command line share.

Each text goes through a translator, `tr`; the command line says it as it stands here.
"""

import math
from collections.abc import Callable, Sequence

from workbench.study.comparison.experiments import (
    FINAL,
    Comparison,
    Difference,
    Experiment,
    Figure,
    Finding,
    Unlike,
    Unlikeness,
)
from workbench.study.comparison.paired import ALPHA, least_p
from workbench.study.interval import Estimate

#: Where translators find these texts.
CONTEXT = "ComparisonSentences"

#: A text of this module, in the language that is spoken.
Say = Callable[[str], str]

#: So many of a list of names are said.
_MOST_NAMED = 4


def headline(comparison: Comparison, figure: Figure, tr: Say) -> str:
    """The answer, in a sentence or two."""
    return " ".join(answer(comparison, figure, tr))


def answer(comparison: Comparison, figure: Figure, tr: Say) -> list[str]:
    """The answer; of several experiments how many are how, and then the one furthest ahead."""
    experiments, base = comparison.experiments, comparison.experiments[comparison.base]
    differences = comparison.differences(figure)
    others = [(i, each) for i, each in enumerate(differences) if each is not None]
    if len(others) == 1:
        i, difference = others[0]
        return [sentence(experiments[i], base, figure, difference, tr)]
    if not others:
        return [_alone(base, figure, tr)]
    text = tr("Against {base}, of {n} others: {counts}.")
    counts = _counts([difference for _, difference in others], tr)
    said = [text.format(base=base.name, n=len(others), counts=counts)]
    ahead = _furthest_ahead(others, figure)
    if ahead is not None:
        i, difference = ahead
        said.append(sentence(experiments[i], base, figure, difference, tr))
    return said


def _alone(base: Experiment, figure: Figure, tr: Say) -> str:
    reached = figure.estimate(base)
    if reached is None:
        return tr("{name} has no finished run yet.").format(name=base.name)
    text = tr("{name}: {value} {what} (seeds: {n}), and nothing to compare it with yet.")
    value = written(reached.mean, digits(reached))
    return text.format(name=base.name, value=value, what=what(figure, tr), n=reached.n)


def _counts(differences: Sequence[Difference], tr: Say) -> str:
    words = {
        Finding.BETTER: tr("{} better"),
        Finding.WORSE: tr("{} worse"),
        Finding.OPEN: tr("{} with no difference shown"),
        Finding.NONE: tr("{} equal on every seed"),
        Finding.SINGLE: tr("{} on one seed, which shows nothing"),
        Finding.UNKNOWN: tr("{} without a finished seed in common"),
        Finding.UNLIKE: tr("{} that cannot be compared"),
    }
    findings = [difference.finding for difference in differences]
    parts = [(text, findings.count(finding)) for finding, text in words.items()]
    return tr(", ").join(text.format(n) for text, n in parts if n)


def _furthest_ahead(
    others: Sequence[tuple[int, Difference]], figure: Figure
) -> tuple[int, Difference] | None:
    """The experiment that gains most; one that is shown to be better before any that is not."""
    sign = 1 if figure.higher_is_better else -1
    known = [
        (difference.finding is Finding.BETTER, sign * difference.estimate.mean, -i, difference)
        for i, difference in others
        if difference.estimate is not None
    ]
    if not known:
        return None
    *_, place, difference = max(known, key=lambda each: each[:3])
    return -place, difference


def sentence(
    experiment: Experiment, base: Experiment, figure: Figure, difference: Difference, tr: Say
) -> str:
    """What one experiment does against the baseline, and how surely."""
    names = {"name": experiment.name, "base": base.name}
    apart = difference.estimate
    if difference.finding is Finding.UNLIKE:
        return tr("{name} and {base} cannot be compared.").format(**names)
    if apart is None:
        text = tr("{name} and {base} have no finished seed in common: nothing is subtracted.")
        return text.format(**names)
    if difference.finding is Finding.NONE:
        text = tr("{name} and {base} reach the same {what} on each of {n} seeds.")
        return text.format(**names, what=what(figure, tr), n=apart.n)
    places = digits(apart)
    amount = written(abs(apart.mean), places)
    head = _head(figure, is_more=apart.mean >= 0, tr=tr).format(
        **names, amount=amount, what=what(figure, tr)
    )
    if difference.finding is Finding.SINGLE:
        return tr("{head}, on one seed: no interval and no test, so it shows nothing.").format(
            head=head
        )
    conclusion = _conclusion(difference, tr)
    if apart.low is None or apart.high is None:
        text = tr("{head}, over {n} seeds: {conclusion}.")
        return text.format(head=head, n=apart.n, conclusion=conclusion)
    text = tr("{head}, 95 % interval {low} to {high} over {n} seeds: {conclusion}.")
    low, high = written(apart.low, places), written(apart.high, places)
    return text.format(head=head, low=low, high=high, n=apart.n, conclusion=conclusion)


def _head(figure: Figure, *, is_more: bool, tr: Say) -> str:
    match figure.key:
        case "forgetting":
            more = tr("{name} forgets {amount} more than {base}")
            less = tr("{name} forgets {amount} less than {base}")
        case "acc" if figure.is_lifelong:
            more = tr("{name} keeps {amount} more {what} than {base}")
            less = tr("{name} keeps {amount} less {what} than {base}")
        case _:
            more = tr("{name} reaches {amount} more {what} than {base}")
            less = tr("{name} reaches {amount} less {what} than {base}")
    return more if is_more else less


def what(figure: Figure, tr: Say) -> str:
    """What a figure is, in the middle of a sentence."""
    if figure.key == FINAL:
        return tr("{metric} on {task}").format(metric=figure.metric, task=figure.task)
    if figure.key == "forgetting":
        return tr("forgetting")
    if figure.key == "bwt":
        return tr("backward transfer")
    metric = figure.metric or tr("score")
    if figure.key == "learning_accuracy":
        return tr("{metric} just after learning").format(metric=metric)
    if figure.n_tasks == 1:
        return metric
    return tr("{metric} (mean of {n} tasks)").format(metric=metric, n=figure.n_tasks)


def finding_in_words(finding: Finding, tr: Say) -> str:
    """What is known of a difference, in few words."""
    words = {
        Finding.BETTER: tr("better"),
        Finding.WORSE: tr("worse"),
        Finding.OPEN: tr("no difference shown"),
        Finding.NONE: tr("equal on every seed"),
        Finding.SINGLE: tr("one seed shows nothing"),
        Finding.UNKNOWN: tr("no finished seed in common"),
        Finding.UNLIKE: tr("cannot be compared"),
    }
    return words[finding]


def _conclusion(difference: Difference, tr: Say) -> str:
    finding = finding_in_words(difference.finding, tr)
    if difference.p_t is None:
        return finding
    p = probability(difference.p_t)
    if difference.n_compared > 1:
        text = tr("{finding} ({p}, corrected for {n} comparisons)")
        return text.format(finding=finding, p=p, n=difference.n_compared)
    return tr("{finding} ({p})").format(finding=finding, p=p)


def notes(comparison: Comparison, figure: Figure, tr: Say) -> list[str]:
    """What must be known of the answer: who has no say in it, and what so few seeds can show."""
    base = comparison.experiments[comparison.base]
    differences = comparison.differences(figure)
    said = [note for each in comparison.experiments for note in _of_runs(each, tr)]
    for each, why in zip(comparison.experiments, comparison.unlike, strict=True):
        if why is not None and each is not base:
            text = tr("{name} is not subtracted from {base}: {why}.")
            said.append(text.format(name=each.name, base=base.name, why=reason(why, tr)))
    for each, difference in zip(comparison.experiments, differences, strict=True):
        if difference is not None:
            said += _of_test(each, base, figure, difference, tr)
    return said + _of_few(differences, tr)


def _of_runs(experiment: Experiment, tr: Say) -> list[str]:
    said: list[str] = []
    n = len(experiment.outcomes)
    if experiment.diverged:
        text = tr("{name}: {k} of {n} seeds diverged ({seeds}); the rest alone has a say.")
        said.append(
            text.format(
                name=experiment.name,
                k=len(experiment.diverged),
                n=n,
                seeds=_few(experiment.diverged),
            )
        )
    if experiment.unfinished:
        text = tr("{name}: {k} of {n} seeds did not come to their end ({seeds}) and have no say.")
        said.append(
            text.format(
                name=experiment.name,
                k=len(experiment.unfinished),
                n=n,
                seeds=_few(experiment.unfinished),
            )
        )
    return said


def _of_test(
    experiment: Experiment, base: Experiment, figure: Figure, difference: Difference, tr: Say
) -> list[str]:
    said: list[str] = []
    names = {"name": experiment.name, "base": base.name}
    if difference.finding is Finding.UNKNOWN:
        said.append(sentence(experiment, base, figure, difference, tr))
    both = {one.seed for one in base.done} & {one.seed for one in experiment.done}
    apart = difference.estimate
    if apart is not None and apart.n < len(both):
        text = tr("{name} and {base}: {k} of {n} seeds have no finite {what} of both.")
        k = len(both) - apart.n
        said.append(text.format(**names, k=k, n=len(both), what=what(figure, tr)))
    is_shown = difference.finding in (Finding.BETTER, Finding.WORSE)
    p = difference.p_wilcoxon
    if is_shown and apart is not None and p is not None and p >= ALPHA and least_p(apart.n) < ALPHA:
        text = tr("{name}: Wilcoxon's test, which asks for no normal distribution, has {p}.")
        said.append(text.format(name=experiment.name, p=probability(p)))
    return said


def _of_few(differences: Sequence[Difference | None], tr: Say) -> list[str]:
    """What the fewest seeds of a difference cannot show."""
    tested = [each for each in differences if each is not None and each.p_wilcoxon is not None]
    fewest = min((each.estimate.n for each in tested if each.estimate is not None), default=0)
    if not fewest or least_p(fewest) < ALPHA:
        return []
    text = tr("With {n} seeds Wilcoxon's p cannot fall below {p}: it takes 6 to reach 0.05.")
    return [text.format(n=fewest, p=f"{least_p(fewest):.3g}")]


def reason(unlike: Unlikeness, tr: Say) -> str:
    """Why two experiments cannot be subtracted."""
    words = {
        Unlike.TASKS: tr("it has other tasks"),
        Unlike.METRICS: tr("its tasks are scored otherwise"),
        Unlike.DATA: tr("its data or splits are others"),
        Unlike.UNREAD: tr("a setup cannot be read"),
    }
    return words[unlike.why] + (f" ({_few(unlike.what)})" if unlike.what else "")


def _few(names: Sequence[object]) -> str:
    shown = [str(name) for name in names[:_MOST_NAMED]]
    return ", ".join([*shown, *(["…"] if len(names) > _MOST_NAMED else [])])


def probability(p: float) -> str:
    """A p value as papers write it."""
    if p < 0.001:
        return "p < 0.001"
    return f"p = {p:.2f}" if p >= 0.095 else f"p = {p:.3f}"


def digits(value: Estimate) -> int:
    """Decimals that are worth writing: two figures of what the interval leaves open."""
    half = (value.high - value.low) / 2 if value.high is not None and value.low is not None else 0
    size = half if half > 0 else abs(value.mean) / 10
    return max(0, min(1 - math.floor(math.log10(size)), 6)) if size > 0 else 3


def written(value: float, places: int) -> str:
    """A number with so many decimals and a true minus; a large one by its power of ten."""
    text = f"{value:.{places}f}" if abs(value) < 1e6 else f"{value:.3e}"
    is_zero = not any(letter in "123456789" for letter in text)
    return text.lstrip("-") if is_zero else text.replace("-", "−")
