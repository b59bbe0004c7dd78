"""The command line that does what the window would do (Qt-free)."""

import shlex
from pathlib import Path
from typing import Any

import yaml

from workbench.spec.experiment import Spec
from workbench.spec.files import gallery

#: Keys that do not change what a run does, or have an option of their own.
_LEFT_OUT = ("version", "name", "about", "seeds", "device")


def command_line(spec: Spec, path: Path | None, saved: Spec | None) -> str:
    """`workbench run …` for `spec`, as changes to the preset at `path`; empty without a path."""
    if path is None or saved is None:
        return ""
    parts = ["workbench", "run", _preset_name(path)]
    if spec.seeds != saved.seeds:
        parts += ["--seeds", _seeds_text(spec.seeds)]
    if spec.device != saved.device:
        parts += ["--device", spec.device]
    for assignment in assignments(saved, spec):
        parts += ["--set", assignment]
    return shlex.join(parts)


def assignments(old: Spec, new: Spec) -> list[str]:
    """`a.b=value` changes that make `old` into `new`, but for its name, seeds and device."""
    before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
    for key in _LEFT_OUT:
        before.pop(key)
        after.pop(key)
    return [f"{'.'.join(path)}={_flow(value)}" for path, value in _changes(before, after, ())]


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


def _preset_name(path: Path) -> str:
    return path.stem if path in gallery() else str(path)


def _seeds_text(seeds: tuple[int, ...]) -> str:
    if len(seeds) > 2 and seeds == tuple(range(seeds[0], seeds[-1] + 1)):
        return f"{seeds[0]}..{seeds[-1]}"
    return ",".join(str(seed) for seed in seeds)


def seeds_of(text: str) -> tuple[int, ...]:
    """Seeds from `0,1,2` or `0..4`. Raises ValueError with what is wanted."""
    seeds: list[int] = []
    try:
        for part in text.replace(" ", "").split(","):
            first, dots, last = part.partition("..")
            seeds += range(int(first), int(last) + 1) if dots else [int(first)]
    except ValueError:
        raise ValueError(f"seeds are whole numbers such as 0,1,2 or 0..4; found '{text}'") from None
    if not seeds:
        raise ValueError("at least one seed is needed")
    if len(set(seeds)) != len(seeds):
        raise ValueError(f"a seed is given twice in '{text}'")
    return tuple(seeds)


def seeds_text(seeds: tuple[int, ...]) -> str:
    """Seeds as `seeds_of` reads them."""
    return _seeds_text(seeds)
