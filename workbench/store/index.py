"""Index: the history as a table, in SQLite; the truth is in the run directories.

Every call opens the file anew: it may be used from any thread and by several processes at once.
"""

import contextlib
import difflib
import json
import sqlite3
from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from workbench.spec.experiment import Spec
from workbench.spec.files import write_whole
from workbench.spec.fingerprint import fingerprint
from workbench.store.home import home
from workbench.store.problem import NotARunError, UnknownRunError
from workbench.store.row import COLUMNS, LABELS, RunRow, row_from, row_of, values_of
from workbench.store.stored import read

_NAME = "index.sqlite"

#: How long a writer waits for another one.
_WAIT_SECONDS = 20.0

_VERSION = 5
_TABLE = """CREATE TABLE IF NOT EXISTS runs (
    run_id TEXT PRIMARY KEY, name TEXT, seed INTEGER, status TEXT, started TEXT, seconds REAL,
    steps INTEGER, acc REAL, forgetting REAL, bwt REAL, path TEXT, tag TEXT, starred INTEGER,
    fingerprint TEXT, scores TEXT, learning_accuracy REAL, curve TEXT
)"""
_BY_RESULT = "CREATE INDEX IF NOT EXISTS by_result ON runs (fingerprint, seed)"


class Index:
    """The history of one home."""

    def __init__(self, folder: Path | None = None) -> None:
        """Name the home; nothing is opened yet."""
        self.folder = home() if folder is None else folder

    @classmethod
    def open(cls, folder: Path | None = None) -> "Index":
        """The history of `folder`, made or mended if need be. Raises OSError."""
        index = cls(folder)
        with index._connection():
            return index

    def rows(self) -> list[RunRow]:
        """Every run whose directory is there, newest first. Raises OSError."""
        order = "SELECT * FROM runs ORDER BY started DESC, run_id DESC"
        with self._connection() as connection:
            found = [row_from(values) for values in connection.execute(order)]
        return [self._current(row) for row in found if Path(row.path).is_dir()]

    def put(self, row: RunRow) -> None:
        """Add a run, or replace what was known of it. Raises OSError."""
        with self._connection() as connection:
            _put(connection, [row])

    def set_star(self, run_id: str, starred: bool) -> None:
        """Star a run, or not. Raises OSError and UnknownRunError."""
        self._label(replace(self.find(run_id), starred=starred))

    def set_tag(self, run_id: str, tag: str) -> None:
        """Tag a run; an empty tag takes it away. Raises OSError and UnknownRunError."""
        self._label(replace(self.find(run_id), tag=tag))

    def find(self, text: str) -> RunRow:
        """The run of this id, of an id that begins so, or in this folder.

        Raises OSError, and UnknownRunError if none or several are meant.
        """
        rows = self.rows()
        exact = [row for row in rows if text in (row.run_id, row.path)]
        begins = exact or [row for row in rows if text and row.run_id.startswith(text)]
        if len(begins) == 1:
            return begins[0]
        if begins:
            names = ", ".join(row.run_id for row in begins[:5])
            raise UnknownRunError(f"'{text}' may mean {len(begins)} runs: {names}")
        folder = Path(text).expanduser()
        if text and folder.is_dir():
            try:
                return row_of(read(folder.absolute()))
            except NotARunError as error:
                raise UnknownRunError(str(error)) from None
        near = difflib.get_close_matches(text, [row.run_id for row in rows], n=3, cutoff=0.3)
        hint = f"; did you mean {', '.join(near)}?" if near else "; `workbench runs` lists them"
        raise UnknownRunError(f"there is no run '{text}'{hint}")

    def found(self, spec: Spec, seed: int) -> RunRow | None:
        """The newest run that is done and was decided by what decides `spec` on `seed`.

        None where it was never made, or its directory is gone. Raises OSError.
        """
        query = (
            "SELECT * FROM runs WHERE fingerprint = ? AND seed = ? AND status = 'done' "
            "ORDER BY started DESC, run_id DESC"
        )
        with self._connection() as connection:
            rows = [row_from(v) for v in connection.execute(query, (fingerprint(spec), seed))]
        return next((row for row in rows if Path(row.path).is_dir()), None)

    def rebuild(self) -> None:
        """Read every run directory again, and those known elsewhere. Raises OSError."""
        with self._connection() as connection:
            known = [Path(path) for (path,) in connection.execute("SELECT path FROM runs")]
            rows = list(_rows_of([*_folders(self.folder / "runs"), *known]))
            connection.execute("DELETE FROM runs")
            _put(connection, rows)

    def _current(self, row: RunRow) -> RunRow:
        """The row as it is now: whoever recorded a running run may have been killed."""
        if row.status != "running":
            return row
        try:
            current = row_of(read(Path(row.path)))
        except NotARunError:
            return row
        if current.status != "running":
            self.put(current)
        return current

    def _label(self, row: RunRow) -> None:
        labels = {"tag": row.tag, "starred": row.starred}
        write_whole(Path(row.path) / LABELS, json.dumps(labels).encode())
        self.put(row)

    @contextlib.contextmanager
    def _connection(self) -> Generator[sqlite3.Connection]:
        """A transaction on a sound file. Raises OSError."""
        path = self.folder / _NAME
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not path.exists() and _folders(self.folder / "runs"):
                self._mend(path)
            try:
                connection = _opened(path)
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                self._mend(path)
                connection = _opened(path)
            self._renew(connection)
            with contextlib.closing(connection), connection:
                yield connection
        except sqlite3.Error as error:
            raise OSError(f"{path}: {error}") from error

    def _renew(self, connection: sqlite3.Connection) -> None:
        """Make the table of an earlier version anew; of several processes one does."""
        if _version_of(connection) == _VERSION:
            return
        with connection:
            connection.execute("BEGIN EXCLUSIVE")
            if _version_of(connection) == _VERSION:
                return
            known = [Path(path) for (path,) in connection.execute("SELECT path FROM runs")]
            connection.execute("DROP TABLE runs")
            _make_table(connection)
            _put(connection, _rows_of([*_folders(self.folder / "runs"), *known]))

    def _mend(self, path: Path) -> None:
        """Begin a broken or lost file anew from the directories; of several processes one does."""
        gate = sqlite3.connect(path.with_name("index.lock"), timeout=_WAIT_SECONDS)
        with contextlib.closing(gate):
            gate.execute("BEGIN EXCLUSIVE")
            with contextlib.suppress(sqlite3.DatabaseError):
                if path.exists():
                    _opened(path).close()
                    return
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            connection = _opened(path)
            with contextlib.closing(connection), connection:
                _put(connection, _rows_of(_folders(self.folder / "runs")))


def _opened(path: Path) -> sqlite3.Connection:
    """A connection to a file that has passed SQLite's quick check."""
    connection = sqlite3.connect(path, timeout=_WAIT_SECONDS)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        if _version_of(connection) == 0:
            _make_table(connection)
            connection.commit()
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise sqlite3.DatabaseError(found)
    except BaseException:
        connection.close()
        raise
    return connection


def _version_of(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return version


def _make_table(connection: sqlite3.Connection) -> None:
    connection.execute(_TABLE)
    connection.execute(_BY_RESULT)
    connection.execute(f"PRAGMA user_version={_VERSION}")


def _put(connection: sqlite3.Connection, rows: Iterable[RunRow]) -> None:
    marks = ", ".join("?" * len(COLUMNS))
    command = f"INSERT OR REPLACE INTO runs ({', '.join(COLUMNS)}) VALUES ({marks})"
    connection.executemany(command, [values_of(row) for row in rows])


def _folders(root: Path) -> list[Path]:
    if not root.is_dir():
        return []
    return [path for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")]


def _rows_of(folders: Iterable[Path]) -> Iterator[RunRow]:
    for folder in dict.fromkeys(folders):
        with contextlib.suppress(NotARunError):
            yield row_of(read(folder))
