"""Problem: what is wrong with a user's file, and how much of one is read at most."""

from pathlib import Path

#: Bytes that a file's content may take once it is unpacked: more would not fit beside a model.
MOST_BYTES = 4 * 2**30


class DataError(Exception):
    """A file that cannot be used; the message names the file, and the row or column."""

    def __init__(self, path: Path, message: str, *, column: str = "", place: str = "") -> None:
        where = [path.name, place, f"column '{column}'" if column else ""]
        super().__init__(", ".join(part for part in where if part) + f": {message}")
        self.path = path
        self.column = column


def check_size(path: Path, n_bytes: int, what: str = "its content") -> None:
    """Raise DataError if so many bytes are more than may be read."""
    if n_bytes > MOST_BYTES:
        limit = f"{MOST_BYTES / 2**30:.3g} GiB are read at most"
        raise DataError(path, f"{what} would take {n_bytes / 2**30:.1f} GiB unpacked; {limit}")


def words_of(error: OSError) -> str:
    """What the system refused, in words: which file, and why."""
    name = error.filename
    match error:
        case _ if not name or not error.strerror:
            return str(error)
        case FileNotFoundError():
            return f"there is no {name}"
        case PermissionError():
            return f"{name} may not be read: it lacks the permission"
        case IsADirectoryError():
            return f"{name} is a folder"
        case _:
            return f"{name}: {error.strerror}"
