"""Method ranks: which experiments are one method on several data, and how the methods rank."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.spec.experiment import CHOICES
from workbench.study.comparison.experiments import FINAL, Experiment, Figure, Scored
from workbench.study.comparison.ranks import LEAST_METHODS, Ranking, ranking_of

#: The choices that make a method; the others are what it is tried with.
_OF_METHOD = tuple(role for role in CHOICES if role != "encoder")


@dataclass(frozen=True, slots=True)
class MethodRanks:
    """Methods by name, the tasks on which all of them were tried, and their ranking there."""

    methods: tuple[str, ...]
    tasks: tuple[str, ...]
    ranking: Ranking


def method_ranks(experiments: Sequence[Experiment]) -> MethodRanks | None:
    """Rank the methods by their mean final scores on every task; None where there are too few.

    Experiments on the same data are methods there. Experiments on other data are the same method
    where all choices but data and encoder agree, or, if that leaves two of one data alike, where
    all settings but the data do. Methods that were not tried on all data are left out.
    """
    readable = [each for each in experiments if each.setup is not None and each.done]
    by_data: dict[Hashable, list[Experiment]] = {}
    for each in readable:
        by_data.setdefault(_key(_data(each)), []).append(each)
    grounds = [ground for ground in by_data.values() if len(ground) > 1]
    if len(grounds) == 1:
        columns = [(each.name, [each]) for each in grounds[0]]
        return _ranked(columns, grounds)
    for roles in (_OF_METHOD, None):
        columns = _columns(grounds, roles)
        if columns is not None:
            return _ranked(columns, grounds)
    return None


def _data(experiment: Experiment) -> Mapping[str, Any]:
    scored = {f"scored {each.task}": each.metric for each in experiment.tasks}
    return {**(experiment.setup.data if experiment.setup is not None else {}), **scored}


def _columns(
    grounds: Sequence[Sequence[Experiment]], roles: Sequence[str] | None
) -> list[tuple[str, list[Experiment]]] | None:
    """Methods that were tried on all data, an experiment each; None where two are one method."""
    complete: list[dict[Hashable, Experiment]] = []
    for ground in grounds:
        by_method: dict[Hashable, Experiment] = {}
        for each in ground:
            key = _key(_method(each, roles))
            if key in by_method:
                return None
            by_method[key] = each
        complete.append(by_method)
    if not complete:
        return None
    common = [key for key in complete[0] if all(key in others for others in complete)]
    rows = [[each[key] for each in complete] for key in common]
    names = _names([row[0] for row in rows])
    return list(zip(names, rows, strict=True))


def _method(experiment: Experiment, roles: Sequence[str] | None) -> Mapping[str, Any]:
    settings = experiment.setup.method if experiment.setup is not None else {}
    return {
        key: value
        for key, value in settings.items()
        if not key.startswith("tasks.")  # as many as there are tasks
        and (roles is None or key.partition(".")[0] in roles)
    }


def _names(experiments: Sequence[Experiment]) -> list[str]:
    """Methods by the choices in which they differ; by their experiments where that names two."""
    titles = [each.setup.titles for each in experiments if each.setup is not None]
    roles = [role for role in _OF_METHOD if len({of[role] for of in titles}) > 1]
    names = [" + ".join(of[role] for role in roles) for of in titles]
    if len(set(names)) < len(names) or not roles:
        return [each.name for each in experiments]
    return names


def _ranked(
    columns: Sequence[tuple[str, Sequence[Experiment]]], grounds: Sequence[Sequence[Experiment]]
) -> MethodRanks | None:
    if len(columns) < LEAST_METHODS:
        return None
    blocks = [(g, scored) for g, ground in enumerate(grounds) for scored in ground[0].tasks]
    scores = np.array([[_score(row[g], task) for _, row in columns] for g, task in blocks])
    if not len(scores):
        return None
    ranking = ranking_of(scores, [scored.higher_is_better for _, scored in blocks])
    if ranking is None:
        return None
    is_whole = [bool(np.isfinite(row).all()) for row in scores]
    tasks = [scored.task for (_, scored), known in zip(blocks, is_whole, strict=True) if known]
    return MethodRanks(tuple(name for name, _ in columns), tuple(tasks), ranking)


def _score(experiment: Experiment, scored: Scored) -> float:
    figure = Figure(FINAL, scored.task, scored.metric, scored.higher_is_better)
    reached = figure.estimate(experiment)
    return np.nan if reached is None else reached.mean


def _key(settings: Mapping[str, Any]) -> Hashable:
    return tuple(sorted((key, repr(value)) for key, value in settings.items()))
