"""DataChoice: what is chosen from a file of the user's, as a task of the setup (Qt-free)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from workbench.spec.experiment import TaskChoice
from workbench.spec.user_files.file_facts import ColumnFacts, FileFacts

TargetKind = Literal["classes", "values"]

#: Settings that the dialog's own parts choose; the others stand in its form.
CHOSEN = (
    *("file", "sha256", "labels", "labels_sha256", "inputs", "targets"),
    *("group", "target", "target_kind"),
)

#: Values that a column of groups has at least, and rows that each has on average: what a small
#: task adapts to and is asked.
_LEAST_GROUPS, _LEAST_ROWS = 5, 20

#: What stands for the folders of the classes where a column says whose a row is.
CLASSES = "class"

#: What the labels of an IDX file are called in a setup.
_LABEL = "label"


@dataclass(slots=True)
class DataChoice:
    """Columns that are known, columns to predict and as what; the rest is settings."""

    facts: FileFacts
    inputs: set[str] = field(default_factory=set[str])
    targets: dict[str, TargetKind] = field(default_factory=dict[str, TargetKind])
    labels: str = ""
    labels_sha256: str = ""
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    #: The column of which each value is a small task, or `CLASSES`; empty: no small tasks.
    group: str = ""

    @classmethod
    def of(cls, facts: FileFacts) -> "DataChoice":
        """What is likely: the last column is to be predicted from the others that say something."""
        choice = cls(facts, labels=facts.labels, labels_sha256=facts.labels_sha256)
        names = [c.name for c in facts.columns if not c.reason and c.role in ("input", "target")]
        if facts.family == "table" and len(names) > 1:
            target = next((c.name for c in facts.columns if c.role == "target"), names[-1])
            choice.inputs = set(names)
            choice.set_target(target, is_on=True)
        elif facts.kind == "NPZ":
            usable = [column for column in facts.columns if not column.reason]
            larger = sorted(usable, key=lambda column: -len(column.shape))
            if len(larger) > 1:
                choice.inputs = {larger[0].name}
                choice.set_target(larger[1].name, is_on=True)
        return choice

    @property
    def has_columns(self) -> bool:
        """Whether there is something to tick: a folder of pictures and IDX files have nothing."""
        return self.facts.family == "table" or self.facts.kind == "NPZ"

    @property
    def groups(self) -> tuple[str, ...]:
        """What small tasks may be made of: columns with enough rows a value, or the classes."""
        if self.facts.family == "pictures":
            return (CLASSES,)
        if self.facts.family != "table":
            return ()
        return tuple(column.name for column in self.facts.columns if self._may_group(column))

    def _may_group(self, column: ColumnFacts) -> bool:
        n = column.n_distinct or 0
        n_rows = self.facts.n_rows - (column.n_missing or 0)
        is_name = column.kind in ("text", "whole number") and not column.reason
        return is_name and n >= _LEAST_GROUPS and n_rows >= n * _LEAST_ROWS

    @property
    def family(self) -> str:
        """The family that takes the file as it is to be learned."""
        few_shot = {"table": "few-shot-table", "pictures": "few-shot-pictures"}
        return few_shot[self.facts.family] if self.group else self.facts.family

    def set_group(self, name: str) -> None:
        """Let each value of a column be a small task, each few classes, or nothing."""
        if self.group and self.has_columns and self.group not in self.targets:
            self.inputs.add(self.group)  # it says something of a row once more
        self.group = name
        self.inputs.discard(name)
        self.targets.pop(name, None)
        for other in list(self.targets)[:-1] if name and self.has_columns else ():
            del self.targets[other]  # a small task has one answer

    def set_input(self, name: str, *, is_on: bool) -> None:
        """Learn from a column, or not; an array file has one input."""
        if not is_on:
            self.inputs.discard(name)
            return
        if self.facts.family == "arrays":
            self.inputs.clear()
        self.inputs.add(name)
        self.targets.pop(name, None)
        self._ungroup(name)

    def set_target(self, name: str, *, is_on: bool) -> None:
        """Predict a column, or not, as what it seems to be."""
        if not is_on:
            self.targets.pop(name, None)
            return
        column = next(each for each in self.facts.columns if each.name == name)
        if self.group and self.has_columns:  # a small task has one answer
            self.targets.clear()
        self.targets[name] = column.target
        self.inputs.discard(name)
        self._ungroup(name)

    def _ungroup(self, name: str) -> None:
        if self.group == name and self.has_columns:
            self.group = ""

    def turn(self, name: str) -> None:
        """Predict a target as values instead of classes, or the other way about."""
        if name in self.targets:
            self.targets[name] = "values" if self.targets[name] == "classes" else "classes"

    @property
    def n_tasks(self) -> int:
        """How many tasks this makes."""
        if self.group:
            return min(len(self.targets), 1) if self.has_columns else 1
        return len(self.targets) if self.has_columns else 1

    @property
    def lacks(self) -> Literal["", "targets", "inputs", "labels"]:
        """What is still to be chosen."""
        if self.facts.kind == "IDX":
            return "" if self.labels else "labels"
        if not self.has_columns:
            return ""
        if not (self.targets and self.inputs):
            return "inputs" if self.targets else "targets"
        return ""

    def task(self) -> TaskChoice:
        """The entry of the setup."""
        return TaskChoice.model_validate({"family": self.family, **self._chosen()})

    def _chosen(self) -> Mapping[str, Any]:
        facts, order = self.facts, [column.name for column in self.facts.columns]
        chosen: dict[str, Any] = {"file": facts.path, "sha256": facts.sha256}
        targets = {name: self.targets[name] for name in order if name in self.targets}
        inputs = [name for name in order if name in self.inputs]
        if self.group and self.has_columns:
            ((target, kind),) = tuple(targets.items())[:1]
            chosen.update(inputs=inputs, group=self.group, target=target, target_kind=kind)
        elif facts.family == "table":
            chosen.update(inputs=inputs, targets=targets)
        elif facts.kind == "NPZ":
            chosen.update(inputs=inputs[0], targets=targets)
        elif facts.kind == "IDX":
            chosen.update(labels=self.labels, labels_sha256=self.labels_sha256)
            chosen.update(targets={_LABEL: "classes"})
        return {**chosen, **self.settings}


def with_data(tasks: Sequence[TaskChoice], added: TaskChoice, *, keeps: bool) -> list[TaskChoice]:
    """`tasks` with the user's data; without the others unless it `keeps` them."""
    others = [choice for choice in tasks if choice.family != added.family] if keeps else []
    return [*others, added]
