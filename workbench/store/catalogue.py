"""Catalogue cache: what the methods are, known without importing them."""

import contextlib
import hashlib
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
    for path in _sources(package):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(package).as_posix()} {len(content)}\0".encode())
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
    yield from sorted((package / "engine" / "roles").glob("*.py"))


def _entry_points() -> list[str]:
    points = entry_points(group=_GROUP)
    return sorted(
        f"{point.name}={point.value}@{point.dist.version if point.dist else ''}" for point in points
    )


def _by_key(entries: Iterable[Entry]) -> Catalogue:
    return {(entry.role, entry.key): entry for entry in entries}
