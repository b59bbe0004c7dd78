"""What is in a file or folder of the user's: columns, arrays or classes, and the first rows."""

from dataclasses import replace
from pathlib import Path

from workbench.engine.build.catalogue import Catalogue
from workbench.engine.readers import delimited, idx, npz, parquet, pictures, tables
from workbench.engine.readers.columns.facts import columns_of
from workbench.engine.readers.dialect.beginning import Beginning, beginning_of
from workbench.engine.readers.dialect.source import unpacked
from workbench.engine.readers.errors import DataError, opened
from workbench.engine.readers.head import first_lines
from workbench.engine.roles.loading import labelled, run_to_end
from workbench.spec.question import Columns, Tell
from workbench.spec.user_files.file_facts import ColumnFacts, FileFacts, ReadSetting
from workbench.spec.user_files.sources import digesting

QUESTION = Columns

#: Rows of a Parquet file that are looked at.
_HEAD = 1000
#: Lines of a text file that are shown as they are.
_LINES = 20


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
    facts = replace(_facts(path, question, tell), path=str(path))
    if question.is_quick:
        return facts
    labels = Path(facts.labels) if facts.labels else None

    def hashed(file: Path) -> str:
        return run_to_end(labelled(digesting(file), f"hashing {file.name}"), tell)

    return replace(
        facts, sha256=hashed(path), labels_sha256=hashed(labels) if labels else "", is_whole=True
    )


def _facts(path: Path, question: Columns, tell: Tell) -> FileFacts:
    tell(None, f"reading {path.name}")
    if path.is_dir():
        return _pictures(path)
    if tables.is_parquet(path):
        return _parquet(path, question.n)
    with opened(path) as file:
        is_zip = file.read(2) == b"PK"
    if is_zip:
        return _npz(path)
    with unpacked(path) as file:
        is_idx = file.read(2) == b"\0\0"
    if is_idx:
        return _idx(path)
    return _quick_text(path, question) if question.is_quick else _text(path, question, tell)


def _kind_of_text(path: Path) -> str:
    name = path.name.lower()
    kind = "TSV" if name.removesuffix(".gz").endswith((".tsv", ".tab")) else "CSV"
    return f"{kind}, gzipped" if name.endswith(".gz") else kind


def _text(path: Path, question: Columns, tell: Tell) -> FileFacts:
    start, head = delimited.beginning(path, question.reading)
    reading = delimited.read(path, None, question.reading)
    frame = run_to_end(labelled(reading, f"reading {path.name}"), tell)
    return FileFacts(
        str(path),
        "table",
        _kind_of_text(path),
        frame.n_rows,
        columns_of(frame, frame.n_rows),
        frame.shown(question.n),
        notes=frame.notes,
        n_seen=frame.n_rows,
        reading=head.settings,
        lines=first_lines(start, _LINES),
    )


def _quick_text(path: Path, question: Columns) -> FileFacts:
    """The facts of a text file's first rows; or why they cannot be read with these settings."""
    wanted = question.reading
    facts = FileFacts(str(path), "table", _kind_of_text(path), 0, (), is_whole=False)
    start: Beginning | None = None
    settings: tuple[ReadSetting, ...] = ()
    try:
        start, head = delimited.beginning(path, wanted, delimited.FIRST_BYTES)
        settings = head.settings
        frame = delimited.first(path, wanted, start, head)
    except DataError as error:
        lines = first_lines(start or beginning_of(path, "latin-1"), _LINES)
        asked = settings or _as_asked(question)
        return replace(facts, problem=str(error), lines=lines, reading=asked)
    n_rows = frame.n_rows
    if not start.is_whole:
        n_bytes = sum(len(line.encode()) for line in start.lines)
        n_rows = max(n_rows, round(n_rows * path.stat().st_size / max(n_bytes, 1)))
    return replace(
        facts,
        n_rows=n_rows,
        columns=columns_of(frame, frame.n_rows),
        rows=frame.shown(question.n),
        notes=frame.notes,
        is_whole=start.is_whole,
        n_seen=frame.n_rows,
        reading=settings,
        lines=first_lines(start, _LINES),
    )


def _as_asked(question: Columns) -> tuple[ReadSetting, ...]:
    """The settings as they were asked for, of a file that they do not read."""
    wanted = question.reading
    return (
        ReadSetting("encoding", wanted.encoding, wanted.encoding != "auto"),
        ReadSetting("separator", wanted.separator, wanted.separator != "auto"),
        ReadSetting("quote", wanted.quote, wanted.quote != "auto"),
        ReadSetting("header", wanted.header, True),
        ReadSetting("skip", wanted.skip, wanted.skip > 0),
        ReadSetting("comment", wanted.comment, wanted.comment != "auto"),
    )


def _parquet(path: Path, n: int) -> FileFacts:
    with parquet.opened(path) as file:
        n_rows = int(file.metadata.num_rows)
    frame = parquet.head(path, max(n, _HEAD))
    columns = columns_of(frame, n_rows, parquet.missing_counts(path))
    return FileFacts(
        str(path), "table", "Parquet", n_rows, columns, frame.shown(n), notes=frame.notes,
        is_whole=frame.n_rows == n_rows, n_seen=frame.n_rows,
    )  # fmt: skip


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
