"""Starts: the checkpoints of runs that others may begin from, and what a run took of another.

kept/       checkpoints that stay, at the ends of stages, beside the newest in checkpoint/
start/      in a run that went on from another: the checkpoint it began from, and the other's
spec.yaml. The run needs the other no more: it can be resumed, and made again.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from workbench.spec import preset
from workbench.spec.experiment import Spec, Start
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


def taken(folder: Path) -> tuple[Path, Spec] | None:
    """The checkpoint that the run in a folder began from, and the setup of the run that saved it.

    None where it began from nothing. Raises PresetError.
    """
    paths = [path for _, path in _in(folder / START)]
    return (paths[0], preset.load(folder / START / SPEC)) if paths else None


def take(start: Start, folder: Path) -> None:
    """Copy what a run begins from into its folder. Raises NoStartError and OSError."""
    checkpoint, spec = _found(start, folder)
    partial = folder / f".{START}"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir()
    shutil.copytree(checkpoint, partial / checkpoint.name)
    shutil.copyfile(spec, partial / SPEC)
    partial.rename(folder / START)


def _found(start: Start, folder: Path) -> tuple[Path, Path]:
    """The checkpoint and the preset of the run that saved it."""
    index = Index()
    try:
        run = Path(index.find(start.run).path)
    except UnknownRunError as error:
        message = str(error)
    else:
        at = [path for step, path in _checkpoints(run) if step == start.step]
        if at:
            return at[0], run / SPEC
        known = ", ".join(f"{step:,}" for step in steps(run))
        has = f"it was at {known}" if known else "it has no checkpoint"
        message = f"{run.name} was not saved at step {start.step:,}; {has}"
    for row in index.rows():  # who else began there has a copy
        other = Path(row.path)
        if other != folder and _began_from(other, start):
            return _copy_in(other)
    raise NoStartError(message)


def _began_from(folder: Path, start: Start) -> bool:
    """Whether the run in a folder began from the same checkpoint, and has its copy."""
    if not (folder / START / SPEC).is_file():
        return False
    try:
        return preset.load(folder / SPEC).start == start
    except (preset.PresetError, OSError):
        return False


def _copy_in(folder: Path) -> tuple[Path, Path]:
    (_, checkpoint), *_ = _in(folder / START)
    return checkpoint, folder / START / SPEC


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
