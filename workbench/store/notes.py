"""Notes: what the index holds of each run, in SQLite; a cache, of which nothing is believed.

Each note has a sum of its own, so that a file that is damaged, stale or of another place costs time
and never a run. Where it cannot be read or written, the history is read without it.
"""

import contextlib
import json
import sqlite3
import zlib
from collections.abc import Generator, Iterable, Mapping
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path
from typing import Any

from workbench.spec.run_row import RunRow
from workbench.spec.score import Score

NAME = "index.sqlite"

#: How the path of a run inside of the home begins.
INSIDE = "runs/"

#: How long another process that writes is waited for, before it is done without.
_WAIT_SECONDS = 1.0

#: Make it one more when something else is read from a run's directory, or read otherwise.
_EDITION = 7

#: The names of the values of a line, and with them of its tasks.
COLUMNS = tuple(one.name for one in fields(RunRow))
_OF_SCORE = tuple(one.name for one in fields(Score))
_VERSION = zlib.crc32(repr((_EDITION, COLUMNS, _OF_SCORE)).encode()) & 0x7FFFFFFF
_PATH, _SCORES, _CURVE = (COLUMNS.index(name) for name in ("path", "scores", "curve"))

_TABLE = "CREATE TABLE runs (path TEXT PRIMARY KEY, seen TEXT, names TEXT, line TEXT, sum INTEGER)"

#: Settings are apart: a list of runs is shown without them.
_SETTINGS = "CREATE TABLE settings (path TEXT PRIMARY KEY, text TEXT, sum INTEGER)"

#: What SQLite says where another process keeps the file, and where it cannot be written to.
_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_REFUSED = (
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
)


@dataclass(frozen=True, slots=True)
class Note:
    """A run as it was last read: how its directory looked, the names in it, and its line.

    `settings` are those of its spec as JSON, in a note that is to be saved; of one that was loaded,
    `load_settings` knows them.
    """

    seen: str
    names: tuple[str, ...]
    row: RunRow
    settings: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Notes:
    """What is known of the runs of a home by path, relative to it where the run is inside.

    `is_whole` is false where the file was damaged, of another version or not there: it is then to
    be made anew. `is_locked` means that another process keeps it: it is then left alone.
    """

    by_path: dict[str, Note] = field(default_factory=dict[str, Note])
    is_whole: bool = False
    is_locked: bool = False


def load(home: Path) -> Notes:
    """The notes of a home, but for those in doubt."""
    if not (home / NAME).is_file():
        return Notes()
    try:
        with _reading(home) as connection:
            # A text that is damaged is one whose sum is wrong, not an error.
            connection.text_factory = bytes
            if _version_of(connection) != _VERSION:
                return Notes()
            query = "SELECT path, seen, names, line, sum FROM runs"
            rows = connection.execute(query).fetchall()
    except sqlite3.Error as error:
        return Notes(is_locked=_code_of(error) in _LOCKED)
    sound = [values for values in rows if _is_sound(values)]
    root = str(home)
    lines = json.loads(b"[" + b",".join([values[3] for values in sound]) + b"]")
    notes: dict[str, Note] = {}
    for values, line in zip(sound, lines, strict=True):
        path, seen, names = (text.decode() for text in values[:3])
        notes[path] = Note(seen, tuple(names.split("/")), _row_from(line, root, path))
    return Notes(notes, is_whole=len(sound) == len(rows))


def load_settings(home: Path) -> dict[str, str]:
    """The settings of the runs by path, as JSON, but for those in doubt."""
    if not (home / NAME).is_file():
        return {}
    query = "SELECT runs.path, seen, text, settings.sum FROM runs JOIN settings USING (path)"
    try:
        with _reading(home) as connection:
            connection.text_factory = bytes
            if _version_of(connection) != _VERSION:
                return {}
            rows = connection.execute(query).fetchall()
    except sqlite3.Error:
        return {}
    return {values[0].decode(): values[2].decode() for values in rows if _is_sound(values)}


