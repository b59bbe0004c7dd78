"""What is in a file or folder of the user's: columns, arrays or classes, and the first rows."""

from pathlib import Path

from workbench.engine.blocks.tasks.targets import FEW_CLASSES
from workbench.engine.build.catalogue import Catalogue
from workbench.engine.readers import delimited, idx, npz, parquet, pictures, tables
from workbench.engine.readers.errors import opened
from workbench.engine.readers.frame import Frame
from workbench.engine.readers.head import Reading
from workbench.engine.roles.loading import labelled, run_to_end
from workbench.spec.question import Columns, Tell
from workbench.spec.user_files.file_facts import ColumnFacts, FileFacts
from workbench.spec.user_files.sources import digesting

QUESTION = Columns

#: Rows of a Parquet file that are looked at.
_HEAD = 1000


def answer(question: Columns, catalogue: Catalogue, tell: Tell) -> FileFacts:
    """The facts of a file. Raises DataError and OSError."""
    del catalogue
    path = Path(question.path).absolute()
    try:
        return _answer(path, question, tell)
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def _answer(path: Path, question: Columns, tell: Tell) -> FileFacts:
    facts = _facts(path, question, tell)
    labels = Path(facts.labels) if facts.labels else None

    def hashed(file: Path) -> str:
        return run_to_end(labelled(digesting(file), f"hashing {file.name}"), tell)

    return FileFacts(
        str(path),
        facts.family,
        facts.kind,
        facts.n_rows,
        facts.columns,
        facts.rows,
        hashed(path),
        facts.labels,
        hashed(labels) if labels else "",
        facts.notes,
    )


def _facts(path: Path, question: Columns, tell: Tell) -> FileFacts:
    tell(None, f"reading {path.name}")
    if path.is_dir():
        return _pictures(path)
    with opened(path) as file:
        start = file.read(4)
    if tables.is_parquet(path):
        return _parquet(path, question.n)
    if start[:2] == b"PK":
        return _npz(path)
    if start[:2] in (b"\x1f\x8b", b"\0\0"):
        return _idx(path)
    settings = Reading(question.separator, question.encoding, question.decimal, question.has_header)
    reading = delimited.read(path, None, settings)
    frame = run_to_end(labelled(reading, f"reading {path.name}"), tell)
    columns = tuple(
        _column(frame, name, frame.n_missing(name), frame.n_rows) for name in frame.names
    )
    kind = "TSV" if path.suffix.lower() in (".tsv", ".tab") else "CSV"
    shown = frame.shown(question.n)
    return FileFacts(str(path), "table", kind, frame.n_rows, columns, shown, notes=frame.notes)


def _column(frame: Frame, name: str, n_missing: int | None, n_rows: int) -> ColumnFacts:
    """The facts of a column of `n_rows`, of which the frame may have the first alone."""
    kind, n_distinct = frame.kind(name), frame.n_distinct(name)
    is_few = kind == "whole number" and (n_distinct or 0) <= FEW_CLASSES
    target = "classes" if is_few or kind in ("text", "truth") else "values"
    n_values = n_distinct if frame.n_rows == n_rows else None
    reason = frame.reason(name, has_values=n_missing != n_rows)
    return ColumnFacts(name, kind, target, n_missing, n_values, reason=reason)


def _parquet(path: Path, n: int) -> FileFacts:
    with parquet.opened(path) as file:
        n_rows = int(file.metadata.num_rows)
    frame = parquet.head(path, max(n, _HEAD))
    is_whole = frame.n_rows == n_rows
    counts = parquet.missing_counts(path)
    columns = tuple(
        _column(
            frame,
            name,
            frame.n_missing(name) if is_whole else counts.get(name),
            n_rows,
        )
        for name in frame.names
    )
    shown = frame.shown(n)
    return FileFacts(str(path), "table", "Parquet", n_rows, columns, shown, notes=frame.notes)


def _npz(path: Path) -> FileFacts:
    headers = npz.headers(path)
    columns = tuple(
        ColumnFacts(
            name,
            "array",
            "classes" if header.dtype.kind in "biuUS" and len(header.shape) == 1 else "values",
            shape=header.shape,
            reason=header.reason,
        )
        for name, header in headers.items()
    )
    n_rows = max((header.shape[0] for header in headers.values() if header.shape), default=0)
    return FileFacts(str(path), "arrays", "NPZ", n_rows, columns)


def _idx(path: Path) -> FileFacts:
    shape = idx.header(path).shape
    target = "classes" if len(shape) == 1 else "values"
    columns = (ColumnFacts(path.name, "array", target, shape=shape),)
    beside = path.with_name(path.name.replace("images", "labels").replace("idx3", "idx1"))
    labels = str(beside) if beside != path and beside.exists() else ""
    return FileFacts(str(path), "arrays", "IDX", shape[0], columns, labels=labels)


def _pictures(path: Path) -> FileFacts:
    by_class = pictures.listed(path)
    columns = tuple(
        ColumnFacts(name, "class", "classes", shape=(len(files),))
        for name, files in by_class.items()
    )
    n_rows = sum(len(files) for files in by_class.values())
    notes = pictures.strays(path)
    return FileFacts(str(path), "pictures", "pictures", n_rows, columns, notes=notes)
