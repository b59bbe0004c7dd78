"""Selection: from the tasks of a spec to tasks with data."""

from collections.abc import Generator

import torch

from workbench.engine.blocks.tasks.remarks import remarks_of
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.build.families import Families, chosen_of
from workbench.engine.numerics.missing import known
from workbench.engine.roles.episodes import as_rows
from workbench.engine.roles.loading import LoadProgress
from workbench.engine.roles.losses import balanced_weights, loss_of
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.rows.on_demand import moved
from workbench.engine.roles.task import (
    SPLITS,
    Classes,
    Labels,
    Objective,
    PixelClasses,
    Task,
    taught,
)
from workbench.spec.experiment import Heads, Loss, Spec, TaskChoice
from workbench.spec.experiments.task_names import free_name
from workbench.spec.work import finished


def select(
    spec: Spec, catalogue: Catalogue, device: torch.device, seed: int | None = None
) -> dict[str, Task]:
    """The chosen tasks by name, with weights, on the device. Raises BadSpecError."""
    return finished(selecting(spec, catalogue, device, seed))


def selecting(
    spec: Spec,
    catalogue: Catalogue,
    device: torch.device,
    seed: int | None = None,
    *,
    keeps_episodes: bool = False,
) -> Generator[LoadProgress, None, dict[str, Task]]:
    """As `select`, telling how far files are read.

    Entries of one family with equal settings come from one instance of it, so their inputs are
    shared. A name that two entries would share gets its family's name in front, or a number. Of
    distributions a learner that does not adapt is given the rows, unless one `keeps_episodes`.
    `seed` is the run's, the first of the spec's where none is given: it decides what a setting says
    is drawn by it, such as the order of classes.
    """
    learner = catalogue.find("learner", spec.learner.kind, "learner.kind")
    is_whole = keeps_episodes or learner.adapts
    families = Families(catalogue, spec.seeds[0] if seed is None else seed)
    known: dict[str, list[Task]] = {}
    chosen: dict[str, Task] = {}
    for i, choice in enumerate(spec.tasks):
        key = f"{choice.family} {sorted(choice.settings.items(), key=repr)!r}"
        if key not in known:
            made = yield from families.loading(choice, f"tasks.{i}")
            known[key] = made if is_whole else as_rows(made)
            families.identify(choice, known[key])
        for task in chosen_of(choice, known[key], f"tasks.{i}"):
            task.weight = choice.weight
            task.entry = i
            _shape(task, choice, spec.heads, i)
            task.chosen_at = f"tasks.{i}.family"
            task.metric = task.metric or _usual_metric(task, catalogue)
            _score(task, choice)
            if any(task is other for other in chosen.values()):
                raise BadSpecError(f"tasks.{i}", f"task {task.name} is chosen twice")
            _require_examples(task)
            if choice.settings.get("file"):
                task.notices = (*task.notices, *remarks_of(task))
            name = free_name(task.family, task.own_name, chosen)
            if task.head == task.name:
                task.head = name
            task.name = name
            chosen[name] = task
    if not taught(chosen):
        raise BadSpecError("tasks", "every task is asked alone, and none is taught")
    _require_one_shape(chosen)
    _note_lone_classes(chosen)
    for task in chosen.values():
        task.notices = (*task.notices, *_gaps(task))
    _move(chosen, device)
    return chosen


def _shape(task: Task, choice: TaskChoice, heads: Heads, i: int) -> None:
    """Give a task the layers and the loss that its entry asks for."""
    task.head_layers = heads if choice.head is None else heads.with_hidden(choice.head)
    if choice.head and isinstance(task.output, Objective):
        message = f"task {task.name} is read from the features; it has no head to put layers in"
        raise BadSpecError(f"tasks.{i}.head", message)
    weights = _class_weights(task, choice, i)
    if weights is not None or (choice.loss is not None and choice.loss.kind != "usual"):
        try:
            task.make_small(loss_of(choice.loss or Loss(), task.output), weights)
        except ValueError as error:
            raise BadSpecError(f"tasks.{i}.loss.kind", f"task {task.name}: {error}") from None


def _class_weights(task: Task, choice: TaskChoice, i: int) -> torch.Tensor | None:
    """What the classes of a task count, [n], where its entry says so."""
    wanted = choice.class_weights
    if wanted is None:
        return None
    output, field = task.output, f"tasks.{i}.class_weights"
    if not isinstance(output, Classes | PixelClasses | Labels):
        message = f"task {task.name} answers with {type(output).__name__}, which have no classes"
        raise BadSpecError(field, message)
    if wanted == "balanced":
        return balanced_weights(output, task.answered("train").target)
    if len(wanted) != output.n:
        names = f" ({', '.join(task.answers[:10])})" if task.answers else ""
        message = f"task {task.name} has {output.n} classes{names}; found {len(wanted)} weights"
        raise BadSpecError(field, message)
    if not any(wanted):
        raise BadSpecError(field, f"task {task.name}: every class has weight 0: nothing to learn")
    return torch.tensor(wanted)


