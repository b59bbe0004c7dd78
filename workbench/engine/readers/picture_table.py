"""Picture table: a table that lies beside pictures, a row for each, and what it calls them.

A row may name a picture by its way from the folder, by the name of its file, or by that without its
ending, where one picture alone is called so.
"""

from collections.abc import Iterable
from pathlib import Path

from workbench.engine.readers import tables
from workbench.engine.readers.errors import DataError
from workbench.engine.readers.frame import Frame
from workbench.engine.readers.pictures import is_picture
from workbench.spec.user_files.sources import files_in
from workbench.spec.work import finished

#: Endings of tables that are looked for beside pictures.
_TABLES = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".xlsx", ".ods", ".feather")
#: Kinds of columns that may hold names.
_NAMES = ("text", "whole number")


class Names:
    """What the pictures of a folder may be called."""

    def __init__(self, folder: Path) -> None:
        self.files = [file for file in files_in(folder) if is_picture(file)]
        self._known: dict[str, Path | None] = {}
        for file in self.files:
            way = file.relative_to(folder)
            for name in {way.as_posix(), way.name, way.with_suffix("").as_posix(), way.stem}:
                self._known[name] = None if name in self._known else file
        for file in self.files:  # a whole way is always its own
            self._known[file.relative_to(folder).as_posix()] = file

    def file(self, name: str) -> Path | None:
        """The picture that is called so; None where none is, or several are."""
        plain = name.strip().replace("\\", "/").removeprefix("./")
        return self._known.get(plain) or self._known.get(plain.rpartition("/")[2])


def beside(folder: Path) -> tuple[Path, str] | None:
    """The table in a folder that names its pictures, and its column that does; None: there is none.

    Of several it is the one that names most, the first of those by name. Raises OSError.
    """
    candidates = sorted(
        path
        for path in folder.iterdir()
        if path.is_file() and path.name.lower().endswith(_TABLES) and not path.name.startswith(".")
    )
    names = Names(folder) if candidates else None
    best, most = None, 0
    for path in candidates:
        try:
            column, n = _naming(path, names) if names else ("", 0)
        except DataError:
            continue  # it is said when it is chosen
        if n > most:
            best, most = (path, column), n
    return best


def naming_column(path: Path, names: Names) -> str:
    """The column of a table that names the pictures, the one that names most; empty: none does.

    Raises DataError and OSError.
    """
    return _naming(path, names)[0]


def _naming(path: Path, names: Names) -> tuple[str, int]:
    """The column that names most pictures, and how many; none where half of a column names none."""
    frame = finished(tables.read(path, tables.names(path)))
    best, most = "", 0
    for name in frame.names:
        texts = _texts(frame, name)
        files = [names.file(text) for text in texts]
        n = len({file for file in files if file is not None})
        if n > most and sum(file is not None for file in files) >= len(texts) / 2:
            best, most = name, n
    return best, most


def files_named(frame: Frame, column: str, names: Names) -> list[Path]:
    """The picture of each row. Raises DataError, naming the first row that has none of them."""
    if frame.kind(column) not in _NAMES:
        message = f"holds {frame.kind(column)}, and the names of pictures are needed"
        raise DataError(frame.path, message, column=column)
    files: list[Path] = []
    for row, text in enumerate(_texts(frame, column)):
        file = names.file(text)
        if file is None:
            what = f"there is no picture '{text}'" if text else "names no picture"
            raise DataError(frame.path, what, column=column, place=frame.place(row))
        files.append(file)
    return files


def not_named(files: Iterable[Path], names: Names) -> str:
    """What is said of pictures that no row names; empty where there are none."""
    named = set(files)
    left = [file.name for file in names.files if file not in named]
    more = f" and {len(left) - 3:,} more" if len(left) > 3 else ""
    if not left:
        return ""
    return f"{len(left):,} pictures have no row in the table: {', '.join(left[:3])}{more}"


def _texts(frame: Frame, name: str) -> list[str]:
    if frame.kind(name) not in _NAMES:
        return []
    column = frame.categories(name)
    known = [*column.names, ""]
    return [known[code] for code in column.codes.tolist()]
