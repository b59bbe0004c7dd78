"""Of a file: the facts of a file that holds a table, of its first rows or of all."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

from workbench.engine.readers import delimited, feather, parquet, parquet_folder, tables
from workbench.engine.readers.columns.facts import columns_of
from workbench.engine.readers.dialect.beginning import Beginning, lines_as_shown
from workbench.engine.readers.errors import DataError
from workbench.engine.readers.head import Head, first_lines
from workbench.engine.readers.workbooks import table as workbook
from workbench.engine.roles.method import BadSpecError
from workbench.spec.user_files.file_facts import FileFacts, ReadSetting
from workbench.spec.user_files.reading import Reading

#: Rows that are looked at of a file that need not be read whole for them.
FIRST_ROWS = 1000
#: Lines of a text file that are shown as they are.
_LINES = 20

_KINDS = {"parquet": "Parquet", "parquet folder": "Parquet folder", "feather": "Feather"}


def whole_facts(path: Path, wanted: Reading, n: int) -> Generator[float, None, FileFacts]:
    """The facts of a table, with its first `n` rows; yields the share that is read.

    Of Parquet the metadata and the first rows tell what is needed. Raises DataError and OSError.
    """
    kind = tables.kind_of_table(path)
    if kind == "text":
        start, head = delimited.beginning(path, wanted)
        frame = yield from delimited.read(path, None, wanted)
        facts = _of_text(path, start, head)
        return replace(
            facts,
            n_rows=frame.n_rows,
            columns=columns_of(frame, frame.n_rows),
            rows=frame.shown(n),
            notes=frame.notes,
            n_seen=frame.n_rows,
        )
    if kind == "feather":
        frame = tables.typed((yield from feather.read(path)), wanted)
        columns = columns_of(frame, frame.n_rows)
        return FileFacts(
            str(path), "table", "Feather", frame.n_rows, columns, frame.shown(n),
            notes=frame.notes, n_seen=frame.n_rows,
        )  # fmt: skip
    yield 0.0
    if kind in ("XLSX", "ODS"):
        return _of_workbook(path, kind, wanted, n, None)
    return _of_parquet(path, wanted, n)


def quick_facts(path: Path, wanted: Reading, n: int) -> FileFacts:
    """The facts of a table's first rows; or why they cannot be read with these settings."""
    kind = tables.kind_of_table(path)
    if kind == "text":
        return _quick_text(path, wanted, n)
    if kind in ("XLSX", "ODS"):
        try:
            return _of_workbook(path, kind, wanted, n, FIRST_ROWS)
        except BadSpecError as error:
            sheet = ReadSetting("sheet", wanted.sheet, True)
            sheets = workbook.sheets_of(path)
            return FileFacts(
                str(path), "table", kind, 0, (), is_whole=False, reading=(sheet,), sheets=sheets,
                problem=error.message,
            )  # fmt: skip
    if kind == "feather":
        frame = tables.typed(feather.head(path, FIRST_ROWS), wanted)
        is_whole = frame.n_rows < FIRST_ROWS
        return FileFacts(
            str(path), "table", "Feather", frame.n_rows, columns_of(frame, frame.n_rows),
            frame.shown(n), notes=frame.notes, is_whole=is_whole, n_seen=frame.n_rows,
        )  # fmt: skip
    return _of_parquet(path, wanted, n)


def _kind_of_text(path: Path) -> str:
    name = path.name.lower()
    kind = "TSV" if name.removesuffix(".gz").endswith((".tsv", ".tab")) else "CSV"
    return f"{kind}, gzipped" if name.endswith(".gz") else kind


def _of_text(path: Path, start: Beginning, head: Head) -> FileFacts:
    lines = first_lines(start.lines, _LINES)
    return FileFacts(
        str(path), "table", _kind_of_text(path), 0, (), reading=head.settings, lines=lines
    )


def _quick_text(path: Path, wanted: Reading, n: int) -> FileFacts:
    start: Beginning | None = None
    head: Head | None = None
    try:
        start, head = delimited.beginning(path, wanted, delimited.FIRST_BYTES)
        frame = delimited.first(path, wanted, start, head)
    except DataError as error:
        lines = start.lines if start else lines_as_shown(path, wanted.encoding)
        settings = head.settings if head is not None else _as_asked(wanted)
        return FileFacts(
            str(path), "table", _kind_of_text(path), 0, (), is_whole=False, reading=settings,
            lines=first_lines(lines, _LINES), problem=str(error),
        )  # fmt: skip
    n_rows = frame.n_rows
    if not start.is_whole:
        n_bytes = sum(len(line.encode()) for line in start.lines)
        n_rows = max(n_rows, round(n_rows * path.stat().st_size / max(n_bytes, 1)))
    return replace(
        _of_text(path, start, head),
        n_rows=n_rows,
        columns=columns_of(frame, frame.n_rows),
        rows=frame.shown(n),
        notes=frame.notes,
        is_whole=start.is_whole,
        n_seen=frame.n_rows,
    )


def _as_asked(wanted: Reading) -> tuple[ReadSetting, ...]:
    """The settings as they were asked for, of a file that they do not read."""
    return (
        ReadSetting("encoding", wanted.encoding, wanted.encoding != "auto"),
        ReadSetting("separator", wanted.separator, wanted.separator != "auto"),
        ReadSetting("quote", wanted.quote, wanted.quote != "auto"),
        ReadSetting("header", wanted.header, True),
        ReadSetting("skip", wanted.skip, wanted.skip > 0),
        ReadSetting("comment", wanted.comment, wanted.comment != "auto"),
    )


def _of_workbook(path: Path, kind: str, wanted: Reading, n: int, most: int | None) -> FileFacts:
    first = workbook.first(path, wanted, most)
    frame = first.frame
    notes = list(frame.notes)
    if len(first.sheets) > 1 and not wanted.sheet:
        notes.insert(0, f"has {len(first.sheets)} sheets; '{first.settings[0].value}' is shown")
    return FileFacts(
        str(path), "table", kind, frame.n_rows, columns_of(frame, frame.n_rows), frame.shown(n),
        notes=tuple(notes), is_whole=first.is_whole, n_seen=frame.n_rows, reading=first.settings,
        sheets=first.sheets,
    )  # fmt: skip


def _of_parquet(path: Path, wanted: Reading, n: int) -> FileFacts:
    most = max(n, FIRST_ROWS)
    if path.is_dir():
        n_rows, missing = parquet_folder.n_rows(path), dict[str, int | None]()
        frame = parquet_folder.head(path, most)
    else:
        with parquet.opened(path) as file:
            n_rows = int(file.metadata.num_rows)
        frame, missing = parquet.head(path, most), parquet.missing_counts(path)
    frame = tables.typed(frame, wanted)
    missing = {name: count for name, count in missing.items() if not wanted.type_of(name)}
    kind = _KINDS["parquet folder" if path.is_dir() else "parquet"]
    return FileFacts(
        str(path), "table", kind, n_rows, columns_of(frame, n_rows, missing), frame.shown(n),
        notes=frame.notes, is_whole=frame.n_rows == n_rows, n_seen=frame.n_rows,
    )  # fmt: skip
