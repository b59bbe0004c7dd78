"""Flat settings: all that a spec says, by dotted path, for columns, filters and groups."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from workbench.spec.experiment import Spec

Value = str | int | float | bool

#: What a line of the history says itself.
_ASIDE = ("version", "name", "about", "seeds")

#: More of a text than this is no setting that one would read in a column.
_LONGEST = 200


def flat_settings(spec: Spec) -> dict[str, Value]:
    """Values by dotted path, as `--set` names them; those that are not given are left out.

    A list of plain values is a text, `128, 128`. `tasks` names the families and `interventions`
    says how many there are; each task's settings are under its place, `tasks.0.weight`.
    """
    data = spec.model_dump(mode="json")
    for name in _ASIDE:
        del data[name]
    changes = data.pop("interventions")
    settings = dict(_leaves(data, ""))
    settings["tasks"] = ", ".join(dict.fromkeys(choice.family for choice in spec.tasks))
    if changes:
        settings["interventions"] = len(changes)
    return settings


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Value]]:
    if isinstance(value, Mapping):
        for key, item in cast("Mapping[str, Any]", value).items():
            yield from _leaves(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        items = cast("list[Any]", value)
        if any(isinstance(item, Mapping) for item in items):
            for i, item in enumerate(items):
                yield from _leaves(item, f"{path}.{i}")
        elif items:
            yield path, ", ".join(map(str, items))[:_LONGEST]
    elif isinstance(value, str):
        yield path, value[:_LONGEST]
    elif value is not None:
        yield path, value
