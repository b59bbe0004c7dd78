"""Check: does a Spec fit the catalogue? Answers without running anything.

The same answers serve the window, `workbench check` and `workbench run`.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from workbench.spec.checks.extent import (
    has_known_tasks,
    has_several_sources,
    may_be_large,
    names_tasks,
)
from workbench.spec.checks.settings_problems import settings_problems as settings_problems
from workbench.spec.checks.source_problems import (
    source_problems,
    unknown_kind,
    with_sources,
)
from workbench.spec.documents.document import (
    Document,
    Path_,
    PresetError,
    Problem,
)
from workbench.spec.entry import Catalogue, Entry, by_role
from workbench.spec.experiment import CHOICES, Choice, Spec, TaskChoice
from workbench.spec.experiments.nested import with_source
from workbench.spec.preset import data_of, spec_of
from workbench.spec.rules import broken
from workbench.spec.user_files.aligned import changed_beside
from workbench.spec.user_files.sources import changed, missing

if TYPE_CHECKING:
    pass

#: What a choice may give and another may need: fact -> what to say where it is missing.
FACTS: Mapping[str, str] = {
    "shared-parameters": "needs a sharing strategy in which tasks share parameters",
    "stages": "needs a curriculum with several stages: with one stage there is no past to protect",
    "boundaries": "needs a curriculum that says where a stage ends, or has a detector find it",
    "open-plan": "needs a curriculum whose stages may be changed while it runs",
    "single-update": "needs a learner that answers without adapting, such as gradient",
    "episodes": "needs tasks that are distributions of small tasks",
    "adapts": "needs a learner that adapts to each task",
    "small-tasks": "needs a balancing rule that keeps nothing of a task from step to step: those of"
    " the next batch are others",
    "views": "needs tasks that see each example in several views",
    "representation": "needs a sharing strategy in which the heads of all tasks read the same",
    "trunk": "needs a sharing strategy with one trunk that every task's input passes through",
    "towers": "needs a sharing strategy with a network for each task",
    "score-zero": "needs a metric of which 0 means none",
    "lower-is-better": "needs a metric of which less is better",
    "several-views": "needs a sharing strategy that takes several views of an input",
    "missing-views": "needs a sharing strategy that does without a view where it is missing",
    "tokens": "needs tasks whose inputs are texts, such as numbers in words",
    "pictures": "needs tasks whose inputs are pictures",
    "plane": "needs tasks whose inputs are points in a plane",
    "no-input": "needs tasks that have no input",
    "points": "needs a sharing strategy for a bare point, such as hard, soft or separate",
    "point": "needs the encoder point, for its tasks have no input",
}


def check(document: Document, catalogue: Catalogue) -> Spec:
    """The Spec of a document that fits the catalogue. Raises PresetError with every problem."""
    spec = spec_of(document)
    _refuse(document, problems(spec, catalogue))
    return spec


def _refuse(document: Document, refusals: list[Problem]) -> None:
    """Raise PresetError with the lines of what was found, where anything was."""
    if refusals:
        placed = [
            document.problem(tuple(parts(problem.field)), problem.message) for problem in refusals
        ]
        raise PresetError(placed, document.source)


def is_judged_built(spec: Spec, catalogue: Catalogue) -> bool:
    """Whether it shows only in tasks, model or machine that `spec` can be run."""
    is_sized = spec.budget.match_parameters != "off"
    is_elsewhere = spec.device not in ("auto", "cpu")
    return (
        any(entry.is_judged(settings) for _, entry, settings in _chosen(spec, catalogue))
        or is_sized
        or is_elsewhere
        or any(metric.broken for metric in by_role(catalogue, "metric"))
        or spec.start is not None
        or bool(spec.probes.layers)
        or bool(spec.training.stopping.on)
        or any((c.head, c.loss, c.metrics) != (None, None, None) for c in spec.tasks)
        or names_tasks(spec, catalogue)
        or has_several_sources(spec)
        or may_be_large(spec, catalogue)
    )


def _chosen(spec: Spec, catalogue: Catalogue) -> Iterator[tuple[str, Entry, Mapping[str, Any]]]:
    """Place, entry and settings of everything that is chosen and known."""
    for i, choice in enumerate(spec.tasks):
        yield from with_sources(f"tasks.{i}", choice.family, choice.settings, catalogue)
    for role in CHOICES:
        entry = catalogue.get((role, spec.choice(role).kind))
        if entry is not None and not entry.broken:
            yield role, entry, spec.choice(role).settings


def remarks(spec: Spec, catalogue: Catalogue) -> list[Problem]:
    """What a spec that can be run makes pointless, for whoever chose it to know."""
    warnings: list[Problem] = []
    for place, entry, settings in _chosen(spec, catalogue):
        kind = "family" if entry.role == "tasks" else "kind"
        warnings += [Problem(f"{place}.{kind}", f"{entry.key} {text}") for text in entry.warnings]
        for setting, message in broken(entry.rules, entry.values(settings), warns=True):
            warnings.append(Problem(f"{place}.{setting}", message))
    return warnings


def refuse(document: Document, field: str, message: str) -> None:
    """Raise PresetError with the line of `field`."""
    _refuse(document, [Problem(field, message)])


def check_whole(document: Document, catalogue: Catalogue) -> Spec:
    """As `check`, and the user's own files are read to see whether they changed."""
    spec = check(document, catalogue)
    _refuse(document, [*changed(spec), *changed_beside(spec)])
    return spec


