"""Points: experiments in the plane of two tasks' scores, with what lies around each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from workbench.spec.run_row import RunRow
from workbench.spec.score import Score
from workbench.study.compare import Group, grouped
from workbench.study.pareto import non_dominated
from workbench.study.spread import Spread, spread_of
from workbench.ui.tabs.tradeoffs.tradeoff_plot import Axes, Point

#: So many points are all named where none has a label of its own.
_ALL_NAMED = 8


@dataclass(frozen=True, slots=True)
class Told:
    """How an experiment is told from others: its label, and the number of its colour."""

    label: str
    is_swept: bool
    number: int | None


def with_points(rows: Sequence[RunRow], tasks: tuple[str, str]) -> tuple[list[Group], int]:
    """The experiments that have a score of both tasks on every seed, and how many failed on one."""
    groups = [g for g in grouped(rows) if {s.task for s in known_scores(g)} >= set(tasks)]
    finished = [group for group in groups if group.done and not group.failed]
    scored = [task for task in tasks if any(n_told(group, task) for group in finished)]
    lost = [g for g in finished if any(n_told(g, task) < len(g.done) for task in scored)]
    n_failed = sum(bool(group.failed) for group in groups) + len(lost)
    return [group for group in finished if group not in lost], n_failed


def placed(
    groups: Sequence[Group], tasks: tuple[str, str], told: Sequence[Told], kind: Spread
) -> tuple[Axes, list[Point]]:
    """The experiments that have these tasks, by the metrics of the first one."""
    facts = {score.task: score for score in groups[0].done[0].scores}
    keys = [(task, facts[task].metric) for task in tasks]
    higher = (facts[tasks[0]].higher_is_better, facts[tasks[1]].higher_is_better)
    axes = Axes((f"{tasks[0]} ({keys[0][1]})", f"{tasks[1]} ({keys[1][1]})"), higher)
    points: list[Point] = []
    for group, one in zip(groups, told, strict=True):
        x, y = (spread_of(np.array(group.values(*key), dtype=np.float64), kind) for key in keys)
        if not (np.isfinite(x.mean) and np.isfinite(y.mean)):
            continue
        around = (float(x.low), float(x.high), float(y.low), float(y.high))
        seen = (float(x.mean), float(y.mean), len(group.done), one.label, one.is_swept)
        path = group.done[0].path
        points.append(Point(group.name, *seen, around=around, number=one.number, path=path))
    if not points:
        return axes, []
    if len(points) <= _ALL_NAMED and not any(point.label for point in points):
        points = [replace(point, label=point.name) for point in points]
    front = non_dominated(np.array([(p.x, p.y) for p in points]), higher)
    marked = zip(points, front, strict=True)
    return axes, [replace(point, is_on_front=bool(is_on)) for point, is_on in marked]


def n_told(group: Group, task: str) -> int:
    """How many finished runs have a score of a task: none is told that passed all numbers."""
    scores = [score for row in group.done for score in row.scores if score.task == task]
    return sum(score.value is not None for score in scores)


def known_scores(group: Group) -> Sequence[Score]:
    """What is known of the tasks of an experiment, from the first run that began to learn them."""
    return next((row.scores for row in group.rows if row.scores), ())
