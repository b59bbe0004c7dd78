"""Comparison: runs as setups with seeds, their curves, figures and paired differences (Qt-free)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.spec.experiments.assignments import distinct_names
from workbench.spec.fingerprint import fingerprint
from workbench.study.interval import Estimate, estimate, paired_difference
from workbench.ui.model.decimation import Values
from workbench.ui.model.run_model import RunModel

#: Steps [M], and the mean and the standard deviation [M] over the seeds.
Curve = tuple[Values, Values, Values]

#: Steps [M] and validation scores [M, T].
Scores = tuple[Values, Values]

#: Measures that are compared, and whether more of each is better.
MEASURES = (("acc", True), ("forgetting", False), ("bwt", True), ("learning_accuracy", True))


@dataclass(frozen=True, slots=True)
class Setup:
    """The runs of one setup, one a seed."""

    name: str
    key: str
    models: tuple[RunModel, ...]

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds, in the order of the runs."""
        return tuple(model.seed for model in self.models)

    @property
    def counted(self) -> tuple[RunModel, ...]:
        """The runs that have a say in figures: those that came to their end, or go on."""
        return tuple(model for model in self.models if model.ending in ("done", ""))

    @property
    def cut_short(self) -> tuple[RunModel, ...]:
        """The runs that ended before their end."""
        return tuple(model for model in self.models if model.ending not in ("done", ""))


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure (`task` empty) or a task's final score, for each setup.

    One estimate a setup, and how much more it is than in the setup that all are compared with, on
    the seeds that both have.
    """

    key: str
    task: str
    more_is_better: bool
    #: How many runs of each setup came to their end, and of how many a difference is at most.
    n_seeds: tuple[int, ...]
    n_shared: tuple[int, ...]
    values: tuple[Estimate | None, ...]
    differences: tuple[Estimate | None, ...]


@dataclass(frozen=True, slots=True)
class FinalScores:
    """What a run reached: its measures, and its final score by task."""

    summary: dict[str, float | None]
    final: dict[str, float]


class FigureCache:
    """What was worked out of runs and setups, so that one more record costs no more than its own.

    Nothing is worked out again while a run stays as it is.
    """

    def __init__(self) -> None:
        self._keys: dict[RunModel, str] = {}
        self._reached: dict[RunModel, tuple[int, FinalScores]] = {}
        self._scores: dict[RunModel, tuple[int, Scores]] = {}
        self._curves: dict[
            tuple[str, str | None], tuple[object, tuple[Values, Values, Values]]
        ] = {}

    def name(self, model: RunModel, key: str) -> None:
        """Say what decides a run: it is in the history."""
        if key:
            self._keys[model] = key

    def key(self, model: RunModel) -> str:
        """What decides a run."""
        if model not in self._keys:
            self._keys[model] = _key_of(model)
        return self._keys[model]

    def reached(self, model: RunModel) -> FinalScores:
        """What a run reached."""
        version, cached = self._reached.get(model, (-1, None))
        if cached is None or version != model.matrix_version:
            cached = _reached(model)
            self._reached[model] = model.matrix_version, cached
        return cached

    def scores(self, model: RunModel) -> Scores:
        """The validation scores of a run."""
        version, cached = self._scores.get(model, (-1, None))
        if cached is None or version != model.scores_version:
            cached = model.scores
            self._scores[model] = model.scores_version, cached
        return cached

    def curve(self, setup: Setup, task: str | None) -> Curve:
        """`curve_of` a setup."""
        seen = [(id(model), model.scores_version) for model in setup.models]
        before, cached = self._curves.get((setup.key, task), (None, None))
        if cached is None or before != seen:
            cached = curve_of(setup, task, self.scores)
            self._curves[setup.key, task] = seen, cached
        return cached

    def keep(self, models: Iterable[RunModel]) -> None:
        """Forget all other runs."""
        remaining = set(models)
        self._keys = {model: key for model, key in self._keys.items() if model in remaining}
        self._reached = {model: one for model, one in self._reached.items() if model in remaining}
        self._scores = {model: one for model, one in self._scores.items() if model in remaining}
        self._curves.clear()


def _scores(model: RunModel) -> Scores:
    return model.scores


def _key_of(model: RunModel) -> str:
    return fingerprint(model.spec) if model.spec is not None else ""


def _reached(model: RunModel) -> FinalScores:
    matrix = model.matrix
    last = matrix[-1].tolist() if len(matrix) else []
    names = [facts.name for facts in model.tasks]
    return FinalScores(model.summary, dict(zip(names, last, strict=False)))


def setups_of(
    models: Iterable[RunModel], key_of: Callable[[RunModel], str] = _key_of
) -> list[Setup]:
    """The runs by setup, in the order in which each first came.

    Of two on a seed it is the later one, but one that came to its end before any that did not.
    """
    by_setup: dict[str, dict[int, RunModel]] = {}
    for model in models:
        if model.spec is not None and model.began is not None:
            by_seed = by_setup.setdefault(key_of(model), {})
            known = by_seed.get(model.seed)
            if known is None or known.ending != "done" or model.ending == "done":
                by_seed[model.seed] = model
    by_key = {key: tuple(by_seed.values()) for key, by_seed in by_setup.items()}
    specs = [runs[0].spec for runs in by_key.values()]
    plain = [key if spec is None else spec.name for key, spec in zip(by_key, specs, strict=True)]
    names = zip(by_key.items(), distinct_names(specs, plain), strict=True)
    return [Setup(name, key, runs) for (key, runs), name in names]


def tasks_of(setups: Sequence[Setup]) -> list[str]:
    """The names of all tasks, in the order of the first setup that has them."""
    names = (task.name for setup in setups for task in setup.models[0].tasks)
    return list(dict.fromkeys(names))


def curve_of(
    setup: Setup, task: str | None, scores_of: Callable[[RunModel], Scores] = _scores
) -> Curve:
    """Steps [M], mean and standard deviation [M] over the seeds of the validation score.

    Of one task, or of the mean of all where `task` is None. Seeds count up to the shortest run;
    the deviation is NaN for a single one.
    """
    curves: list[Values] = []
    steps = np.empty(0)
    for model in setup.models:
        names = [facts.name for facts in model.tasks]
        if task is not None and task not in names:
            continue
        at, scores = scores_of(model)
        values = scores.mean(axis=1) if task is None else scores[:, names.index(task)]
        n = len(at) if not curves else min(len(at), len(steps))
        if curves and not np.array_equal(at[:n], steps[:n]):
            continue
        steps = at[:n]
        curves.append(values)
    if not curves:
        return steps, np.empty(0), np.empty(0)
    together = np.stack([curve[: len(steps)] for curve in curves])
    spread = together.std(axis=0, ddof=1) if len(curves) > 1 else np.full(len(steps), np.nan)
    return steps, together.mean(axis=0), spread


def figures_of(
    setups: Sequence[Setup],
    base: int = 0,
    reached: Callable[[RunModel], FinalScores] = _reached,
) -> list[Figure]:
    """The measures first, then each task's final score; `base` is what all are compared with."""
    figures: list[Figure] = []
    of = [[(model.seed, reached(model)) for model in setup.counted] for setup in setups]
    for key, more_is_better in MEASURES:
        by_seed = [{seed: one.summary.get(key) for seed, one in runs} for runs in of]
        figures.append(_figure(key, "", more_is_better, by_seed, base))
    for task in tasks_of(setups):
        by_seed = [{seed: one.final.get(task) for seed, one in runs} for runs in of]
        facts = [f for s in setups for m in s.models for f in m.tasks if f.name == task]
        figures.append(_figure("final", task, facts[0].higher_is_better, by_seed, base))
    return [figure for figure in figures if any(value is not None for value in figure.values)]


def _figure(
    key: str, task: str, more_is_better: bool, by_seed: list[dict[int, float | None]], base: int
) -> Figure:
    values = tuple(estimate(known.values()) for known in by_seed)
    differences = tuple(
        None if i == base else paired_difference(by_seed[base], known)
        for i, known in enumerate(by_seed)
    )
    n_seeds = tuple(len(known) for known in by_seed)
    n_shared = tuple(len(by_seed[base].keys() & known.keys()) for known in by_seed)
    return Figure(key, task, more_is_better, n_seeds, n_shared, values, differences)
