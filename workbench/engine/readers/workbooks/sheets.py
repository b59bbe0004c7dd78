"""Sheets: what stands in the cells of a workbook, row by row, read by calamine."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import python_calamine
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from workbench.engine.readers.errors import DataError
from workbench.engine.readers.workbooks.cells import check_cells, kind_of_zip
from workbench.engine.roles.method import BadSpecError

Rows = list[list[Any]]
_Read = TypeVar("_Read")

_FAULTS: tuple[type[Exception], ...] = (
    CalamineError,
    python_calamine.XmlError,
    python_calamine.ZipError,
    python_calamine.PasswordError,
    python_calamine.WorksheetNotFound,
    OSError,
    ValueError,
    OverflowError,
    MemoryError,
)


def sheets_of(path: Path) -> tuple[str, ...]:
    """The sheets of a workbook that are shown and have cells. Raises DataError and OSError."""
    check_cells(path, kind_of_zip(path))
    with _opened(path) as book:
        return tuple(_sheets(path, book))


def rows_of(path: Path, sheet: str, most: int | None = None) -> tuple[str, Rows, tuple[str, ...]]:
    """A sheet by its name, its rows, the first ones, and all sheets that have some.

    Where none is named it is the only one. Raises DataError and OSError; BadSpecError, with the
    setting, where there are several or none of that name.
    """
    check_cells(path, kind_of_zip(path))
    with _opened(path) as book:
        names = _sheets(path, book)
        if not sheet and len(names) > 1:
            known = ", ".join(f"'{name}'" for name in names)
            message = f"{path.name} has {len(names)} sheets with something in them: {known}"
            raise BadSpecError("sheet", f"{message}; name one")
        name = sheet or names[0]
        if name not in book.sheet_names:
            known = ", ".join(f"'{name}'" for name in names)
            raise BadSpecError("sheet", f"{path.name} has no sheet '{sheet}' (it has: {known})")
        rows = _try(path, lambda: book.get_sheet_by_name(name).to_python(nrows=most))
    return name, rows, tuple(names)


def _sheets(path: Path, book: CalamineWorkbook) -> list[str]:
    shown = [
        sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible
    ]
    names = [n for n in shown if _try(path, lambda n=n: book.get_sheet_by_name(n).height)]
    if not names:
        raise DataError(path, "has no sheet with anything in it")
    return names


def _opened(path: Path) -> CalamineWorkbook:
    return _try(path, lambda: CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes())))


def _try(path: Path, read: Callable[[], _Read]) -> _Read:
    """What is read of a workbook. Raises DataError where it is damaged."""
    try:
        return read()
    except python_calamine.PasswordError:
        raise DataError(path, "is locked with a password; save it without") from None
    except _FAULTS as error:
        words = " ".join(str(error).split()) or type(error).__name__
        raise DataError(path, f"cannot be read as a workbook: {words}") from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what the reader's own language calls a fault
            raise
        raise DataError(path, "cannot be read as a workbook: it is damaged") from None
