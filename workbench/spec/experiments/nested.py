"""Nested: a task family that makes its tasks out of another's, which its setting `of` names.

`of` is a map of a family, of one of its tasks where that is meant, and of the family's settings;
or a list of such maps. One may be inside another.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from workbench.spec.entry import Catalogue, Entry
from workbench.spec.experiment import TaskChoice

#: The setting that names the family whose tasks are made into others.
OF = "of"
#: What a nested family says beside its settings.
OWN = ("family", "task")
#: Families within each other at most.
DEEPEST = 8

#: Facts of a family that those of it are made into give no more: names vary, and points of a plane
#: may be others.
_LOST = {"varying-tasks", "plane", "episodes", "no-input"}


def nested(settings: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Place below the settings, such as `of` or `of.1`, and data of each family within."""
    value = settings.get(OF)
    if isinstance(value, dict):
        yield OF, cast("dict[str, Any]", value)
    elif isinstance(value, list):
        for i, item in enumerate(cast("list[Any]", value)):
            if isinstance(item, dict):
                yield f"{OF}.{i}", cast("dict[str, Any]", item)


def choice_of(data: Mapping[str, Any]) -> TaskChoice:
    """The family within as a choice of tasks of its own. Its keys are known to be right."""
    return TaskChoice.model_validate(dict(data))


def settings_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a nested family says of its settings."""
    return {key: value for key, value in data.items() if key not in OWN}


def with_nested(
    settings: Mapping[str, Any], change: Callable[[dict[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    """The settings, with the data of every family within changed, the innermost first."""
    value = settings.get(OF)

    def changed(item: Any) -> Any:
        if not isinstance(item, dict):
            return item
        return change(with_nested(cast("dict[str, Any]", item), change))

    if isinstance(value, dict):
        return {**settings, OF: changed(value)}
    if isinstance(value, list):
        return {**settings, OF: [changed(item) for item in cast("list[Any]", value)]}
    return dict(settings)


def is_maker(entry: Entry) -> bool:
    """Whether a family makes its tasks out of another's."""
    return OF in entry.settings.get("properties", {})


def with_source(entry: Entry, settings: Mapping[str, Any], catalogue: Catalogue) -> Entry:
    """The entry of a family at these settings, with what those within it need and give."""
    if not is_maker(entry):
        return entry
    needs, gives = list(entry.needs), set[str]()
    for i, (_, data) in enumerate(nested(entry.values(settings))):
        inner = catalogue.get(("tasks", str(data.get("family"))))
        if inner is None or inner.broken:
            return entry
        whole = with_source(inner, settings_of(data), catalogue)
        needs += [need for need in whole.needs if need not in needs]
        gives = {*whole.gives} if i == 0 else gives & {*whole.gives}
    kept = sorted(gives - _LOST - {*entry.gives})
    return replace(entry, needs=tuple(needs), gives=(*entry.gives, *kept))
