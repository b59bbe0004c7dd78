"""Setups: runs by what decides them, as curves and as the experiments that are compared (Qt-free).

What was worked out of a run or a setup is kept, so that one more record costs no more than its own.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.spec.entry import Catalogue
from workbench.spec.experiment import Spec
from workbench.spec.experiments.assignments import assignments, distinct_names
from workbench.spec.fingerprint import fingerprint
from workbench.study.comparison.experiments import Experiment, Outcome, Scored
from workbench.study.comparison.likeness import SetupFacts, facts_of
from workbench.study.spread import Spread, spread_of
from workbench.ui.model.decimation import Values
from workbench.ui.model.run_model import RunModel

#: Steps [M] and validation scores [M, T].
Scores = tuple[Values, Values]


@dataclass(frozen=True, slots=True)
class Curve:
    """Steps [M], and mean, low and high [M] over seeds; and each run [m] that is drawn by itself.

    The mean is of the runs that came to their end, and those that did not are drawn beside it.
    Where none did, it is of them, up to the shortest.
    """

    steps: Values
    mean: Values
    low: Values
    high: Values
    unfinished: tuple[tuple[Values, Values], ...] = ()


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


class SetupCache:
    """Makes setups, experiments and curves of runs, each once while its runs stay as they are."""

    def __init__(self) -> None:
        self._keys: dict[RunModel, str] = {}
        self._facts: dict[str, SetupFacts | None] = {}
        self._changes: dict[tuple[int, int], tuple[Spec, Spec, list[str]]] = {}
        self._outcomes: dict[RunModel, tuple[object, Outcome]] = {}
        self._scores: dict[RunModel, tuple[int, Scores]] = {}
        self._experiments: dict[str, tuple[object, Experiment]] = {}
        self._curves: dict[tuple[str, str | None, Spread], tuple[object, Curve]] = {}

    def name(self, model: RunModel, key: str) -> None:
        """Say what decides a run: it is in the history."""
        if key:
            self._keys[model] = key

    def key(self, model: RunModel) -> str:
        """What decides a run."""
        if model not in self._keys:
            self._keys[model] = fingerprint(model.spec) if model.spec is not None else ""
        return self._keys[model]

    def setups(self, models: Iterable[RunModel]) -> list[Setup]:
        """The runs by setup, none with a name that another has."""
        return setups_of(models, self.key, self._changes_of)

    def _changes_of(self, old: Spec, new: Spec) -> list[str]:
        """What sets two setups apart; both are kept, so that no other has their identities."""
        key = id(old), id(new)
        if key not in self._changes:
            self._changes[key] = old, new, assignments(old, new)
        return self._changes[key][2]

    def experiment(self, setup: Setup, catalogue: Catalogue) -> Experiment:
        """What is compared of a setup: the same object until one of its runs reached more."""
        seen = [setup.name, id(catalogue)]
        seen += [(id(m), m.matrix_version, m.ending) for m in setup.models]
        before, cached = self._experiments.get(setup.key, (None, None))
        if cached is None or before != seen:
            cached = Experiment(
                setup.name,
                self._facts_of(setup, catalogue),
                scored_of(setup),
                tuple(self._outcome(model) for model in setup.models),
            )
            self._experiments[setup.key] = seen, cached
        return cached

    def _facts_of(self, setup: Setup, catalogue: Catalogue) -> SetupFacts | None:
        key = f"{setup.key} {id(catalogue)}"
        if key not in self._facts:
            spec = setup.models[0].spec
            self._facts[key] = None if spec is None else facts_of(spec, catalogue)
        return self._facts[key]

    def _outcome(self, model: RunModel) -> Outcome:
        seen = model.matrix_version, model.ending
        before, cached = self._outcomes.get(model, (None, None))
        if cached is None or before != seen:
            cached = outcome_of(model)
            self._outcomes[model] = seen, cached
        return cached

    def curve(self, setup: Setup, task: str | None, spread: Spread) -> Curve:
        """`curve_of` a setup."""
        seen = [(id(model), model.scores_version, model.ending) for model in setup.models]
        key = setup.key, task, spread
        before, cached = self._curves.get(key, (None, None))
        if cached is None or before != seen:
            cached = curve_of(setup, task, spread, self._scores_of)
            self._curves[key] = seen, cached
        return cached

    def _scores_of(self, model: RunModel) -> Scores:
        version, cached = self._scores.get(model, (-1, None))
        if cached is None or version != model.scores_version:
            cached = model.scores
            self._scores[model] = model.scores_version, cached
        return cached

    def keep(self, models: Iterable[RunModel]) -> None:
        """Forget all other runs."""
        remaining = set(models)
        self._keys = {model: key for model, key in self._keys.items() if model in remaining}
        self._outcomes = {m: one for m, one in self._outcomes.items() if m in remaining}
        self._scores = {model: one for model, one in self._scores.items() if model in remaining}
        for cache in (self._facts, self._changes, self._experiments, self._curves):
            cache.clear()


def _key_of(model: RunModel) -> str:
    return fingerprint(model.spec) if model.spec is not None else ""


def setups_of(
    models: Iterable[RunModel],
    key_of: Callable[[RunModel], str] = _key_of,
    changes_of: Callable[[Spec, Spec], Sequence[str]] = assignments,
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
    names = distinct_names(specs, plain, changes_of)
    return [Setup(name, key, by_key[key]) for name, key in zip(names, by_key, strict=True)]


def scored_of(setup: Setup) -> tuple[Scored, ...]:
    """The tasks of a setup, and what each is scored in."""
    return tuple(Scored(f.name, f.metric, f.higher_is_better) for f in setup.models[0].tasks)


def outcome_of(model: RunModel) -> Outcome:
    """What a run reached by now."""
    matrix = model.matrix
    last = matrix[-1].tolist() if len(matrix) else []
    names = [facts.name for facts in model.tasks]
    final: Mapping[str, float | None] = dict(zip(names, last, strict=False))
    return Outcome(model.seed, model.ending, model.summary, final)


def tasks_of(setups: Sequence[Setup]) -> list[str]:
    """The names of all tasks, in the order of the first setup that has them."""
    names = (task.name for setup in setups for task in setup.models[0].tasks)
    return list(dict.fromkeys(names))


def _scores(model: RunModel) -> Scores:
    return model.scores


def curve_of(
    setup: Setup,
    task: str | None,
    spread: Spread = Spread.INTERVAL,
    scores_of: Callable[[RunModel], Scores] = _scores,
) -> Curve:
    """The validation score of one task, or of the mean of all where `task` is None."""
    lines: dict[bool, list[tuple[Values, Values]]] = {True: [], False: []}
    for model in setup.models:
        names = [facts.name for facts in model.tasks]
        if task is not None and task not in names:
            continue
        steps, scores = scores_of(model)
        values = scores.mean(axis=1) if task is None else scores[:, names.index(task)]
        lines[model.ending == "done"].append((steps, values))
    together, apart = (lines[True], lines[False]) if lines[True] else (lines[False], [])
    together = [line for line in together if len(line[0])]  # one that began just now has no score
    steps, rows = _in_step(together)
    bounds = spread_of(rows, spread)
    return Curve(steps, bounds.mean, bounds.low, bounds.high, tuple(apart))


def _in_step(lines: Sequence[tuple[Values, Values]]) -> tuple[Values, Values]:
    """Steps [M] and the values [S, M] of lines that were evaluated at the same steps."""
    if not lines:
        return np.empty(0), np.empty((0, 0))
    first = lines[0][0]
    n = min(len(steps) for steps, _ in lines)
    alike = [values[:n] for steps, values in lines if np.array_equal(steps[:n], first[:n])]
    return first[:n], np.stack(alike)
