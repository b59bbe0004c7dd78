"""Sources: the user's own files that a task choice names, where they are and whether they changed.

A preset names them relative to its own folder where it can, and in a Spec they are absolute, so
that an experiment is the same whichever process runs it and wherever it is recorded.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any

from workbench.spec.documents.document import Problem
from workbench.spec.experiment import Spec, TaskChoice
from workbench.spec.experiments.nested import OF, nested, with_nested
from workbench.spec.work import finished

#: Settings of a task family that name a file or folder, with the setting of its hash.
FILES: Mapping[str, str] = {"file": "sha256", "labels": "labels_sha256"}

_BLOCK = 1 << 20


def with_absolute_files(spec: Spec, folder: Path | None) -> Spec:
    """The same Spec, with files that are named relative to `folder` named from the root."""
    if folder is None:
        return spec
    base = folder.absolute()
    return _with_files(spec, lambda name: os.path.normpath(base / Path(name).expanduser()))


def with_relative_files(spec: Spec, folder: Path) -> Spec:
    """The same Spec, with files in `folder`, or beside it, named relative to it.

    Others keep their whole name: a way that climbs further would lead elsewhere on another machine.
    """
    base = folder.absolute()

    def relative(name: str) -> str:
        path = Path(name)
        if path.is_absolute() and path.is_relative_to(base.parent) and base != base.parent:
            return Path(os.path.relpath(path, base)).as_posix()
        return name

    return _with_files(spec, relative)


def _with_files(spec: Spec, change: Callable[[str], str]) -> Spec:
    tasks = tuple(_with_file(choice, change) for choice in spec.tasks)
    return spec if tasks == spec.tasks else spec.model_copy(update={"tasks": tasks})


def _with_file(choice: TaskChoice, change: Callable[[str], str]) -> TaskChoice:
    changed = _named_otherwise(choice.settings, change)
    within = with_nested(choice.settings, lambda data: {**data, **_named_otherwise(data, change)})
    if OF in within and within[OF] != choice.settings[OF]:
        changed[OF] = within[OF]
    return choice.model_copy(update=changed) if changed else choice


def _named_otherwise(settings: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """The settings that name a file, with other names of it."""
    paths = {name: settings.get(name) for name in FILES}
    return {name: change(path) for name, path in paths.items() if isinstance(path, str) and path}


def missing(settings: Mapping[str, Any], allowed: Mapping[str, Any], prefix: str) -> list[Problem]:
    """Files that the settings of a family should name but do not, or that are not there.

    `allowed` are the properties of the family's settings; a family without files has no problem.
    """
    problems: list[Problem] = []
    for name in FILES:
        value = settings.get(name)
        if name not in allowed or not isinstance(value, str | None):
            continue
        if not value:
            if name == "file":
                problems.append(Problem(f"{prefix}.{name}", "names no file: choose one"))
        elif reason := lacking(Path(value)):
            problems.append(Problem(f"{prefix}.{name}", reason))
    return problems


def lacking(path: Path) -> str:
    """Why there is no file or folder at `path`; empty where there is one."""
    try:
        what = kind_of_file(path)
    except FileNotFoundError:
        return f"there is no {path}"
    except (OSError, ValueError) as error:  # a name that is too long, or no name at all
        return f"{path} cannot be read: {getattr(error, 'strerror', None) or error}"
    return f"{path} is {what}, not a file" if what and not path.is_dir() else ""


def kind_of_file(path: Path) -> str:
    """What `path` is in words, where it is not a file with an end; empty where it is.

    Raises OSError where there is nothing, and ValueError where the name cannot be one.
    """
    mode = path.stat().st_mode
    kinds = {
        stat.S_IFDIR: "a folder",
        stat.S_IFIFO: "a pipe",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
        stat.S_IFSOCK: "a socket",
    }
    return "" if stat.S_ISREG(mode) else kinds.get(stat.S_IFMT(mode), "something else")


def changed(spec: Spec) -> list[Problem]:
    """Files whose content is not what the spec was written for. Reads them whole, once."""
    return [
        problem
        for i, choice in enumerate(spec.tasks)
        for problem in _changed(choice.settings, f"tasks.{i}")
    ]


def _changed(settings: Mapping[str, Any], prefix: str) -> list[Problem]:
    """The files of a family's settings, and of families within it, that changed."""
    problems: list[Problem] = []
    for name, hash_name in FILES.items():
        path, expected = settings.get(name), settings.get(hash_name)
        if isinstance(path, str) and path and isinstance(expected, str) and expected:
            reason = change_of(Path(path), expected)
            if reason:
                problems.append(Problem(f"{prefix}.{name}", reason))
    for place, data in nested(settings):
        problems += _changed(data, f"{prefix}.{place}")
    return problems


def change_of(path: Path, expected: str) -> str:
    """Why the content of `path` is not the expected one, by its SHA-256; empty where it is."""
    return finished(changing(path, expected))


def changing(path: Path, expected: str) -> Generator[float, None, str]:
    """As `change_of`; yields the share that is read."""
    try:
        actual = yield from digesting(path)
    except (OSError, ValueError) as error:
        return f"{path} cannot be read: {getattr(error, 'strerror', None) or error}"
    if actual == expected.strip().lower():
        return ""
    return (
        f"{path} has changed since this was set up: its SHA-256 begins with {actual[:12]}, "
        f"not {expected.strip().lower()[:12]}; choose the file again to take it as it is"
    )


def digest(path: Path) -> str:
    """SHA-256 of a file's content, or of a folder's names and contents. Raises OSError."""
    return finished(digesting(path))


def digesting(path: Path) -> Generator[float, None, str]:
    """As `digest`; yields the share that is read. Raises OSError, also for a pipe or a device.

    A file that was read before and still has its size and time is not read again.
    """
    if not path.is_dir():
        return (yield from _content(path, 0, path.stat().st_size))
    files = files_in(path)
    total = sum(file.stat().st_size for file in files)
    whole, done = hashlib.sha256(), 0
    for file in files:
        file_hash = yield from _content(file, done, total)
        whole.update(f"{file.relative_to(path).as_posix()}\0{file_hash}\n".encode())
        done += file.stat().st_size
    return whole.hexdigest()


def files_in(folder: Path) -> list[Path]:
    """Every file under a folder, sorted, without the system's own, such as thumbnails."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and path.name not in ("Thumbs.db", "desktop.ini")
    )


#: The digests of files by name, size and time of the last change, so that each is read once.
_known: dict[tuple[str, int, int], str] = {}


def _content(path: Path, before: int, total: int) -> Generator[float, None, str]:
    """The SHA-256 of a file's content; yields the share of `total`, `before` bytes being done."""
    what = kind_of_file(path)
    if what:
        raise OSError(errno.EINVAL, f"it is {what}, not a file", str(path))
    facts = path.stat()
    key = (str(path.absolute()), facts.st_size, facts.st_mtime_ns)
    if key not in _known:
        content, done = hashlib.sha256(), before
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                content.update(block)
                done += len(block)
                yield min(done / max(total, 1), 1.0)
        _known[key] = content.hexdigest()
    else:
        yield min((before + facts.st_size) / max(total, 1), 1.0)
    return _known[key]