def save(home: Path, notes: Mapping[str, Note], removed: Iterable[str], *, anew: bool) -> None:
    """Keep these notes and drop those that are gone, in one transaction, where that can be.

    With `anew` these are all there are. On a disk that is full or read-only nothing is kept, and
    the next reader takes longer.
    """
    path = home / NAME
    try:
        _save(path, notes, removed, anew=anew)
    except sqlite3.Error as error:
        if _code_of(error) in (*_LOCKED, *_REFUSED):
            return
        with contextlib.suppress(OSError, sqlite3.Error):
            for suffix in ("", "-journal", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            _save(path, notes, (), anew=True)


def _code_of(error: sqlite3.Error) -> int:
    """SQLite's main result code: what is more is in higher bits."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


@contextlib.contextmanager
def _reading(home: Path) -> Generator[sqlite3.Connection]:
    """A connection that only reads, so that the home may be another user's."""
    address = f"{(home / NAME).absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(address, uri=True, timeout=_WAIT_SECONDS)
    with contextlib.closing(connection):
        yield connection


def known_outside(home: Path) -> list[Path]:
    """The runs outside of the home that an earlier version noted in its index alone."""
    if not (home / NAME).is_file():
        return []
    try:
        with _reading(home) as connection:
            if not 0 < _version_of(connection) < _EDITION:
                return []
            names = [str(path) for (path,) in connection.execute("SELECT path FROM runs")]
    except sqlite3.Error:
        return []
    return [Path(name) for name in names if Path(name).is_absolute() and "\0" not in name]


def _save(path: Path, notes: Mapping[str, Note], removed: Iterable[str], *, anew: bool) -> None:
    connection = sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)
    with contextlib.closing(connection):
        connection.execute("PRAGMA journal_mode=DELETE")
        # A cache need not survive a power cut: what that leaves is seen to be damaged.
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN IMMEDIATE")
        if anew or _version_of(connection) != _VERSION:
            for table, columns in (("runs", _TABLE), ("settings", _SETTINGS)):
                connection.execute(f"DROP TABLE IF EXISTS {table}")
                connection.execute(columns)
            connection.execute(f"PRAGMA user_version={_VERSION}")
        gone = [(name,) for name in removed]
        connection.executemany("DELETE FROM runs WHERE path = ?", gone)
        connection.executemany("DELETE FROM settings WHERE path = ?", gone)
        texts = {name: note for name, note in notes.items() if _is_text(name, note)}
        connection.executemany(
            "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?)",
            [_with_sum(name, note) for name, note in texts.items()],
        )
        connection.executemany(
            "INSERT OR REPLACE INTO settings VALUES (?, ?, ?)",
            [_settings_with_sum(name, note) for name, note in texts.items() if note.settings],
        )
        connection.execute("COMMIT")


def _is_text(path: str, note: Note) -> bool:
    """Whether SQLite can hold the names: those that are no UTF-8 are read each time."""
    try:
        "".join((path, *note.names)).encode()
    except UnicodeEncodeError:
        return False
    return True


def _version_of(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return version


def _with_sum(path: str, note: Note) -> tuple[str | int, ...]:
    values = (path, note.seen, "/".join(note.names), _line(note.row))
    return (*values, _sum([value.encode() for value in values]))


def _settings_with_sum(path: str, note: Note) -> tuple[str | int, ...]:
    # With how the directory looked: settings of an earlier reading do not pass for this one's.
    values = (path, note.seen, note.settings)
    return path, note.settings, _sum([value.encode() for value in values])


def _is_sound(values: tuple[Any, ...]) -> bool:
    *texts, stored_sum = values
    return all(type(text) is bytes for text in texts) and _sum(texts) == stored_sum


def _sum(texts: list[bytes]) -> int:
    return zlib.crc32(b"\0".join(texts))


def _line(row: RunRow) -> str:
    """A line as JSON, without its path: the home may be moved."""
    values: list[Any] = [getattr(row, name) for name in COLUMNS]
    values[_PATH] = ""
    values[_SCORES] = [astuple(score) for score in row.scores]
    return json.dumps(values, separators=(",", ":"))


def _row_from(values: list[Any], home: str, path: str) -> RunRow:
    values[_PATH] = path_of(home, path)
    values[_SCORES] = tuple([Score(*score) for score in values[_SCORES]])
    values[_CURVE] = tuple(values[_CURVE])
    return RunRow(*values)


def path_of(home: str, path: str) -> str:
    """Where the run of a note is."""
    return f"{home}/{path}" if path.startswith(INSIDE) else path
