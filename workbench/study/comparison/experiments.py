"""Comparison: what experiments reached over their seeds, and each against one of them.

Only what can be compared is: experiments on the same data, scored alike, on the seeds on which both
came to their end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from workbench.study.comparison.likeness import Setting, SetupFacts, settings_that_differ
from workbench.study.comparison.paired import ALPHA, Paired, holm, paired
from workbench.study.interval import Estimate, estimate

#: Measures over all tasks that are compared, and whether more of each is better.
MEASURES = (("acc", True), ("forgetting", False), ("bwt", True), ("learning_accuracy", True))
#: Measures that are scores themselves, so that they have the tasks' unit and direction.
_LEVELS = ("acc", "learning_accuracy")
FINAL = "final"


@dataclass(frozen=True, slots=True)
class Scored:
    """A task and what it is scored in."""

    task: str
    metric: str
    higher_is_better: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run reached: its measures by key, and its tasks' final test scores.

    `status` is as the store words it; empty while the run goes on.
    """

    seed: int
    status: str
    measures: Mapping[str, float | None]
    final: Mapping[str, float | None]


@dataclass(frozen=True, slots=True, eq=False)
class Experiment:
    """Runs that differ in their seed alone, one each. Two are equal only if they are one.

    `setup` is None where it cannot be read.
    """

    name: str
    setup: SetupFacts | None
    tasks: tuple[Scored, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def done(self) -> tuple[Outcome, ...]:
        """The runs that came to their end: they alone have a say in figures."""
        return tuple(one for one in self.outcomes if one.status == "done")

    @property
    def diverged(self) -> tuple[int, ...]:
        """The seeds that diverged: the mean is then of those that were lucky."""
        return tuple(one.seed for one in self.outcomes if one.status == "diverged")

    @property
    def unfinished(self) -> tuple[int, ...]:
        """The seeds that go on, were stopped or failed."""
        return tuple(one.seed for one in self.outcomes if one.status not in ("done", "diverged"))


@dataclass(frozen=True, slots=True)
class Figure:
    """What is compared: a measure over all tasks (`task` is empty) or a task's final score.

    `metric` is its unit; empty where the tasks are scored in several. Of a metric of which less is
    better it is told as it is, with no sign changed.
    """

    key: str
    task: str
    metric: str
    higher_is_better: bool
    n_tasks: int = 1
    is_lifelong: bool = False

    def value(self, outcome: Outcome) -> float | None:
        """What a run reached."""
        if self.task:
            return outcome.final.get(self.task)
        value = outcome.measures.get(self.key)
        is_turned = self.key in _LEVELS and not self.higher_is_better
        return -value if is_turned and value is not None else value

    def estimate(self, experiment: Experiment) -> Estimate | None:
        """What an experiment reached, over the seeds that came to their end."""
        return estimate(self.value(one) for one in experiment.done)


class Finding(StrEnum):
    """What is known of a difference."""

    BETTER = "better"
    WORSE = "worse"
    OPEN = "no difference shown"
    NONE = "equal on every seed"
    SINGLE = "one seed: no interval and no test"
    UNKNOWN = "no finished seed in common"
    UNLIKE = "unlike"


@dataclass(frozen=True, slots=True)
class Difference:
    """An experiment minus the baseline in one figure.

    `p_t` and `p_wilcoxon` are corrected by Holm for the `n_compared` differences that are asked for
    together; `test` holds them as they were. `finding` goes by `p_t`.
    """

    finding: Finding
    test: Paired | None = None
    p_t: float | None = None
    p_wilcoxon: float | None = None
    n_compared: int = 1

    @property
    def estimate(self) -> Estimate | None:
        """The difference over the seeds."""
        return self.test.difference if self.test is not None else None


class Unlike(StrEnum):
    """Why two experiments cannot be subtracted."""

    TASKS = "other tasks"
    METRICS = "other metrics"
    DATA = "other data or splits"
    UNREAD = "the setup cannot be read"


@dataclass(frozen=True, slots=True)
class Unlikeness:
    """Why an experiment cannot be subtracted, and the tasks or settings that show it."""

    why: Unlike
    what: tuple[str, ...] = ()


def unlikeness(first: Experiment, second: Experiment) -> Unlikeness | None:
    """Why the scores of two experiments say nothing of each other; None where they do."""
    if first.setup is None or second.setup is None:
        return Unlikeness(Unlike.UNREAD)
    names = [{one.task for one in each.tasks} for each in (first, second)]
    if all(names) and names[0] != names[1]:
        return Unlikeness(Unlike.TASKS, tuple(sorted(names[0] ^ names[1])))
    scored = [{(s.task, s.metric, s.higher_is_better) for s in e.tasks} for e in (first, second)]
    if all(scored) and scored[0] != scored[1]:
        pairs = sorted(scored[0] ^ scored[1])
        return Unlikeness(Unlike.METRICS, tuple(f"{task}: {metric}" for task, metric, _ in pairs))
    before, after = first.setup.data, second.setup.data
    keys = dict.fromkeys((*before, *after))
    differing = [key for key in keys if before.get(key) != after.get(key)]
    if not differing:
        return None
    is_other = any(key.endswith(".family") for key in differing)
    shown = tuple(f"{key}={after.get(key)}" for key in differing)
    return Unlikeness(Unlike.TASKS if is_other else Unlike.DATA, shown)


def figures_of(experiments: Sequence[Experiment]) -> list[Figure]:
    """What may be compared: the measures that some run has, then each task's final score."""
    tasks = list(dict.fromkeys(scored for each in experiments for scored in each.tasks))
    metrics = {(scored.metric, scored.higher_is_better) for scored in tasks}
    metric, higher = next(iter(metrics)) if len(metrics) == 1 else ("", True)
    n_tasks = max((len(each.tasks) for each in experiments), default=0)
    outcomes = [one for each in experiments for one in each.outcomes]
    is_lifelong = any(one.measures.get("bwt") is not None for one in outcomes)
    figures = [
        Figure(key, "", metric, higher if key in _LEVELS else more, n_tasks, is_lifelong)
        for key, more in MEASURES
        if any(one.measures.get(key) is not None for one in outcomes)
    ]
    by_name = {scored.task: scored for scored in reversed(tasks)}
    names = dict.fromkeys(scored.task for scored in tasks)
    finals = [by_name[name] for name in names]
    return figures + [
        Figure(FINAL, one.task, one.metric, one.higher_is_better, 1, is_lifelong) for one in finals
    ]


class Comparison:
    """Experiments, and each of them against `base`. What was worked out of a pair is kept.

    Another one made of `experiments` of which most are the same objects takes it over from
    `before`, so that one more run costs what its own experiment costs.
    """

    def __init__(
        self,
        experiments: Sequence[Experiment],
        base: int,
        before: "Comparison | None" = None,
    ) -> None:
        self.experiments = tuple(experiments)
        self.base = base
        self.figures = figures_of(experiments)
        #: Why each experiment is not subtracted from; None where it is.
        self.unlike = self._unlike(before)
        self._settings: tuple[Setting, ...] | None = None
        if before is not None and [e.setup for e in before.experiments] == [
            e.setup for e in self.experiments
        ]:
            self._settings = before._settings
        self._differences: dict[Figure, tuple[Difference | None, ...]] = {}
        self._tests: dict[tuple[Experiment, Experiment, Figure], Paired | None] = {}
        if before is not None:
            kept = set(self.experiments)
            self._tests = {
                key: test for key, test in before._tests.items() if kept.issuperset(key[:2])
            }

    def _unlike(self, before: "Comparison | None") -> tuple[Unlikeness | None, ...]:
        known: dict[Experiment, Unlikeness | None] = {}
        base = self.experiments[self.base]
        if before is not None and before.experiments[before.base] is base:
            known = dict(zip(before.experiments, before.unlike, strict=True))
        return tuple(
            known[each] if each in known else unlikeness(base, each) for each in self.experiments
        )

    def family(self, figure: Figure) -> list[Figure]:
        """What is corrected for together with a figure: the tasks' scores, or a measure alone."""
        return [each for each in self.figures if each.key == figure.key]

    def differences(self, figure: Figure) -> tuple[Difference | None, ...]:
        """Each experiment minus the baseline; None for the baseline itself."""
        if figure not in self._differences:
            self._differences[figure] = self._work_out(figure)
        return self._differences[figure]

    def _work_out(self, figure: Figure) -> tuple[Difference | None, ...]:
        family = self.family(figure)
        others = [i for i in range(len(self.experiments)) if i != self.base]
        tests: dict[tuple[Figure, int], Paired | None] = {}
        for one in family:
            of_base = _by_seed(self.experiments[self.base], one)
            for i in others:
                if self.unlike[i] is None:
                    tests[one, i] = self._test(i, one, of_base)
        known = [test for test in tests.values() if test is not None]
        n_compared = sum(test.p_t is not None for test in known)
        corrected_t = dict(zip(tests, holm([_p(t, "p_t") for t in tests.values()]), strict=True))
        by_rank = holm([_p(t, "p_wilcoxon") for t in tests.values()])
        corrected_w = dict(zip(tests, by_rank, strict=True))
        differences: list[Difference | None] = [None] * len(self.experiments)
        for i in others:
            key = (figure, i)
            test = tests.get(key)
            if self.unlike[i] is not None:
                differences[i] = Difference(Finding.UNLIKE)
            elif test is None:
                differences[i] = Difference(Finding.UNKNOWN)
            else:
                finding = _finding(test, corrected_t[key], figure.higher_is_better)
                differences[i] = Difference(
                    finding, test, corrected_t[key], corrected_w[key], max(n_compared, 1)
                )
        return tuple(differences)

    @property
    def settings(self) -> tuple[Setting, ...]:
        """The settings in which the experiments differ."""
        if self._settings is None:
            self._settings = settings_that_differ([each.setup for each in self.experiments])
        return self._settings

    def _test(self, i: int, figure: Figure, of_base: Mapping[int, float | None]) -> Paired | None:
        base, other = self.experiments[self.base], self.experiments[i]
        key = base, other, figure
        if key not in self._tests:
            self._tests[key] = paired(of_base, _by_seed(other, figure))
        return self._tests[key]


def _by_seed(experiment: Experiment, figure: Figure) -> dict[int, float | None]:
    return {one.seed: figure.value(one) for one in experiment.done}


def _p(test: Paired | None, name: str) -> float | None:
    return getattr(test, name) if test is not None else None


def _finding(test: Paired, p: float | None, higher_is_better: bool) -> Finding:
    if test.difference.n == 1:
        return Finding.SINGLE
    if test.is_none:
        return Finding.NONE
    if p is None or p >= ALPHA:
        return Finding.OPEN
    return Finding.BETTER if (test.difference.mean > 0) == higher_is_better else Finding.WORSE
