"""Task facts: what a view needs to know of a task."""

from typing import Any

from workbench.engine.roles.metric import Metric, chance_of
from workbench.engine.roles.task import Task
from workbench.engine.roles.texts.text_metric import TextMetric, copied_score
from workbench.engine.training.plan import Plan
from workbench.spec.event import TaskFacts


def facts_of(task: Task, metric: Metric, plan: Plan) -> TaskFacts:
    """What a view needs to know of a task."""
    updates, updates_alone = plan.updates(task.name)
    kinds = [f"{type(kind).__name__}{_sizes(kind)}" for kind in task.inputs.values()]
    return TaskFacts(
        name=task.name,
        family=task.family,
        metric=task.metric,
        higher_is_better=metric.higher_is_better,
        chance=_trivial(metric, task),
        head=task.head,
        input=", ".join(kinds),
        output=f"{type(task.output).__name__}{_sizes(task.output)}",
        n_train=len(task.answered("train")),
        n_val=len(task.answered("val")),
        n_test=len(task.answered("test")),
        weight=task.weight,
        updates=updates,
        updates_alone=updates_alone,
        entry=task.entry,
        own_name=task.own_name,
        score_range=metric.score_range,
    )


def _trivial(metric: Metric, task: Task) -> float | None:
    """The score of the best constant answer; of a translation, that of saying the source again."""
    if task.text is not None and isinstance(metric, TextMetric) and metric.reads == "written":
        return copied_score(metric, task)
    return chance_of(metric, task, task.right_answers("test"))


def _sizes(kind: Any) -> str:
    values = [getattr(kind, name) for name in kind.__slots__]
    return f"({', '.join(str(value) for value in values if isinstance(value, int))})"
