"""Fit: what shows only where tasks and model are there: whether they go together, and have room.

`check` and a run ask the same here, so that what passes the one passes the other.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import torch
from torch import nn

from workbench.engine.build.available_memory import room
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.build.footprint import drawn, memory_of
from workbench.engine.measure.probe import check_layers
from workbench.engine.roles.balancing import FEATURES_DEMAND, Balancing
from workbench.engine.roles.curriculum import Curriculum, Stage
from workbench.engine.roles.encoder import Encoder
from workbench.engine.roles.learner import Learner
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.metric import Metric
from workbench.engine.roles.planned_run import n_bytes
from workbench.engine.roles.sharing import Sharing, make_head
from workbench.engine.roles.task import Classes, Image, Task, taught
from workbench.spec.check import FACTS
from workbench.spec.checks.extent import LARGE_BYTES, SQUARES
from workbench.spec.cost import Holding, amount
from workbench.spec.experiment import Spec
from workbench.spec.settings import Settings

#: Stages of a plan, as many as an intervention may name.
MOST_STAGES = 10_000


def check_fit(
    spec: Spec, catalogue: Catalogue, tasks: dict[str, Task], model: Sharing, curriculum: Curriculum
) -> None:
    """Whether the choices fit tasks and model. Raises BadSpecError."""
    _check_interventions(spec, tasks)
    _check_watched(spec, catalogue, curriculum, tasks)
    _check_shared(spec, catalogue, model)
    _check_features(spec, catalogue, tasks, curriculum)
    check_layers(model, spec.probes.layers)
    on = spec.training.stopping.on
    if on and on not in tasks:
        message = f"there is no task '{on}' (there is: {', '.join(tasks)})"
        raise BadSpecError("training.stopping.on", message)


def check_length(stages: Sequence[Stage]) -> None:
    """Raise BadSpecError where a plan has more stages than anybody waits for."""
    if len(stages) > MOST_STAGES:
        message = f"would have {len(stages):,} stages; there may be {MOST_STAGES:,}"
        raise BadSpecError("curriculum.kind", message)


def metrics_of(catalogue: Catalogue, tasks: Mapping[str, Task]) -> dict[str, Metric]:
    """The metrics of all tasks, by key. Raises BadSpecError where one does not fit its output."""
    metrics: dict[str, Metric] = {}
    for task in tasks.values():
        for key in (task.metric, *task.more_metrics):
            metric: type[Metric] = catalogue.find("metric", key, task.scored_at or task.chosen_at)
            if not metric.fits(task.output):
                fitting = [m.key for m in catalogue.of_role("metric") if m.fits(task.output)]
                message = (
                    f"the metric {key} of task {task.name} does not score its answers, which are "
                    f"{type(task.output).__name__}; what does: {', '.join(fitting) or 'none'}"
                )
                raise BadSpecError(task.scored_at or task.chosen_at, message)
            metrics[key] = metric()
    return metrics


def _check_shared(spec: Spec, catalogue: Catalogue, model: Sharing) -> None:
    """Settings may leave nothing shared in a strategy that shares at its defaults."""
    needs = catalogue.find("balancing", spec.balancing.kind, "balancing.kind").needs
    if "shared-parameters" in needs and not model.shared_parameters():
        why = f"at these settings of {spec.sharing.kind} none are"
        if spec.freeze != "none":
            why = f"with start.freeze {spec.freeze} none that is learned is"
        raise BadSpecError("balancing.kind", f"{FACTS['shared-parameters']}; {why}")


def _check_features(
    spec: Spec, catalogue: Catalogue, tasks: Mapping[str, Task], curriculum: Curriculum
) -> None:
    """Gradients in what the heads read meet only where the examples are the same."""
    if not _reads_features(spec):
        return
    place = "balancing.gradients_in"
    available: set[str] = set()
    for role in ("sharing", "learner"):
        choice = spec.choice(role)
        available |= (
            catalogue.find(role, choice.kind, f"{role}.kind").entry().gives_with(choice.settings)
        )
    for fact in FEATURES_DEMAND["gradients_in"]["representation"]:
        if fact not in available:
            raise BadSpecError(place, f"representation {FACTS[fact]}")
    retention = catalogue.find("retention", spec.retention.kind, "retention.kind")
    rule = "representation compares gradients in what the heads read of the same examples"
    if retention.mixes_examples:
        message = f"{rule}; {retention.key} mixes others in for some of the tasks"
        raise BadSpecError(place, message)
    stages = curriculum.stages(taught(tasks), spec.training.epochs)
    together = [stage.tasks for stage in stages if stage.mixture is None]
    for names in [tuple(tasks)] if curriculum.is_open else together:
        first = tasks[names[0]].data["train"].inputs
        for name in names[1:]:
            other = tasks[name].data["train"].inputs
            if any(other.get(view) is not values for view, values in first.items()):
                message = f"{rule}; {names[0]} and {name} are learned together from different ones"
                raise BadSpecError(place, message)


def _reads_features(spec: Spec) -> bool:
    """Whether gradients are compared in what the heads read, not in the shared parameters."""
    return spec.balancing.settings.get("gradients_in") == "representation"


def _check_interventions(spec: Spec, tasks: dict[str, Task]) -> None:
    for i, change in enumerate(spec.interventions):
        if change.task is not None and change.task not in tasks:
            known = ", ".join(tasks)
            message = f"there is no task '{change.task}' (there is: {known})"
            raise BadSpecError(f"interventions.{i}.task", message)
        for j, group in enumerate(change.stages or ()):
            for name in group:
                if name not in tasks:
                    message = f"there is no task '{name}' (there is: {', '.join(tasks)})"
                    raise BadSpecError(f"interventions.{i}.stages.{j}", message)


def _check_watched(
    spec: Spec, catalogue: Catalogue, curriculum: Curriculum, tasks: dict[str, Task]
) -> None:
    if curriculum.detector is not None:
        if catalogue.find("learner", spec.learner.kind, "learner.kind").adapts:
            message = "a detector watches answers given without adapting; the learner adapts"
            raise BadSpecError("curriculum.kind", message)
        others = [name for name, task in tasks.items() if not isinstance(task.output, Classes)]
        if others:
            message = (
                f"a detector watches the errors of answers that are classes; {others[0]}"
                " answers with something else"
            )
            raise BadSpecError("curriculum.kind", message)


def is_heavy(
    spec: Spec,
    encoder: Encoder,
    settings: Settings,
    tasks: Mapping[str, Task],
    stages: Sequence[Stage],
) -> bool:
    """Whether a model may be so large that it is counted before it is made.

    `settings` are those of its sharing strategy, whose whole numbers are taken for copies.
    """
    kinds = dict.fromkeys(kind for task in tasks.values() for kind in task.inputs.values())
    with torch.device("meta"):
        parts = [*(encoder.stem(kind) for kind in kinds), *encoder.body()]
        by_name = {task.head: make_head(task, encoder.width) for task in tasks.values()}
    shapes = [p.shape for part in parts for p in part.parameters()]
    copies = math.prod(n for n in settings.model_dump().values() if isinstance(n, int) and n > 1)
    # A strategy may have a head for each view, and each task one of its own.
    users = Counter(task.head for task in tasks.values())
    heads = len(kinds) * copies * sum(n * _bytes_of(by_name[name]) for name, n in users.items())
    copies *= len(tasks)
    places = max((k.height * k.width for k in kinds if isinstance(k, Image)), default=1)
    features = _batch_size(spec, tasks, stages) * places * sum(shape[0] for shape in shapes)
    n_parameters = sum(shape.numel() for shape in shapes)
    n_parameters += SQUARES * sum(shape[0] ** 2 for shape in shapes if len(shape) > 1)
    return 4 * heads + copies * (16 * n_parameters + 4 * features) > LARGE_BYTES


def _bytes_of(part: nn.Module) -> int:
    return n_bytes(part.parameters())


def check_room(
    spec: Spec,
    model: Sharing,
    balancing: type[Balancing],
    tasks: Mapping[str, Task],
    stages: Sequence[Stage],
    device: torch.device,
    held: Holding | None = None,
    learner: Learner | None = None,
) -> None:
    """Raise BadSpecError where a step of a model needs more memory than there is.

    The model is laid out without numbers. Also counted are what retention keeps, where that is
    known, and the gradient of every task, or small task, where balancing takes them one by one: in
    the shared parameters, or in what the heads read and then all together in those.
    """
    held = held or Holding()
    parameters = sum(p.numel() * p.element_size() for p in model.parameters())
    extra = spec.retention.settings.get("batch_size", 0)
    n_examples = _batch_size(spec, tasks, stages) + min(extra, held.examples or extra)
    try:
        step = memory_of(model, tasks, spec, n_examples, learner)
    except (NotImplementedError, RuntimeError):  # it looks at numbers to know its way
        step = 2.0 * parameters
    if balancing.in_gradient_space:
        shared = sum(p.numel() * p.element_size() for p in model.shared_parameters())
        slopes = _slopes_bytes(model, tasks, n_examples) if _reads_features(spec) else None
        n_rows = len(tasks)
        if learner is not None and learner.weighs_small_tasks:
            n_rows = sum(n_examples if task.episodes else 1 for task in tasks.values())
        step += n_rows * shared if slopes is None else shared + slopes
    needed, there = step + held.bytes, room(device)
    if needed > there:
        place = _largest(spec, model, tasks) if step <= 8 * parameters else "training.batch_size"
        message = (
            f"a training step would need {amount(needed, 'B')} of memory, for "
            f"{amount(sum(p.numel() for p in model.parameters()))} parameters and batches of "
            f"{n_examples:,} examples; there are {amount(there, 'B')}"
        )
        raise BadSpecError(place, message)


def _largest(spec: Spec, model: Sharing, tasks: Mapping[str, Task]) -> str:
    """The field of the spec that makes most of a model's parameters: its encoder's, or a head's."""
    deep = {task.head: task for task in tasks.values() if task.head_layers.hidden}
    with torch.device("meta"):
        sizes = {name: _bytes_of(make_head(task, 1)) for name, task in deep.items()}
    if 2 * sum(sizes.values()) < n_bytes(model.parameters()):
        return "encoder.kind"
    task = deep[max(sizes, key=lambda name: sizes[name])]
    is_its_own = task.head_layers.hidden != spec.heads.hidden
    return task.chosen_at.removesuffix("family") + "head" if is_its_own else "heads.hidden"


def _slopes_bytes(model: Sharing, tasks: Mapping[str, Task], n_examples: int) -> int | None:
    """Bytes of the gradient of every task in what its head reads; None where it does not show."""
    try:
        features = model.features(drawn(tasks, n_examples))
    except (NotImplementedError, RuntimeError):
        return None
    return sum(x.numel() * x.element_size() for x in features.values())


def _batch_size(spec: Spec, tasks: Mapping[str, Task], stages: Sequence[Stage]) -> int:
    """Examples of a step: no more than a task has."""
    largest = max(stage.batch_size or spec.training.batch_size for stage in stages)
    return min(largest, max(len(task.data["train"]) for task in tasks.values()))
