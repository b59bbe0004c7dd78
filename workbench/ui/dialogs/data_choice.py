"""DataChoice: what is chosen from a file of the user's, as a task of the setup (Qt-free)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from workbench.spec.experiment import TaskChoice
from workbench.spec.user_files.file_facts import ONE_ARRAY, ColumnFacts, FileFacts
from workbench.ui.dialogs.data_tasks import BY_COLUMN, entries_of, labels_of

TargetKind = Literal["classes", "values"]

#: What a column is for: a role, where that of a target says as what it is predicted.
Use = Literal["input", "classes", "values", "group", "weight", "split", "leave out"]
_KINDS = get_args(TargetKind)

#: Settings that the dialog's own parts choose; the others stand in its form.
CHOSEN = (
    *("file", "sha256", "labels", "labels_sha256", "inputs", "targets", "types"),
    *("group", "target", "target_kind", "row_weight", "split", "name"),
)

#: Values that a column of groups has at least, and rows that each has on average.
_LEAST_GROUPS, _LEAST_ROWS = 5, 20

#: What stands for the folders of the classes where a column says whose a row is.
CLASSES = "class"

#: Kinds of columns whose values may be predicted as numbers.
_NUMERIC = ("number", "whole number", "truth", "time", "array")


@dataclass(slots=True)
class DataChoice:
    """What each column is for, and what it is taken for; the rest is settings."""

    facts: FileFacts
    inputs: set[str] = field(default_factory=set[str])
    targets: dict[str, TargetKind] = field(default_factory=dict[str, TargetKind])
    labels: str = ""
    labels_sha256: str = ""
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    #: The column of which each value is a small task, or `CLASSES`; empty: no small tasks.
    group: str = ""
    #: What becomes of a group: a small task to adapt to, or a task of its own.
    group_as: Literal["few-shot", "by-column"] = "few-shot"
    #: Whether answers of 0 and 1 are one task, and classes count alike.
    has_labels: bool = False
    is_balanced: bool = False
    #: The columns that say what each row counts, and what it is for; empty: none does.
    weight: str = ""
    split: str = ""
    #: What columns are asked to be taken for: those alone that are not taken as they look.
    types: dict[str, str] = field(default_factory=dict[str, str])
    #: Uses that the family has a setting for, beside input, target and group.
    known: frozenset[str] = frozenset()
    #: What the user chose, in that order; the rest is proposed.
    _asked: dict[str, Use] = field(default_factory=dict[str, Use])

    @classmethod
    def of(cls, facts: FileFacts, known: frozenset[str] = frozenset()) -> "DataChoice":
        """What is proposed: of a table the last column, from the others that say something."""
        choice = cls(facts, labels=facts.labels, labels_sha256=facts.labels_sha256, known=known)
        if facts.family == "table" or facts.has_table_beside:
            choice._propose_columns()
        elif facts.kind == "NPZ":
            usable = [column for column in facts.columns if not column.reason]
            larger = sorted(usable, key=lambda column: -len(column.shape))
            if len(larger) > 1:
                choice.inputs = {larger[0].name}
                choice.targets = {larger[1].name: larger[1].target}
        return choice

    def _propose_columns(self) -> None:
        usable = [c for c in self.facts.columns if not c.reason]
        names = [c.name for c in usable if c.role in ("input", "target")]
        if len(names) < (1 if self.facts.has_table_beside else 2):
            return
        target = next((c for c in usable if c.role == "target"), None)
        target = target or next(c for c in usable if c.name == names[-1])
        self.inputs = set[str]() if self.facts.has_table_beside else set(names) - {target.name}
        self.targets = {target.name: target.target}
        for column in usable:
            if column.role == "weight" and "weight" in self.known:
                self.weight = column.name
            elif column.role == "split" and "split" in self.known:
                self.split = column.name

    def read_anew(self, facts: FileFacts) -> "DataChoice":
        """What is chosen of the same file, of which more is known, or which is read otherwise.

        What the user chose stays where the columns are still there; the rest is proposed anew.
        """
        choice = DataChoice.of(facts, self.known)
        choice.settings, choice.types = dict(self.settings), dict(self.types)
        choice.has_labels, choice.is_balanced = self.has_labels, self.is_balanced
        choice.group_as = self.group_as
        if self.labels and not choice.labels:
            choice.labels, choice.labels_sha256 = self.labels, self.labels_sha256
        by_name = {column.name: column for column in facts.columns}
        types = {column.name: column.type for column in self.facts.columns}
        for name, use in self._asked.items():
            column = by_name.get(name)
            if name == CLASSES and not choice.has_columns:
                choice.set_group(CLASSES if use == "group" else "")
            elif column is None:
                continue
            elif use in _KINDS and types.get(name, column.type) != column.type:
                choice.set_use(name, column.target)  # as what it is predicted follows what it is
            elif use in choice.uses_of(column):
                choice.set_use(name, use)
        if not choice.columns:  # it cannot be read with these settings: the next may mend that
            choice._asked = dict(self._asked)
        return choice

    @property
    def columns(self) -> tuple[ColumnFacts, ...]:
        """The file's."""
        return self.facts.columns

    def column(self, name: str) -> ColumnFacts:
        """The facts of one column."""
        return next(column for column in self.facts.columns if column.name == name)

    @property
    def has_columns(self) -> bool:
        """Whether columns are chosen: a folder of pictures and IDX files have nothing to choose."""
        return not (self.facts.has_classes or self.facts.kind in ONE_ARRAY)

    @property
    def groups(self) -> tuple[str, ...]:
        """What small tasks may be made of: columns with enough rows a value, or the classes."""
        if self.facts.has_classes:
            return (CLASSES,)
        if self.facts.family != "table":
            return ()
        return tuple(column.name for column in self.facts.columns if self._may_group(column))

    def _may_group(self, column: ColumnFacts) -> bool:
        return self._has_groups(column, _LEAST_GROUPS)

    def _has_groups(self, column: ColumnFacts, least: int) -> bool:
        n = column.n_distinct or 0
        n_rows = self.facts.n_rows - (column.n_missing or 0)
        is_name = column.kind in ("text", "whole number") and not column.reason
        return is_name and n >= least and n_rows >= n * _LEAST_ROWS

    @property
    def sites(self) -> tuple[str, ...]:
        """The columns of which each value may be a task of its own."""
        if self.facts.family != "table":
            return ()
        names = (column.name for column in self.facts.columns if self._may_split(column))
        return tuple(name for name in names if name not in self.targets)

    def _may_split(self, column: ColumnFacts) -> bool:
        return BY_COLUMN in self.known and self._has_groups(column, least=2)

    @property
    def is_few_shot(self) -> bool:
        """Whether the file is learned as many small tasks."""
        return bool(self.group) and (self.group_as == "few-shot" or not self.has_columns)

    @property
    def family(self) -> str:
        """The family that takes the file as it is to be learned."""
        few_shot = {"table": "few-shot-table", "pictures": "few-shot-pictures"}
        return few_shot[self.facts.family] if self.is_few_shot else self.facts.family

    # what each column is for

    def use_of(self, name: str) -> Use:
        """What a column is for now."""
        if name in self.targets:
            return self.targets[name]
        if name in self.inputs:
            return "input"
        if self.has_columns and name == self.group:
            return "group"
        one: Mapping[str, Use] = {self.weight: "weight", self.split: "split"}
        return one.get(name, "leave out")

    def uses_of(self, column: ColumnFacts) -> tuple[Use, ...]:
        """What it may be for."""
        if column.reason or not self.has_columns:
            return ("leave out",)
        is_number = column.kind in _NUMERIC
        uses: list[Use] = ["classes"] if self.facts.has_table_beside else ["input", "classes"]
        if is_number and column.type not in ("category", "ordered"):
            uses.append("values")
        may_group = self._may_group(column) or self._may_split(column)
        if self.facts.family == "table" and (may_group or self.group == column.name):
            uses.append("group")
        if "weight" in self.known and is_number:
            uses.append("weight")
        if "split" in self.known and column.kind == "text":
            uses.append("split")
        return (*uses, "leave out")

    def set_use(self, name: str, use: Use) -> None:
        """Say what a column is for; what cannot be beside it gives way."""
        self._asked.pop(name, None)
        self._asked[name] = use
        was_alone = {"group": self.group, "weight": self.weight, "split": self.split}.get(use, name)
        if was_alone and was_alone != name and self.has_columns:
            self.inputs |= set[str]() if self.facts.has_table_beside else {was_alone}
            self._asked.pop(was_alone, None)
        self._forget(name)
        match use:
            case "input":
                if self.facts.family == "arrays":  # an array file has one input
                    self.inputs.clear()
                self.inputs.add(name)
            case "classes" | "values":
                if self.is_few_shot and self.has_columns:  # a small task has one answer
                    self.targets.clear()
                self.targets[name] = use
            case "group":
                self.group = name
                if self.has_columns and not self._may_group(self.column(name)):
                    self.group_as = BY_COLUMN
                for other in list(self.targets)[:-1] if self.family == "few-shot-table" else ():
                    del self.targets[other]
            case "weight":
                self.weight = name
            case "split":
                self.split = name
            case "leave out":
                pass

    def _forget(self, name: str) -> None:
        self.inputs.discard(name)
        self.targets.pop(name, None)
        self.group = "" if self.group == name else self.group
        self.weight = "" if self.weight == name else self.weight
        self.split = "" if self.split == name else self.split

    def set_group(self, name: str, group_as: Literal["few-shot", "by-column"] = "few-shot") -> None:
        """Let each value of a column be a small task, or one of its own; or each few classes."""
        if name:
            self.group_as = group_as
            self.set_use(name, "group")
        elif self.group:
            self.set_use(self.group, "input" if self.has_columns else "leave out")

    def set_input(self, name: str, *, is_on: bool) -> None:
        """Learn from a column, or not; an array file has one input."""
        if is_on or name in self.inputs:
            self.set_use(name, "input" if is_on else "leave out")

    def set_target(self, name: str, *, is_on: bool) -> None:
        """Predict a column, or not, as what it seems to be."""
        if is_on or name in self.targets:
            self.set_use(name, self.column(name).target if is_on else "leave out")

    def set_type(self, name: str, type_: str) -> None:
        """Have a column taken for something else; empty: for what it looks like."""
        self.types.pop(name, None)
        if type_:
            self.types[name] = type_

    # what comes of it

    @property
    def read_settings(self) -> dict[str, Any]:
        """The settings by which the file is read, with what columns are taken for."""
        return {**self.settings, "types": dict(self.types)} if self.types else dict(self.settings)

    @property
    def n_tasks(self) -> int:
        """How many tasks this makes."""
        if not self.has_columns:
            return 1
        if self.is_few_shot:
            return min(len(self.targets), 1)
        n = len(self.targets)
        if self.has_labels and (labels := labels_of(self)):
            n += 1 - len(labels)
        return n * (self.column(self.group).n_distinct or 1) if self.group else n

    @property
    def lacks(self) -> Literal["", "columns", "targets", "inputs", "labels"]:
        """What is still to be chosen, or to be mended."""
        if self.facts.problem:
            return "columns"
        if self.facts.kind in ONE_ARRAY:
            return "" if self.labels else "labels"
        if not self.has_columns:
            return ""
        if not (self.targets and (self.inputs or self.facts.has_table_beside)):
            return "inputs" if self.targets else "targets"
        return ""

    def entries(self) -> tuple[TaskChoice, ...]:
        """The entries of the setup."""
        return entries_of(self)

    def task(self) -> TaskChoice:
        """The first of them."""
        return self.entries()[0]