def problems(spec: Spec, catalogue: Catalogue) -> list[Problem]:
    """Everything that keeps `spec` from running, in the order of the setup."""
    all_problems = _task_problems(spec, catalogue)
    for role in CHOICES:
        choice = spec.choice(role)
        entry = catalogue.get((role, choice.kind))
        if entry is None:
            keys = [known.key for known in by_role(catalogue, role)]
            all_problems.append(Problem(f"{role}.kind", unknown_kind(choice.kind, keys)))
        elif entry.broken:
            all_problems.append(Problem(f"{role}.kind", f"cannot be used: {entry.broken}"))
        else:
            all_problems += settings_problems(entry, choice.settings, role)
            all_problems += _unmet_demands(entry, choice, role, spec, catalogue)
            reason = unmet(entry, spec, catalogue)
            if reason:
                all_problems.append(Problem(f"{role}.kind", f"{entry.title} {reason}"))
    all_problems += _intervention_problems(spec, catalogue)
    if spec.optimizer.momentum and spec.optimizer.kind != "sgd":
        all_problems.append(Problem("optimizer.momentum", "only SGD has momentum; set it to 0"))
    if spec.training.stopping.is_on and not spec.training.evaluate_every:
        message = "must be more than 0: stopping and the best go by validations within a stage"
        all_problems.append(Problem("training.evaluate_every", message))
    return all_problems


def _intervention_problems(spec: Spec, catalogue: Catalogue) -> list[Problem]:
    """Stages that are planned anew where the curriculum does not allow it."""
    curriculum = catalogue.get(("curriculum", spec.curriculum.kind))
    if curriculum is None or curriculum.broken or "open-plan" in curriculum.gives:
        return []
    message = f"this {FACTS['open-plan']}; {curriculum.key} has fixed ones"
    return [
        Problem(f"interventions.{i}.stages", message)
        for i, change in enumerate(spec.interventions)
        if change.stages is not None
    ]


def unmet(entry: Entry, spec: Spec, catalogue: Catalogue) -> str:
    """Why `entry` does not fit the other choices of `spec`; empty where it fits."""
    available = _given_by_tasks(spec, catalogue)
    for role in CHOICES:
        choice = spec.choice(role)
        if role != entry.role:
            available |= _given_by(role, choice, catalogue)
        else:
            available |= entry.gives_with(choice.settings if choice.kind == entry.key else {})
    missing = [FACTS.get(need, need) for need in entry.needs if need not in available]
    return "; ".join(missing)


def _given_by(role: str, choice: Choice, catalogue: Catalogue) -> set[str]:
    """What the choice of a role gives at its settings."""
    entry = catalogue.get((role, choice.kind))
    return set() if entry is None or entry.broken else entry.gives_with(choice.settings)


