"""Data tasks: the entries of a setup that come of what is chosen from a file (Qt-free)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from workbench.spec.experiment import TaskChoice
from workbench.spec.user_files.file_facts import ONE_ARRAY, ColumnFacts

if TYPE_CHECKING:
    from workbench.ui.dialogs.data_choice import DataChoice

#: The family whose tasks are the rows with each value of a column.
BY_COLUMN = "by-column"

#: What the labels of an IDX file are called in a setup, and a task of several labels.
_LABEL, LABELS = "label", "labels"

#: How many rows the most frequent class has for one of the rarest before weights are offered.
_UNLIKE = 5

_TRUTHS = ({"0", "1"}, {"false", "true"})


def entries_of(choice: "DataChoice") -> tuple[TaskChoice, ...]:
    """The entries: one, or one a task where their classes are to count alike."""
    data = _data_of(choice)
    if choice.group and choice.group_as == BY_COLUMN:
        of = {"family": choice.family, **data}
        return (TaskChoice.model_validate({"family": BY_COLUMN, "of": of, "column": choice.group}),)
    data = {"family": choice.family, **data}
    unlike = unlike_targets(choice) if choice.is_balanced else {}
    names = [*data.get("targets", {}), *data.get(LABELS, {})]
    if not unlike:
        return (TaskChoice.model_validate(data),)
    weights: dict[str, Any] = {"class_weights": "balanced"}
    if len(names) == 1:
        return (TaskChoice.model_validate({**data, **weights}),)
    return tuple(
        TaskChoice.model_validate({**data, "task": name, **(weights if name in unlike else {})})
        for name in names
    )


def _data_of(choice: "DataChoice") -> dict[str, Any]:
    """The settings of the family that takes the file."""
    facts, order = choice.facts, [column.name for column in choice.columns]
    chosen: dict[str, Any] = {"file": facts.path, "sha256": facts.sha256}
    targets: dict[str, Any] = {n: choice.targets[n] for n in order if n in choice.targets}
    is_by_column = choice.group_as == BY_COLUMN
    taken = {*choice.inputs, *([choice.group] if is_by_column and choice.group else [])}
    inputs = [name for name in order if name in taken]
    if choice.is_few_shot and choice.has_columns:
        ((target, kind),) = tuple(targets.items())[:1]
        chosen.update(inputs=inputs, group=choice.group, target=target, target_kind=kind)
    elif facts.family == "table":
        labels = labels_of(choice) if choice.has_labels else ()
        chosen.update(inputs=inputs)
        chosen["targets"] = {name: kind for name, kind in targets.items() if name not in labels}
        chosen.update({LABELS: {_name_of_labels(order): list(labels)}} if labels else {})
        chosen.update({"row_weight": choice.weight} if choice.weight else {})
        chosen.update({"split": choice.split} if choice.split else {})
    elif choice.facts.has_table_beside:
        chosen.update(labels=choice.labels, labels_sha256=choice.labels_sha256, targets=targets)
        chosen.update({"split": choice.split} if choice.split else {})
    elif facts.kind == "NPZ":
        chosen.update(inputs=inputs[0], targets=targets)
    elif facts.kind in ONE_ARRAY:
        chosen.update(labels=choice.labels, labels_sha256=choice.labels_sha256)
        chosen.update(targets={_LABEL: "classes"})
    if len(facts.sheets) > 1 and (sheet := facts.setting("sheet")) is not None:
        chosen["sheet"] = sheet.value  # the one that is shown
    types = {name: choice.types[name] for name in order if name in choice.types}
    return {**chosen, **choice.settings, **({"types": types} if types else {})}


def _name_of_labels(names: list[str]) -> str:
    """A name for the task of all labels that no column has."""
    return next(name for name in (LABELS, *(f"{LABELS} {i}" for i in range(2, 10**6)))
                if name not in names)  # fmt: skip


def labels_of(choice: "DataChoice") -> tuple[str, ...]:
    """The targets that say of a row whether something is there, where there are several."""
    if "labels" not in choice.known or choice.facts.family != "table" or choice.is_few_shot:
        return ()
    targets = [column for column in choice.columns if choice.targets.get(column.name) == "classes"]
    names = tuple(column.name for column in targets if is_label(column))
    return names if len(names) > 1 else ()


def is_label(column: ColumnFacts) -> bool:
    """Whether the values of a column are 0 and 1, or false and true."""
    return column.kind in ("whole number", "truth") and set(column.histogram.labels) in _TRUTHS


def unlike_targets(choice: "DataChoice") -> dict[str, int]:
    """Targets with classes of which one has far more rows than another: so many for one."""
    if "class_weights" not in choice.known or choice.facts.family != "table" or choice.group:
        return {}
    labels = labels_of(choice) if choice.has_labels else ()
    unlike: dict[str, int] = {}
    for column in choice.columns:
        counts = [count for count in column.histogram.counts if count > 0]
        is_class = choice.targets.get(column.name) == "classes" and column.name not in labels
        if is_class and len(counts) > 1 and not column.histogram.edges:
            ratio = round(max(counts) / min(counts))
            if ratio >= _UNLIKE:
                unlike[column.name] = ratio
    return unlike


def with_data(
    tasks: Sequence[TaskChoice], added: TaskChoice | Sequence[TaskChoice], *, keeps: bool
) -> list[TaskChoice]:
    """`tasks` with the user's data; without the others unless it `keeps` them."""
    new = [added] if isinstance(added, TaskChoice) else list(added)
    families = {choice.family for choice in new}
    others = [choice for choice in tasks if choice.family not in families] if keeps else []
    return [*others, *new]
