"""Catalogue cache: what the methods are, known without importing them."""

import contextlib
import hashlib
import importlib.util
import json
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import entry_points
from pathlib import Path

import workbench
from workbench.spec.entry import Catalogue, Entry
from workbench.spec.files import write_whole
from workbench.store.home import home

_GROUP = "workbench.methods"


def fingerprint() -> str:
    """A text that changes whenever the catalogue may: hex digits."""
    digest = hashlib.sha256()
    for text in (workbench.__version__, sys.version, *_entry_points()):
        digest.update(text.encode() + b"\0")
    package = Path(workbench.__file__).parent
    for path in (*_sources(package), *_foreign_sources()):
        content = path.read_bytes()
        name = path.relative_to(package) if path.is_relative_to(package) else path
        digest.update(f"{name.as_posix()} {len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def cached() -> Catalogue | None:
    """The catalogue as last kept; None if there is none, or methods have changed since."""
    try:
        data = json.loads(_path().read_bytes())
        if data["fingerprint"] != fingerprint():
            return None
        return _by_key(Entry.from_json(item) for item in data["entries"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def keep(entries: Iterable[Entry]) -> Catalogue:
    """The entries as a catalogue, kept for the next start where the disk allows."""
    all_entries = list(entries)
    data = {"fingerprint": fingerprint(), "entries": [entry.to_json() for entry in all_entries]}
    # Only a cache: where it cannot be written, the next start asks again.
    with contextlib.suppress(OSError):
        write_whole(_path(), json.dumps(data, ensure_ascii=False).encode())
    return _by_key(all_entries)


def _path() -> Path:
    return home() / "cache" / "catalogue.json"


def _sources(package: Path) -> Iterator[Path]:
    yield from sorted((package / "methods").rglob("*.py"))
    for room in ("roles", "blocks", "build"):
        yield from sorted((package / "engine" / room).rglob("*.py"))


def _foreign_sources() -> Iterator[Path]:
    """The modules of other packages that are named as methods, where they are files.

    Their versions do not tell: whoever writes one changes it many times in one version.
    """
    for module in sorted({point.module for point in entry_points(group=_GROUP)}):
        path = _file_of(module)
        if path is not None:
            yield path


def _file_of(module: str) -> Path | None:
    """The file of a module. Its package is looked for by its first name: more would import it."""
    first, *others = module.split(".")
    try:
        spec = importlib.util.find_spec(first)
    except (ImportError, ValueError):
        spec = None
    if spec is None:
        return None
    path = Path(spec.origin or "")
    for folder in (spec.submodule_search_locations or ()) if others else ():
        path = Path(folder, *others).with_suffix(".py")
        if not path.is_file():
            path = Path(folder, *others, "__init__.py")
    return path if path.is_file() else None


def _entry_points() -> list[str]:
    points = entry_points(group=_GROUP)
    return sorted(
        f"{point.name}={point.value}@{point.dist.version if point.dist else ''}" for point in points
    )


def _by_key(entries: Iterable[Entry]) -> Catalogue:
    return {(entry.role, entry.key): entry for entry in entries}
