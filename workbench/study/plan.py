"""Plan: the specs that a question about an experiment needs, made from the experiment's own.

Each differs from it in what the question is about and in nothing else: same seeds, same budget
of steps and examples a task, so that runs on one seed are fair pairs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.spec.entry import Catalogue
from workbench.spec.event import TaskFacts
from workbench.spec.experiment import Choice, Intervention, Spec, TaskChoice, Training
from workbench.spec.experiments.task_names import run_names

_LONGEST_NAME = 200


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


def members(
    spec: Spec, catalogue: Catalogue, facts: Sequence[TaskFacts] | None = None
) -> list[Member]:
    """The tasks of `spec`, one by one.

    `facts` are what a run of it tells of them; without them, every family must have a fixed list
    of tasks in the catalogue. Raises ValueError, also where the facts are not of this spec.
    """
    untaught = [task.name for task in facts or () if not task.n_train]
    if untaught:
        message = f"{untaught[0]} is asked and never taught: it cannot be learned alone"
        raise ValueError(f"{message}; leave such tasks out")
    if facts is None or any(task.entry < 0 for task in facts):  # an earlier version's
        known = _listed(spec, catalogue)
        return known if facts is None else _measured(known, facts)
    result: list[Member] = []
    for task in facts:
        choice = spec.tasks[task.entry] if task.entry < len(spec.tasks) else None
        is_own = choice is not None and choice.family == task.family
        if choice is None or not is_own or choice.task not in (None, task.own_name):
            raise ValueError(f"{task.name} is no task of this setup")
        member = Member(task.name, _alone(choice, task.own_name), task.updates, task.updates_alone)
        result.append(member)
    if {task.entry for task in facts} != set(range(len(spec.tasks))):
        raise ValueError(f"the tasks are {', '.join(f.name for f in facts)}; the setup has more")
    return result


def _listed(spec: Spec, catalogue: Catalogue) -> list[Member]:
    """The tasks, as far as the catalogue knows them."""
    choices: list[tuple[TaskChoice, str]] = []
    for choice in spec.tasks:
        entry = catalogue.get(("tasks", choice.family))
        own = entry.tasks if entry is not None and "varying-tasks" not in entry.gives else ()
        if choice.task is None and not own:
            message = f"name the tasks of {choice.family} one by one: their number varies"
            raise ValueError(message)
        choices += [(choice, name) for name in ([choice.task] if choice.task else own)]
    names = run_names([(choice.family, name) for choice, name in choices])
    return [
        Member(name, _alone(choice, own))
        for name, (choice, own) in zip(names, choices, strict=True)
    ]


def _measured(tasks: Sequence[Member], facts: Sequence[TaskFacts]) -> list[Member]:
    """The tasks with how long the experiment learns each, as its facts say in the same order."""
    if [task.name for task in tasks] != [task.name for task in facts]:
        names = ", ".join(task.name for task in facts)
        raise ValueError(f"the tasks are {names}; the setup names {len(tasks)}")
    return [
        replace(task, updates=known.updates, updates_alone=known.updates_alone)
        for task, known in zip(tasks, facts, strict=True)
    ]


def _alone(choice: TaskChoice, own_name: str) -> TaskChoice:
    """An entry of its own for one task of an entry."""
    return choice.model_copy(update={"task": own_name})


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
        interventions=_still_meant(spec.interventions, (), ()),
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
    # a name that two tasks of the experiment share may be free among these
    own = [(task.choice.family, task.choice.task or task.name) for task in some]
    renamed = dict(zip(names, run_names(own), strict=True))
    changes = _still_meant(spec.interventions, names, names)
    return _derived(
        spec,
        " + ".join(names),
        tasks=tuple(task.choice for task in some),
        sharing=Choice(kind="hard") if is_grouped else spec.sharing,
        training=_lasting(spec.training, some),
        interventions=tuple(_with_names(change, renamed) for change in changes),
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
        interventions=_still_meant(spec.interventions, (), [task.name for task in tasks]),
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
    if "tasks" in changes or "sharing" in changes:  # another network cannot begin where it did
        changes["start"] = None
    return spec.model_copy(update={"name": name, **changes})


def _still_meant(
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


def _with_names(change: Intervention, names: Mapping[str, str]) -> Intervention:
    """A live change of tasks that are called otherwise."""
    stages = tuple(tuple(names[name] for name in group) for group in change.stages or ())
    task = None if change.task is None else names[change.task]
    return change.model_copy(update={"task": task, "stages": stages or None})
