"""Cells: how many a workbook would unfold to, counted before anything of it is unfolded.

A few bytes may say that a sheet has its last cell seventeen thousand million cells away, or that
one is repeated as often.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from workbench.engine.readers.errors import MOST_BYTES, DataError, check_size, opened

#: Cells of a sheet at most, empty ones between others with them.
MOST_CELLS = 20_000_000
#: Columns that sheets have in the programs that write them.
MOST_COLUMNS = 16_384
_MOST_PARTS = 10_000
_BLOCK = 1 << 20
#: Bytes that a tag takes at most, which may lie across two blocks.
_TAG = 1 << 12

#: Places as the reader takes them: of however many letters, large or small, in either quotes.
_CELL = re.compile(
    rb"""<(?:[\w.-]+:)?(?:c|row)\s(?:[^>]{0,400}?\s)?r\s*=\s*["']([A-Za-z]{0,99})(\d{1,99})["']"""
)
_ODS = re.compile(rb"<table:(table-row|table-cell|covered-table-cell|table)\b([^>]*)>")
_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d{1,12})"')

_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError),
    *(ValueError, OverflowError),
)

OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"


def kind_of_zip(path: Path) -> str:
    """What a zip is: "XLSX", "XLSB", "ODS", "NPZ" or "zip". Raises DataError and OSError."""
    opened(path).close()
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                with archive.open("mimetype") as file:
                    if file.read(200).strip() == OPEN_DOCUMENT:
                        return "ODS"
    except _DAMAGE:
        return "NPZ" if path.suffix.lower() == ".npz" else "zip"
    if "xl/workbook.xml" in names:
        return "XLSX"
    if "xl/workbook.bin" in names:
        return "XLSB"
    is_arrays = bool(names) and any(name.endswith(".npy") for name in names)
    return "NPZ" if is_arrays or path.suffix.lower() == ".npz" else "zip"


def check_cells(path: Path, kind: str) -> None:
    """Raise DataError where a workbook would unfold to more than is read, or is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS:
                raise DataError(path, f"has {len(parts):,} parts, which no workbook has")
            check_size(path, sum(part.file_size for part in parts))
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    blocks = _blocks(path, archive, part)
                    n = _cells_of_ods(blocks) if kind == "ODS" else _cells_of_xlsx(blocks)
                    _refuse(path, n)
    except _DAMAGE as error:
        raise DataError(path, f"is damaged: {error}") from None


def _refuse(path: Path, n: int) -> None:
    if n > MOST_CELLS:
        message = (
            f"a sheet reaches over {n:,} cells; {MOST_CELLS:,} are read at most: save it as CSV"
        )
        raise DataError(path, message)


def _blocks(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part of an archive, whose checksum is looked at; each block begins with the last's end."""
    end, n_bytes = b"", 0
    with archive.open(part) as file:
        while block := file.read(_BLOCK):
            n_bytes += len(block)
            if n_bytes > MOST_BYTES:
                check_size(path, n_bytes)
            text = end + block
            cut = text.rfind(b"<", max(len(text) - _TAG, 0))
            cut = len(text) if cut < 0 else cut
            yield text[:cut]
            end = text[cut:]
    yield end


def _cells_of_xlsx(blocks: Iterator[bytes]) -> int:
    most_row = most_column = 0
    for block in blocks:
        for letters, row in _CELL.findall(block):
            most_row = max(most_row, int(row))
            column = 0
            for letter in letters.upper():
                column = 26 * column + letter - 64
            most_column = max(most_column, column)
    return _unfolded(most_row, most_column)


def _cells_of_ods(blocks: Iterator[bytes]) -> int:
    """Cells up to the last row and the last column with something in them, of the largest sheet.

    Empty ones at the end of a row or a sheet are not unfolded.
    """
    largest = width = height = columns = n_rows = 0
    for block in blocks:
        for tag, attributes in _ODS.findall(block):
            found = _REPEATED.search(attributes)
            n = int(found[1]) if found else 1
            if tag == b"table":
                largest = max(largest, _unfolded(height, width))
                width = height = columns = n_rows = 0
            elif tag == b"table-row":
                columns, n_rows = 0, n_rows + n
            else:
                columns += n
                if b"office:" in attributes or b"calcext:" in attributes:
                    width, height = max(width, columns), max(height, n_rows)
    return max(largest, _unfolded(height, width))


def _unfolded(n_rows: int, n_columns: int) -> int:
    """Cells of a sheet; one with more columns than any program has is none that is read."""
    return n_rows * n_columns if n_columns <= MOST_COLUMNS else MOST_CELLS + n_rows * n_columns
