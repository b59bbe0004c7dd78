"""Files: safe writes, and where the program's own files and its data are."""

import contextlib
import os
import tempfile
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).parent.parent


def write_whole(path: Path, data: bytes, *, makes_folder: bool = True) -> None:
    """Write a file so that at any moment it is the old one or the new one, whole.

    Raises OSError (such as a full disk) and leaves the old file as it was. Its folder is made
    where it is not there, unless that would bring back what somebody took away.
    """
    if makes_folder:
        path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        _fill(handle, data)
        umask = os.umask(0)
        os.umask(umask)
        Path(name).chmod(0o666 & ~umask)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    sync_folder(path.parent)


def write_new(path: Path, data: bytes | memoryview) -> None:
    """Write a file that is not there yet, on to the disk itself. Raises OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    _fill(os.open(path, flags, 0o666), data)


def _fill(handle: int, data: bytes | memoryview) -> None:
    """Write everything to an open file, have it on the disk, and close it. Raises OSError."""
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def words_of(error: OSError, place: Path | str = "") -> str:
    """What the system refused, in words: where, and why; `place` is where it does not say."""
    where = error.filename or place
    reason = error.strerror or str(error)
    return f"{where}: {reason}" if where else reason


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut, where the platform can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def shipped(name: str) -> Path:
    """The folder `name` ("presets", "resources", "docs") that came with the program.

    It is inside the installed package, or beside it in a source checkout.
    """
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def changelog() -> Path:
    """What changed from version to version: packaged among the documents, or in a checkout."""
    packaged = shipped("docs") / "CHANGELOG.md"
    return packaged if packaged.is_file() else _PACKAGE.parent / "CHANGELOG.md"


def gallery() -> list[Path]:
    """The presets that came with the program, in the order of `gallery_sections`."""
    return [path for _, paths in gallery_sections() for path in paths]


def gallery_sections() -> list[tuple[str, list[Path]]]:
    """The presets that came with the program, by section, as `presets/order.txt` has them.

    There a line "# name" begins a section, and every other line names a preset. Presets that it
    does not name come last, in a section without a name.
    """
    folder = shipped("presets")
    listed = folder / "order.txt"
    lines = listed.read_text(encoding="utf-8").splitlines() if listed.is_file() else []
    unlisted = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
    sections: dict[str, list[Path]] = {}
    name = ""
    for line in (line.strip() for line in lines):
        if line.startswith("#"):
            name = line.removeprefix("#").strip()
        elif line in unlisted:
            sections.setdefault(name, []).append(unlisted.pop(line))
    if unlisted:
        sections.setdefault("", []).extend(unlisted.values())
    return list(sections.items())


def home() -> Path:
    """`WORKBENCH_HOME`, or the platform's folder for a program's data."""
    chosen = os.environ.get("WORKBENCH_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    return Path(platformdirs.user_data_dir("workbench", appauthor=False))
