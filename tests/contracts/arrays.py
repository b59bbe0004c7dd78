"""The covering arrays of methods: one of plain descent, one of the learners that adapt.

Families whose tasks are of the same make are one kind in them, and take turns: to an update, wine
is what iris is. With every learner that adapts stands every other choice, but not every two of the
other choices. Where WORKBENCH_FUZZ asks for more, every family counts by itself, and every two
choices stand together in both arrays.
"""

from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
import torch

from tests.contracts.covering import ROLES, Covering
from tests.contracts.faces import ENTRIES, FAMILIES, made_at, small_settings
from tests.fuzz import scaled
from workbench.spec.entry import Entry
from workbench.spec.experiment import DEFAULTS

#: What the learners of an array give.
PLAIN, ADAPTING = "single-update", "adapts"
both_arrays = pytest.mark.parametrize("learners", [PLAIN, ADAPTING])

#: What has no part in an update: where names come from, and what the encoder may be.
_BESIDE_THE_POINT = {"varying-tasks", "pictures"}


def array_of(learners: str) -> Covering:
    """The array of the learners that give this."""
    entries = [
        entry
        for entry in ENTRIES
        if entry.role in ROLES and (entry.role != "learner" or learners in entry.gives)
    ]
    learner = next(e.key for e in entries if e.role == "learner" and not e.needs)
    defaults = {**DEFAULTS, "tasks": "digits-split", "learner": learner}
    if scaled(1) > 1:
        return Covering(entries, defaults)
    return Covering(entries, defaults, kind_of, beside="learner" if learners == ADAPTING else "")


def kind_of(entry: Entry) -> str:
    """A family's kind; of everything else its key."""
    return _make_of(entry.key) if entry.role == "tasks" else entry.key


@cache
def _make_of(key: str) -> str:
    family = next(entry for entry in FAMILIES if entry.key == key)
    with in_single_precision():
        tasks = made_at(family, tiny_settings(family))[:3]
    inputs = [id(x) for task in tasks for x in task.data["train"].inputs.values()]
    heads = {task.head or task.name for task in tasks}
    facts = (
        *family.needs,
        *sorted({*family.gives} - _BESIDE_THE_POINT),
        *sorted({type(kind).__name__ for task in tasks for kind in task.inputs.values()}),
        *sorted({type(task.output).__name__ for task in tasks}),
        "one input" if len({*inputs}) < len(inputs) else "inputs",
        "one head" if len(heads) < len(tasks) else "heads",
    )
    return " ".join(facts)


def tiny_settings(family: Entry) -> dict[str, Any]:
    """Settings of a family for a run of a few steps: small tasks have few rows and classes."""
    tiny: dict[str, Any] = {}
    if "episodes" in family.gives:
        tiny = {"train_tasks": 24, "val_tasks": 4, "test_tasks": 4, "shots": 3, "queries": 3}
        if "ways" in family.settings["properties"]:
            tiny["ways"] = 3
    return {**small_settings(family), **tiny}


@contextmanager
def in_single_precision() -> Generator[None]:
    """Families are made in it, whatever their tasks are then trained in."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float32)
    yield
    torch.set_default_dtype(before)
