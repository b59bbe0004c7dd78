"""Starts: the checkpoints of runs that others may begin from, and what a run took of another.

kept/       checkpoints that stay, at the ends of stages, beside the newest in checkpoint/
start/      in a run that went on from another or from its trunk: the checkpoint it began from, with
spec.yaml and model.json of the other. The run needs the other no more: it can be resumed, and made
again.
"""

import contextlib
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.spec import preset
from workbench.spec.experiment import TrunkStart
from workbench.spec.experiments.forks import Origin
from workbench.spec.experiments.start import AnyStart
from workbench.spec.trained.description import FILE as DESCRIPTION
from workbench.spec.trained.description import read_description
from workbench.store.errors import UnknownRunError
from workbench.store.index import Index
from workbench.store.stored_run import CHECKPOINT, SPEC

KEPT, START = "kept", "start"

#: How the engine names checkpoints: the step, and a number.
_NAME = re.compile(r"(\d+)-(\d+)")


class NoStartError(Exception):
    """There is no such checkpoint to begin from; the message says what there is."""


def steps(folder: Path) -> tuple[int, ...]:
    """The steps of a run at which another can begin, the first one first."""
    return tuple(sorted({step for step, _ in _checkpoints(folder)}))


def taken(folder: Path) -> Origin | None:
    """What the run in a folder began from; None where that was nothing.

    Raises PresetError and OSError.
    """
    paths = [path for _, path in _in(folder / START)]
    return _origin(paths[0], folder / START) if paths else None


def origin_of(start: AnyStart) -> Origin:
    """What a run that begins there would begin from. Raises NoStartError, PresetError and OSError.

    Nothing is copied: the other run is looked at where it lies.
    """
    return _origin(*_found(start, None))


def _origin(checkpoint: Path, folder: Path) -> Origin:
    return Origin(checkpoint, preset.load(folder / SPEC), read_description(folder))


def parent(folder: Path) -> dict[str, Any]:
    """What the run in a folder began from, as JSON data: step and sums. Empty: from nothing."""
    for step, path in _in(folder / START):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            sums: Any = json.loads((path / "sums.json").read_bytes())
            return {"parent": {"step": step, "model": sums["model.safetensors"]["sha256"]}}
        return {"parent": {"step": step}}
    return {}


def take(start: AnyStart, folder: Path) -> None:
    """Copy what a run begins from into its folder. Raises NoStartError and OSError."""
    checkpoint, other = _found(start, folder)
    partial = folder / f".{START}"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    shutil.copytree(checkpoint, partial / checkpoint.name)
    shutil.copyfile(other / SPEC, partial / SPEC)
    if (other / DESCRIPTION).exists():
        shutil.copyfile(other / DESCRIPTION, partial / DESCRIPTION)
    partial.rename(folder / START)


def _found(start: AnyStart, folder: Path | None) -> tuple[Path, Path]:
    """The checkpoint, and the folder with preset and description of the run that saved it.

    `folder` is that of the run which begins there, where there is one already.
    """
    name = start.trunk_of if isinstance(start, TrunkStart) else start.run
    index = Index()
    try:
        run = Path(index.find(name).path)
    except UnknownRunError as error:
        message = str(error)
    else:
        known = [*_checkpoints(run)]
        wanted = max((step for step, _ in known), default=0) if start.step is None else start.step
        at = [path for step, path in known if step == wanted]
        if at:
            return at[0], run
        told = ", ".join(f"{step:,}" for step in steps(run))
        has = f"it was at {told}" if told else "it has no checkpoint"
        message = f"{run.name} was not saved at step {wanted:,}; {has}"
    for row in index.rows():  # who else began there has a copy
        other = Path(row.path)
        if other != folder and _began_from(other, start):
            (_, checkpoint), *_ = _in(other / START)
            return checkpoint, other / START
    raise NoStartError(message)


def _began_from(folder: Path, start: AnyStart) -> bool:
    """Whether the run in a folder began from the same checkpoint, and has its copy."""
    if not (folder / START / SPEC).is_file():
        return False
    try:
        other = preset.load(folder / SPEC).start
    except (preset.PresetError, OSError):
        return False
    return other is not None and _checkpoint_named(other) == _checkpoint_named(start)


def _checkpoint_named(start: AnyStart) -> tuple[str, int | None]:
    """Which run, and where it was saved."""
    return (start.trunk_of if isinstance(start, TrunkStart) else start.run, start.step)


def _checkpoints(folder: Path) -> Iterator[tuple[int, Path]]:
    """Step and place of each; those that are kept come first, for a longer run can begin there."""
    yield from _in(folder / KEPT)
    yield from _in(folder / CHECKPOINT)


def _in(folder: Path) -> list[tuple[int, Path]]:
    """Step and place of the checkpoints in a folder, of several at one step the newest first."""
    if not folder.is_dir():
        return []
    named = [(match, path) for path in folder.iterdir() if (match := _NAME.fullmatch(path.name))]
    paths = [(int(match[1]), -int(match[2]), path) for match, path in named]
    return [(step, path) for step, _, path in sorted(paths)]