def _score(task: Task, choice: TaskChoice) -> None:
    """Have a task scored in what its entry asks for; what its family names is told beside it."""
    if choice.metrics is not None:
        first, *others = choice.metrics
        more = dict.fromkeys((*others, task.metric, *task.more_metrics))
        task.more_metrics = tuple(key for key in more if key != first)
        task.metric, task.live_metrics = first, tuple(others)
        task.scored_at = task.chosen_at.removesuffix("family") + "metrics"


def _require_one_shape(tasks: dict[str, Task]) -> None:
    """Raise BadSpecError where tasks that share a head want other layers of it."""
    first: dict[str, Task] = {}
    for task in tasks.values():
        other = first.setdefault(task.head, task)
        if task.head_layers != other.head_layers:
            message = (
                f"{other.name} and {task.name} share a head, which can have one set of layers: "
                f"{_layers_text(other)} or {_layers_text(task)}"
            )
            raise BadSpecError(task.chosen_at.removesuffix("family") + "head", message)


def _layers_text(task: Task) -> str:
    return str(list(task.head_layers.hidden))


def _note_lone_classes(tasks: dict[str, Task]) -> None:
    """Tell of heads whose every training example has one class."""
    by_head: dict[str, list[Task]] = {}
    for task in tasks.values():
        if isinstance(task.output, Classes):
            by_head.setdefault(task.head, []).append(task)
    for users in by_head.values():
        targets = [task.answered("train").target for task in users]
        if all(bool((target == targets[0].flatten()[0]).all()) for target in targets):
            names = ", ".join(task.name for task in users)
            message = f"{names}: the head has one class alone, and is right whatever is learned"
            users[0].notices = (*users[0].notices, message)


def _require_examples(task: Task) -> None:
    """Raise BadSpecError where a split of a task is empty."""
    for split, purpose in (("train", "train"), ("val", "validate"), ("test", "test")):
        if not task.is_taught and split == "train":
            continue
        if not len(task.data[split]):
            message = f"task {task.name} has no example to {purpose} on; give it more"
            raise BadSpecError(task.chosen_at, message)
        if not len(task.answered(split)):
            n = len(task.data[split])
            message = f"task {task.name} has no answer in any of the {n:,} rows to {purpose} on"
            raise BadSpecError(task.chosen_at, message)
    if task.lacks_answers and task.episodes is not None:
        message = (
            f"{task.name} is a distribution of small tasks, of which no row may lack an answer"
        )
        raise BadSpecError(task.chosen_at, message)


def _gaps(task: Task) -> list[str]:
    """What to say of a task's missing answers, and of answers of which there is but one."""
    said: list[str] = []
    answered = task.answered("train").target
    if task.lacks_answers:
        if isinstance(task.output, Labels):
            targets = [part.target for part in task.data.values()]
            n_unknown = sum(int((~known(target)).sum()) for target in targets)
            n_labels = sum(target.numel() for target in targets)
            said.append(f"{task.name}: {n_unknown:,} of {n_labels:,} labels are not known")
        sizes = [len(task.answered(split)) for split in SPLITS]
        total = sum(len(task.data[split]) for split in SPLITS)
        train, val, test = (f"{n:,}" for n in sizes)
        if total > sum(sizes):
            said.append(
                f"{task.name}: {total - sum(sizes):,} of {total:,} rows have no answer; it learns"
                f" from {train}, and is scored on {val} and {test}"
            )
    if isinstance(task.output, Labels) and task.is_taught:
        never, always = (~(answered > 0).any(0)).tolist(), (~(answered == 0).any(0)).tolist()
        named = task.answers or tuple(map(str, range(task.output.n)))
        for are, words in ((never, "is never there"), (always, "is always there")):
            for name in [name for name, is_so in zip(named, are, strict=True) if is_so][:3]:
                said.append(f"{task.name}: label {name} {words} among the rows to train on")
    return said


def _usual_metric(task: Task, catalogue: Catalogue) -> str:
    """The metric of a task that names none."""
    keys = [m.key for m in catalogue.of_role("metric") if isinstance(task.output, m.usual)]
    if not keys:
        kind = type(task.output).__name__
        message = f"task {task.name} names no metric, and there is no usual one for {kind}"
        raise BadSpecError(task.chosen_at, message)
    return keys[0]


def _move(tasks: dict[str, Task], device: torch.device) -> None:
    """Put data on the device; inputs that were one tensor stay one tensor."""
    if device.type == "cpu":
        return
    known_inputs: dict[int, torch.Tensor] = {}
    for task in tasks.values():
        parts = dict(task.data)
        for split, part in parts.items():
            inputs = {
                view: moved(values, device, known_inputs) for view, values in part.inputs.items()
            }
            weights = None if part.row_weights is None else part.row_weights.to(device)
            target = part.target.to(device)
            parts[split] = part.changed(inputs=inputs, target=target, row_weights=weights)
        task.data = parts
