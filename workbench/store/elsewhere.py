"""Elsewhere: the runs that lie outside of the home's folder of runs, a folder a line.

Unlike the index this is no cache: nothing else knows of them. It only grows, and a line that is
damaged hides no other. One that is in the home all the same is named from there: a home may move.
"""

import contextlib
import json
import os
from pathlib import Path

from workbench.store.append import AppendFile

NAME = "elsewhere.jsonl"


def folders(home: Path) -> list[Path]:
    """The folders that were noted, whether they are there or not, each once. Raises OSError."""
    return [home / name for name in _names(home)]


def _names(home: Path) -> dict[str, None]:
    """Their names as they are noted, in order."""
    names: dict[str, None] = {}
    try:
        content = (home / NAME).read_bytes()
    except FileNotFoundError:
        return names
    for line in content.split(b"\n"):
        with contextlib.suppress(ValueError, RecursionError):
            name = json.loads(line)
            if isinstance(name, str) and name and "\0" not in name:
                names[name] = None
    return names


def note(home: Path, folder: Path) -> None:
    """Note the folder of a run, where it is not in the home's own. Raises OSError."""
    folder = folder.absolute()
    if is_inside(home, folder) or _is_scratch(home, folder):
        return
    name = str(folder)
    with contextlib.suppress(ValueError):  # it is not in the home
        name = str(Path(os.path.realpath(folder)).relative_to(os.path.realpath(home)))
    if name in _names(home):
        return
    home.mkdir(parents=True, exist_ok=True)
    file = AppendFile(home / NAME)
    try:
        # On a line of its own, whatever a line that was cut short left before it.
        file.append(b"\n" + json.dumps(name).encode() + b"\n")
    finally:
        file.close()


def is_inside(home: Path, folder: Path) -> bool:
    """Whether a folder is one of the home's own runs, by whichever name it is called."""
    return os.path.realpath(folder.parent) == os.path.realpath(home / "runs")


def _is_scratch(home: Path, folder: Path) -> bool:
    """Whether a run was made to be looked at once (`workbench.store.home`)."""
    return Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(home / "scratch"))
