"""Plan: the specs that a question about an experiment needs, made from the experiment's own.

Each differs from it in what the question is about and in nothing else: same seeds, same budget
of steps and examples a task, so that runs on one seed are fair pairs.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from workbench.spec.entry import Catalogue
from workbench.spec.event import TaskFacts
from workbench.spec.experiment import Choice, Intervention, Spec, TaskChoice, Training

_LONGEST_NAME = 200


class UnnamedTasksError(ValueError):
    """Only a run of the experiment can say what its tasks are."""


@dataclass(frozen=True, slots=True)
class Member:
    """A task under the name it has in its experiment, and the choice that makes it.

    `updates` are the steps in which the experiment learns it, and `updates_alone` those that as
    many epochs over its own data are; 0 where that is not known.
    """

    name: str
    choice: TaskChoice
    updates: int = 0
    updates_alone: int = 0


def members(spec: Spec, catalogue: Catalogue, names: Sequence[str] | None = None) -> list[Member]:
    """The tasks of `spec`, one by one.

    `names` are those its runs gave them; without them, every family must have a fixed list of
    tasks in the catalogue. Raises UnnamedTasksError, and ValueError where names do not fit.
    """
    own = [_own_names(choice, catalogue) for choice in spec.tasks]
    unknown = [at for at, found in enumerate(own) if found is None]
    if unknown:
        own[unknown[0]] = _names_left(spec, own, unknown, names)
    result: list[Member] = []
    for choice, found in zip(spec.tasks, own, strict=True):
        for task in found or ():
            alone = TaskChoice(
                family=choice.family, task=task, weight=choice.weight, **choice.settings
            )
            result.append(Member(task, alone))
    if names is None:
        return result
    if len(names) != len(result):
        raise ValueError(f"the tasks are {', '.join(names)}; the setup names {len(result)}")
    return [Member(name, member.choice) for name, member in zip(names, result, strict=True)]


def measured(tasks: Sequence[Member], facts: Sequence[TaskFacts]) -> list[Member]:
    """The tasks with how long the experiment learns each, as its facts say in the same order."""
    return [
        replace(task, updates=found.updates, updates_alone=found.updates_alone)
        for task, found in zip(tasks, facts, strict=True)
    ]


def _own_names(choice: TaskChoice, catalogue: Catalogue) -> list[str] | None:
    """The names a family gives to the tasks of one choice; None where only a run can tell."""
    if choice.task is not None:
        return [choice.task]
    entry = catalogue.get(("tasks", choice.family))
    is_fixed = entry is not None and "varying-tasks" not in entry.gives
    return list(entry.tasks) if entry is not None and is_fixed else None


def _names_left(
    spec: Spec, own: Sequence[list[str] | None], unknown: Sequence[int], names: Sequence[str] | None
) -> list[str]:
    if names is None or len(unknown) > 1:
        families = ", ".join(spec.tasks[at].family for at in unknown)
        raise UnnamedTasksError(f"name the tasks of {families} one by one: their number varies")
    at = unknown[0]
    before = sum(len(found or ()) for found in own[:at])
    after = sum(len(found or ()) for found in own[at + 1 :])
    family = spec.tasks[at].family
    left = names[before : len(names) - after]
    # a run puts the family's name in front, or a number behind, of a name that two tasks share
    return [re.sub(r" \(\d+\)$", "", name.removeprefix(f"{family}/")) for name in left]


def alone(spec: Spec, task: Member, catalogue: Catalogue) -> Spec:
    """One task in a network of its own: the baseline that interference is measured against.

    Weights, balancing and retention are about several tasks, and go. A strategy that fuses
    several views stays: without it, the task would see one of them. Where a task has a network of
    its own in the experiment, it starts as that one, and else as the shared trunk. It takes as
    many steps as the experiment gives the task.
    """
    entry = catalogue.get(("sharing", spec.sharing.kind))
    gives = entry.gives if entry is not None else ()
    network = Choice(kind="separate" if "towers" in gives else "hard")
    return _derived(
        spec,
        f"{task.name} alone",
        tasks=(task.choice.model_copy(update={"weight": 1.0}),),
        sharing=spec.sharing if "several-views" in gives else network,
        balancing=Choice(kind="fixed"),
        retention=Choice(kind="none"),
        training=_lasting(spec.training, [task]),
        interventions=_kept(spec.interventions, (), ()),
    )


def together(spec: Spec, some: Sequence[Member], all_: Sequence[Member]) -> Spec:
    """Some of the tasks, learned as the experiment learns all of them.

    All of them are the experiment itself. Groups of tasks are undone: the question is what comes
    of learning these in one network. They take as many steps as the experiment gives them, where
    it gives each as many.
    """
    is_grouped = spec.sharing.kind == "groups"
    if len(some) == len(all_) and not is_grouped:
        return spec
    names = [task.name for task in some]
    return _derived(
        spec,
        " + ".join(names),
        tasks=tuple(task.choice for task in some),
        sharing=Choice(kind="hard") if is_grouped else spec.sharing,
        training=_lasting(spec.training, some),
        interventions=_kept(spec.interventions, names, names),
    )


def grouped(spec: Spec, groups: Sequence[Sequence[str]]) -> Spec:
    """The experiment with a network for each group of tasks (by name).

    With a network for each task nothing is shared, so there is nothing to balance either.
    """
    if all(len(group) == 1 for group in groups):
        apart, fixed = Choice(kind="separate"), Choice(kind="fixed")
        return _derived(spec, "apart", sharing=apart, balancing=fixed)
    text = " | ".join(", ".join(group) for group in groups)
    sharing = Choice.model_validate({"kind": "groups", "groups": text})
    return _derived(spec, "grouped", sharing=sharing)


def weighted(spec: Spec, tasks: Sequence[Member], weights: Sequence[float]) -> Spec:
    """The experiment with other fixed weights, one a task, and nothing that moves them."""
    chosen = [
        task.choice.model_copy(update={"weight": float(f"{weight:.6g}")})
        for task, weight in zip(tasks, weights, strict=True)
    ]
    shown = " : ".join(f"{weight:.2f}" for weight in weights)
    return _derived(
        spec,
        f"weights {shown}",
        tasks=tuple(chosen),
        balancing=Choice(kind="fixed"),
        interventions=_kept(spec.interventions, (), [task.name for task in tasks]),
    )


def with_each(spec: Spec, role: str, kinds: Sequence[str]) -> list[Spec]:
    """The experiment with each of these methods for one role; its own keeps its settings."""
    own = spec.choice(role)
    return [
        _derived(spec, kind, **{role: own if kind == own.kind else Choice(kind=kind)})
        for kind in kinds
    ]


def fine_tuning(spec: Spec) -> Spec:
    """The lower bound of lifelong learning: the same stages, nothing of the past protected."""
    return _derived(spec, "fine-tuning", retention=Choice(kind="none"))


def joint(spec: Spec) -> Spec:
    """The upper bound of lifelong learning: all tasks at once, each as long as in its stage.

    A task with less data than the largest rests now and then, so that each gets as many updates,
    on as many of its examples, as where tasks come one after the other.
    """
    return _derived(
        spec,
        "joint",
        curriculum=Choice.model_validate({"kind": "joint", "smaller": "rests"}),
        retention=Choice(kind="none"),
        interventions=(),
    )


def _lasting(training: Training, tasks: Sequence[Member]) -> Training:
    """Training that gives these tasks as many updates as the experiment does.

    Epochs stay where they come to that, so that a run of the tasks by themselves is one of these.
    """
    wanted = {task.updates for task in tasks}
    if len(wanted) > 1 or wanted == {max(task.updates_alone for task in tasks)}:
        return training
    return training.model_copy(update={"steps": wanted.pop()})


def _derived(spec: Spec, suffix: str, **changes: object) -> Spec:
    room = _LONGEST_NAME - len(suffix) - 3
    name = f"{spec.name[: max(room, 1)]} · {suffix}"[:_LONGEST_NAME]
    return spec.model_copy(update={"name": name, **changes})


def _kept(
    changes: Sequence[Intervention], weighted: Sequence[str], learned: Sequence[str]
) -> tuple[Intervention, ...]:
    """Live changes that still mean something.

    Those of the rate, of the weights of tasks that are `weighted`, and plans of `learned` tasks.
    """
    return tuple(
        change
        for change in changes
        if (change.task is None or change.task in weighted)
        and all(name in learned for group in change.stages or () for name in group)
    )
