"""Conditions: on what a run was made, then and now: what may be why figures differ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

#: What says when a run was made, and nothing of how its figures came about.
_ASIDE = ("started",)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that is another now: what was recorded, and what is now; None: not told."""

    name: str
    recorded: Any
    now: Any


def changed(recorded: Mapping[str, Any], now: Mapping[str, Any]) -> list[Condition]:
    """The conditions that differ between two `environment.json`.

    What an earlier version did not record is no difference.
    """
    before, after = dict(_flat(recorded, "")), dict(_flat(now, ""))
    tops = {name.split(".")[0] for name in before} - set(_ASIDE)
    names = [name for name in {**before, **after} if name.split(".")[0] in tops]
    conditions = (Condition(name, before.get(name), after.get(name)) for name in names)
    return [each for each in conditions if each.recorded != each.now]


def _flat(facts: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    for key, value in facts.items():
        name = f"{path}.{key}" if path else str(key)
        if isinstance(value, dict):
            yield from _flat(cast("dict[str, Any]", value), name)
        else:
            yield name, value
