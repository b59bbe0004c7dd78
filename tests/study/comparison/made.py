"""Experiments made by hand, for tests of what is said of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.spec.entry import Catalogue, Entry
from workbench.spec.experiment import Choice, Spec, TaskChoice
from workbench.study.comparison.experiments import Experiment, Outcome, Scored
from workbench.study.comparison.likeness import facts_of

CATALOGUE: Catalogue = {
    ("tasks", "split"): Entry(
        "tasks", "split", "Split", "", settings={"properties": {"n_tasks": {"default": 2}}}
    ),
    ("retention", "ewc"): Entry(
        "retention", "ewc", "EWC", "", settings={"properties": {"strength": {"default": 1.0}}}
    ),
}


def spec(retention: str = "none", family: str = "split", **settings: Any) -> Spec:
    """A setup with one retention method; `settings` are of its tasks."""
    task = TaskChoice(family=family, **settings)
    return Spec(name="a", tasks=(task,), retention=Choice(kind=retention))


def experiment(
    name: str,
    scores: Sequence[float | None] | Mapping[int, float | None],
    *,
    metric: str = "accuracy",
    higher_is_better: bool = True,
    status: Mapping[int, str] | None = None,
    setup: Spec | None = None,
    tasks: Sequence[str] = ("first", "second"),
    bwt: float | None = None,
) -> Experiment:
    """An experiment whose every task ends at the score of its seed."""
    by_seed = scores if isinstance(scores, Mapping) else dict(enumerate(scores))
    outcomes: list[Outcome] = []
    for seed, score in by_seed.items():
        acc = score if score is None or higher_is_better else -score
        measures = {"acc": acc, "bwt": bwt, "forgetting": None if bwt is None else -bwt}
        ended = (status or {}).get(seed, "done")
        outcomes.append(Outcome(seed, ended, measures, dict.fromkeys(tasks, score)))
    return Experiment(
        name,
        facts_of(setup or spec(), CATALOGUE),
        tuple(Scored(task, metric, higher_is_better) for task in tasks),
        tuple(outcomes),
    )
