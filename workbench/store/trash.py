"""Trash: deleted runs, in a folder of the home from which they can come back.

A run is moved by one rename, which needs no room on a full disk and is never half done; runs of
another disk are not taken. Where a run of the home's own belongs follows from its name; where it
does not, a file beside them says it.
"""

import contextlib
import errno
import json
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from workbench.spec.files import words_of
from workbench.store import elsewhere
from workbench.store.append import AppendFile
from workbench.store.claim import NAME as CLAIM
from workbench.store.claim import Claim, ClaimedError, is_claimed

NAME = "trash"

#: Where runs of other places were, a line each: the name in the trash, and the folder.
ORIGINS = "origins.jsonl"

#: What parts a run's name from a number, where one of that name is in the trash already.
_AGAIN = "~"


class TrashError(OSError):
    """A run that cannot be deleted or brought back, and why."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """A run in the trash: where it is, where it was, and when it was deleted, in UTC."""

    path: str
    origin: str
    when: str


def delete(home: Path, folder: Path) -> Deleted:
    """Move a run into the trash. Raises TrashError: one that is recorded stays where it is."""
    try:
        claim = _claimed(folder)
    except ClaimedError:
        raise TrashError(f"{folder.name} is being recorded: stop it first") from None
    try:
        if sys.platform == "win32" and claim is not None:  # what is open there cannot be moved
            claim.release()
        place = _move_in(home, folder.absolute())
    except OSError as error:
        raise TrashError(_refused(folder, error)) from None
    finally:
        if claim is not None:
            claim.release()
    (place / CLAIM).unlink(missing_ok=True)
    return _deleted(place, str(folder.absolute()))


def _claimed(folder: Path) -> Claim | None:
    """The right to the run while it is moved; None where no file can be made. Raises ClaimedError.

    On a full disk a run must be deletable most of all.
    """
    try:
        return Claim(folder)
    except OSError:
        if is_claimed(folder):
            raise ClaimedError from None
        return None


def _refused(folder: Path, error: OSError) -> str:
    if error.errno == errno.EXDEV:
        return f"{folder} lies on another disk than the trash: delete the folder itself"
    if not folder.is_dir():
        return f"there is no run in {folder} any more"
    return f"{folder.name} could not be moved to the trash: {words_of(error, folder)}"


def _move_in(home: Path, folder: Path) -> Path:
    trash = home / NAME
    trash.mkdir(exist_ok=True)
    place = _free(trash, folder.name)
    is_plain = place.name == folder.name and elsewhere.is_inside(home, folder)
    if not is_plain or place.name in _origins(trash):
        line = json.dumps({"name": place.name, "folder": str(folder)})
        file = AppendFile(trash / ORIGINS)
        try:
            file.append(b"\n" + line.encode() + b"\n")
            file.sync()  # before the run is moved: it must not forget where it was
        finally:
            file.close()
    folder.rename(place)
    return place


def _free(trash: Path, name: str) -> Path:
    place, number = trash / name, 2
    while os.path.lexists(place):
        place, number = trash / f"{name}{_AGAIN}{number}", number + 1
    return place


def contents(home: Path) -> list[Deleted]:
    """The runs in the trash, the last deleted first. Raises OSError."""
    trash = home / NAME
    origins = _origins(trash)
    deleted: list[Deleted] = []
    with contextlib.suppress(FileNotFoundError), os.scandir(trash) as entries:
        for entry in entries:
            if entry.is_symlink() or entry.is_dir():
                origin = origins.get(entry.name, str(home / "runs" / entry.name))
                deleted.append(_deleted(Path(entry.path), origin))
    return sorted(deleted, key=lambda one: (one.when, one.path), reverse=True)


def _origins(trash: Path) -> dict[str, str]:
    origins: dict[str, str] = {}
    try:
        content = (trash / ORIGINS).read_bytes()
    except OSError:
        return origins
    for line in content.split(b"\n"):
        with contextlib.suppress(ValueError, RecursionError):
            data: object = json.loads(line)
            known = cast("dict[str, object]", data) if isinstance(data, dict) else {}
            name, folder = known.get("name"), known.get("folder")
            if isinstance(name, str) and isinstance(folder, str) and "\0" not in folder:
                origins[name] = folder
    return origins


def _deleted(place: Path, origin: str) -> Deleted:
    # a rename changes the time at which the folder itself was changed, and nothing else does
    when = ""
    with contextlib.suppress(OSError):
        changed = place.lstat().st_ctime
        when = datetime.fromtimestamp(changed, UTC).isoformat(timespec="seconds")
    return Deleted(str(place), origin, when)


def restore(deleted: Deleted) -> None:
    """Put a run back where it was. Raises TrashError, also where another has its place by now."""
    origin = Path(deleted.origin)
    if os.path.lexists(origin):
        raise TrashError(f"{origin} is there again: rename that first")
    try:
        origin.parent.mkdir(parents=True, exist_ok=True)
        Path(deleted.path).rename(origin)
    except OSError as error:
        raise TrashError(f"{origin.name} could not be brought back: {words_of(error)}") from None


def empty(home: Path, chosen: Sequence[Deleted] | None = None) -> int:
    """Delete what is in the trash, or only these, for good; returns how many. Raises OSError."""
    chosen = contents(home) if chosen is None else chosen
    for one in chosen:
        path = Path(one.path)
        if path.is_symlink():  # what it leads to is not the home's
            path.unlink()
        else:
            shutil.rmtree(path)
    if not contents(home):
        with contextlib.suppress(FileNotFoundError):
            (home / NAME / ORIGINS).unlink()
    return len(chosen)
