"""Tables: text, workbooks, Parquet and Feather alike."""

from collections.abc import Generator
from pathlib import Path
from typing import Literal

import pyarrow as pa

from workbench.engine.readers import delimited, feather, parquet, parquet_folder
from workbench.engine.readers.columns.understood import with_types
from workbench.engine.readers.dialect.text_columns import Words
from workbench.engine.readers.errors import DataError, opened
from workbench.engine.readers.frame import Frame
from workbench.engine.readers.workbooks import table as workbook
from workbench.engine.readers.workbooks.cells import kind_of_zip
from workbench.spec.user_files.reading import PLAIN, Reading

TableKind = Literal["text", "parquet", "parquet folder", "feather", "XLSX", "ODS"]

#: What is read, for whoever brings something else.
READ = "CSV, TSV (gzipped too), XLSX, ODS, Parquet, Feather"

_PARQUET = (b"PAR1", ".parquet", ".pq")

#: Files that are known and not read, by how they begin.
_OTHERS = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old workbook (.xls): save it as .xlsx"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    (b"FEA1", "a Feather file of the first version, which is given up: write it again"),
    (b"%PDF", "a PDF file"),
    (b"SQLite format 3\0", "an SQLite database: export a table as CSV"),
    (b"$FL2", "an SPSS file: export it as CSV"),
    (b"<stata_dta>", "a Stata file: export it as CSV"),
    (b"RDX", "an R file: write it as CSV"),
    (b"\x80\x04\x95", "a Python pickle, and reading one could run code: save it as Parquet or CSV"),
    (b"\x80\x05\x95", "a Python pickle, and reading one could run code: save it as Parquet or CSV"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it"),
    (b"Rar!", "a RAR archive; unpack it"),
    (b"BZh", "packed with bzip2; unpack it, or pack it with gzip"),
    (b"\xfd7zXZ\0", "packed with xz; unpack it, or pack it with gzip"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd; unpack it, or pack it with gzip"),
)


def is_parquet(path: Path) -> bool:
    """Whether a file is Parquet, by its name or by how it begins. Raises OSError."""
    with opened(path) as file:
        return file.read(4) == _PARQUET[0] or path.suffix.lower() in _PARQUET[1:]


def kind_of_table(path: Path) -> TableKind:
    """What kind of table is at a path, by what is in it. Raises DataError and OSError."""
    if path.is_dir():
        if parquet_folder.is_folder_of_parquet(path):
            return "parquet folder"
        raise DataError(path, f"is a folder without Parquet files; tables are: {READ}")
    if is_parquet(path):
        return "parquet"
    with opened(path) as file:
        start = file.read(16)
    if feather.is_feather(path):
        return "feather"
    if start.startswith(b"PK\x03\x04"):
        return _kind_of_zip(path)
    for beginning, words in _OTHERS:
        if start.startswith(beginning):
            raise DataError(path, f"is {words}; tables are: {READ}")
    return "text"


def _kind_of_zip(path: Path) -> TableKind:
    kind = kind_of_zip(path)
    if kind == "XLSX":
        return "XLSX"
    if kind == "ODS":
        return "ODS"
    if kind == "XLSB":
        raise DataError(path, "is a binary workbook (.xlsb): save it as .xlsx")
    if kind == "NPZ":
        raise DataError(path, "holds arrays: the family arrays takes it")
    raise DataError(path, "is a zip; unpack it, and choose a file in it")


def names(path: Path, wanted: Reading = PLAIN) -> list[str]:
    """The columns of a file. Raises DataError, OSError and BadSpecError."""
    match kind_of_table(path):
        case "parquet":
            with parquet.opened(path) as file:
                return parquet.names(file)[0]
        case "parquet folder":
            return parquet_folder.names(path)
        case "feather":
            return feather.names(path)
        case "XLSX" | "ODS":
            return workbook.names(path, wanted)
        case _:
            return list(delimited.header(path, wanted).names)


def read(path: Path, columns: list[str], wanted: Reading = PLAIN) -> Generator[float, None, Frame]:
    """Columns of a file; yields the share that is read.

    Raises DataError and OSError; BadSpecError where a setting of reading is not as it should be.
    """
    match kind_of_table(path):
        case "parquet":
            return typed((yield from parquet.read(path, columns)), wanted)
        case "parquet folder":
            return typed((yield from parquet_folder.read(path, columns)), wanted)
        case "feather":
            return typed((yield from feather.read(path, columns)), wanted)
        case "XLSX" | "ODS":
            yield 0.0
            return workbook.read(path, columns, wanted)
        case _:
            return (yield from delimited.read(path, columns, wanted))


def typed(frame: Frame, wanted: Reading) -> Frame:
    """A frame of a file that says what its columns are, with those that are asked to be others."""
    known = set(frame.names)
    asked = [name for name, _ in wanted.types if name in known]
    if not asked:
        return frame
    words = Words(".", wanted.thousands, wanted.missing_marks, wanted.date_format)
    made, types, notes = with_types(frame.table.select(asked), words, wanted, {})
    columns = dict(zip(frame.names, frame.table.columns, strict=True))
    table = pa.table(columns | dict(zip(asked, made.columns, strict=True)))
    return Frame(frame.path, table, frame.rows, (*frame.notes, *notes), frame.counters, types)