def _unmet_demands(
    entry: Entry, choice: Choice | TaskChoice, field: str, spec: Spec, catalogue: Catalogue
) -> list[Problem]:
    """What the settings of a method or family ask of the other choices and do not get."""
    values = {**entry.defaults(), **choice.settings}
    unmet_demands: list[Problem] = []
    for setting, fact in entry.demands.items():
        is_given = any(fact in _given_by(r, spec.choice(r), catalogue) for r in CHOICES)
        if values.get(setting) and not is_given:
            unmet_demands.append(
                Problem(f"{field}.{setting}", f"above 0 it {FACTS.get(fact, fact)}")
            )
    for setting, by_value in entry.demands_at.items():
        value = values.get(setting)
        for fact in by_value.get(value, ()) if isinstance(value, str) else ():
            if not any(fact in _given_by(r, spec.choice(r), catalogue) for r in CHOICES):
                message = f"{value} {FACTS.get(fact, fact)}"
                unmet_demands.append(Problem(f"{field}.{setting}", message))
    return unmet_demands


def _given_by_tasks(spec: Spec, catalogue: Catalogue) -> set[str]:
    """What every family of tasks that is chosen gives."""
    first, *others = (
        with_source(entry, choice.settings, catalogue).gives if entry else ()
        for choice in spec.tasks
        for entry in (catalogue.get(("tasks", choice.family)),)
    )
    return set(first).intersection(*others)


def with_choice(spec: Spec, role: str, choice: Choice) -> Spec:
    """The same Spec with another method for one role."""
    return spec.model_copy(update={role: choice})


def _task_problems(spec: Spec, catalogue: Catalogue) -> list[Problem]:
    task_problems: list[Problem] = []
    seen: dict[str, int] = {}
    for i, choice in enumerate(spec.tasks):
        entry = catalogue.get(("tasks", choice.family))
        if entry is None:
            keys = [known.key for known in by_role(catalogue, "tasks")]
            task_problems.append(Problem(f"tasks.{i}.family", unknown_kind(choice.family, keys)))
            continue
        if entry.broken:
            task_problems.append(Problem(f"tasks.{i}.family", f"cannot be used: {entry.broken}"))
            continue
        task_problems += settings_problems(entry, choice.settings, f"tasks.{i}")
        task_problems += missing(
            choice.settings, entry.settings.get("properties", {}), f"tasks.{i}"
        )
        task_problems += source_problems(entry, choice.settings, f"tasks.{i}", catalogue)
        reason = unmet(with_source(entry, choice.settings, catalogue), spec, catalogue)
        if reason:
            task_problems.append(Problem(f"tasks.{i}.family", f"{entry.title} {reason}"))
        task_problems += _unmet_demands(entry, choice, f"tasks.{i}", spec, catalogue)
        known_metrics = [metric.key for metric in by_role(catalogue, "metric")]
        for key in choice.metrics or ():
            if key not in known_metrics:
                message = unknown_kind(key, known_metrics)
                task_problems.append(Problem(f"tasks.{i}.metrics", message))
        fixed = has_known_tasks(entry, choice.settings)
        if fixed and choice.task is not None and choice.task not in entry.tasks:
            message = unknown_kind(choice.task, entry.tasks)
            task_problems.append(Problem(f"tasks.{i}.task", message))
        for task in [choice.task] if choice.task else entry.tasks if fixed else [None]:
            same = repr((choice.family, task, sorted(choice.settings.items(), key=repr)))
            if same in seen:
                message = f"task {task} is chosen twice: entry {seen[same]} has it too"
                task_problems.append(Problem(f"tasks.{i}", message if task else "chosen twice"))
                break
            seen[same] = i
    if not any(choice.weight > 0 for choice in spec.tasks):
        task_problems.append(Problem("tasks", "every weight is 0: nothing would be learned"))
    return task_problems


def parts(field: str) -> Path_:
    """A problem's field as a path in a document."""
    return tuple(int(part) if part.isdecimal() else part for part in field.split(".") if part)


def as_document(spec: Spec) -> Document:
    """A Spec as a document without lines, to be checked or changed."""
    return Document(data_of(spec))
