"""Data families: what the catalogue says of those that take files of the user's (Qt-free)."""

from collections.abc import Mapping
from typing import Any

from workbench.spec.entry import Catalogue
from workbench.spec.experiment import TaskChoice
from workbench.spec.user_files.file_facts import FileFacts
from workbench.ui.dialogs.data_choice import DataChoice
from workbench.ui.dialogs.data_tasks import BY_COLUMN
from workbench.ui.dialogs.texts.text_choice import TextChoice

#: What columns may be for where the family has a setting for it.
_USES = {"weight": "row_weight", "split": "split", "labels": "labels"}


def settings_of(catalogue: Catalogue, family: str) -> Mapping[str, Any]:
    """The schemas of a family's settings; none where there is no such family."""
    entry = catalogue.get(("tasks", family))
    return entry.settings.get("properties", {}) if entry is not None else {}


def known_of(catalogue: Catalogue, facts: FileFacts) -> frozenset[str]:
    """What the family of a file has settings for, and what else there is for tables."""
    settings = settings_of(catalogue, facts.family)
    known = {use for use, name in _USES.items() if name in settings}
    known |= {"class_weights"} & set(TaskChoice.model_fields)
    return frozenset(known | ({BY_COLUMN} if ("tasks", BY_COLUMN) in catalogue else set[str]()))


def shares_of(catalogue: Catalogue, choice: DataChoice | TextChoice) -> dict[str, float]:
    """The shares of the rows that are validated and tested on, by their setting."""
    known = settings_of(catalogue, choice.family)
    defaults = {name: known.get(name, {}).get("default") for name in ("val", "test")}
    shares = {name: choice.settings.get(name, value) for name, value in defaults.items()}
    return {name: float(value) for name, value in shares.items() if value is not None}
