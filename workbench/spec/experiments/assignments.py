"""Assignments: what makes one setup into another, as `--set` takes it, and names by it."""

from collections.abc import Callable, Sequence
from typing import Any

import yaml

from workbench.spec.experiment import Spec

#: Keys that do not change what a run does, or have an option of their own.
_LEFT_OUT = ("version", "name", "about", "seeds", "device")
#: As many changes, and as long ones, stand in a name.
_MOST_NAMED, _LONGEST = 3, 40


def assignments(old: Spec, new: Spec) -> list[str]:
    """`a.b=value` changes that make `old` into `new`, but for its name, seeds and device."""
    before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
    for key in _LEFT_OUT:
        before.pop(key)
        after.pop(key)
    short = new.model_dump(mode="json", exclude_defaults=True)
    changes = _changes(before, after, ())
    return [f"{'.'.join(path)}={_flow(_short(path, value, short))}" for path, value in changes]


def _short(path: tuple[str, ...], value: Any, short: Any) -> Any:
    """A list that replaces another, without what its items have by default."""
    if not isinstance(value, list):
        return value
    for key in path:
        if not isinstance(short, dict) or key not in short:
            return value
        short = short[key]
    return short


def _changes(old: Any, new: Any, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Any]]:
    if old == new:
        return []
    if isinstance(old, dict) and isinstance(new, dict) and set(old) <= set(new):
        if old.get("kind") != new.get("kind") and len(path) == 1:
            return [(path, new)] if len(new) > 1 else [((*path, "kind"), new["kind"])]
        pairs = ((key, old.get(key), value) for key, value in new.items())
        return [c for key, was, now in pairs for c in _changes(was, now, (*path, key))]
    if _are_alike(old, new):
        triples = ((str(i), a, b) for i, (a, b) in enumerate(zip(old, new, strict=True)))
        return [c for key, was, now in triples for c in _changes(was, now, (*path, key))]
    return [(path, new)]


def _are_alike(old: Any, new: Any) -> bool:
    """Whether both are lists of maps of one length, to be compared item by item."""
    if not (isinstance(old, list) and isinstance(new, list) and len(old) == len(new)):
        return False
    return all(isinstance(item, dict) for item in (*old, *new))


def _flow(value: Any) -> str:
    if isinstance(value, str) and value.isidentifier() and value not in ("true", "false", "null"):
        return value
    if isinstance(value, float):
        return repr(value)
    text = yaml.safe_dump(value, default_flow_style=True, width=100_000, sort_keys=False)
    return text.removesuffix("\n").removesuffix("\n...").strip()


def distinct_names(
    specs: Sequence[Spec | None],
    names: Sequence[str],
    changes_of: Callable[[Spec, Spec], Sequence[str]] = assignments,
) -> list[str]:
    """The names of setups; one that another has before gets what sets the two apart.

    `specs` are None where they cannot be read. What differs in nothing that can be told, as runs
    of two versions do, gets a number. Who asks again and again may keep what `changes_of` gave.
    """
    first: dict[str, Spec | None] = {}
    distinct: list[str] = []
    taken: set[str] = set()
    for spec, name in zip(specs, names, strict=True):
        full_name = name
        if name in first:
            before = first[name]
            changes = changes_of(before, spec) if before is not None and spec is not None else []
            full_name = f"{name} ({_few(changes)})" if changes else name
        first.setdefault(name, spec)
        number, free = 2, full_name
        while free in taken:
            free, number = f"{full_name} ({number})", number + 1
        distinct.append(free)
        taken.add(free)
    return distinct


def _few(changes: Sequence[str]) -> str:
    shown = [text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…" for text in changes]
    more = len(shown) - _MOST_NAMED
    return ", ".join(shown[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
