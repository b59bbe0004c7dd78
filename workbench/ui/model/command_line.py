"""The command line that does what the window would do (Qt-free)."""

import shlex
from pathlib import Path

from workbench.spec.experiment import Spec
from workbench.spec.experiments.assignments import assignments
from workbench.spec.files import gallery


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
