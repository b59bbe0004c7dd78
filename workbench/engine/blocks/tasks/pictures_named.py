"""Pictures named: which pictures of a folder there are, and what is to be predicted of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.engine.blocks.tasks.targets import Target, TargetKind, column_target
from workbench.engine.readers import picture_table, pictures, tables
from workbench.engine.readers.frame import Frame
from workbench.engine.roles.method import BadSpecError
from workbench.spec.work import finished


@dataclass(frozen=True, slots=True, eq=False)
class Named:
    """Pictures, the targets of each, and the table that told them, where one did."""

    files: list[Path]
    targets: list[Target]
    table: Frame | None = None
    notices: tuple[str, ...] = ()


def pictures_of_folders(folder: Path) -> Named:
    """The pictures of a folder with one for each class. Raises DataError and OSError."""
    by_class = pictures.listed(folder)
    files = [file for some in by_class.values() for file in some]
    counts = [len(some) for some in by_class.values()]
    classes = np.repeat(np.arange(len(counts)), counts)
    target = Target("class", classes, tuple(by_class), folder)
    return Named(files, [target], notices=pictures.strays(folder))


def pictures_of_table(
    folder: Path, table: Path, column: str, targets: Mapping[str, TargetKind], split: str
) -> Named:
    """The pictures that a table names in a column, empty: the one that does.

    Raises DataError, naming the row, where one names none; BadSpecError and OSError.
    """
    if not targets:
        raise BadSpecError("targets", "names no column to predict: choose one at least")
    known = tables.names(table)
    asked = (("name", [column] if column else []), ("targets", targets))
    for field, columns in (*asked, ("split", [split] if split else [])):
        for name in columns:
            if name not in known:
                message = f"{table.name} has no column '{name}' (it has: {', '.join(known)})"
                raise BadSpecError(field, message)
    names = picture_table.Names(folder)
    column = column or picture_table.naming_column(table, names)
    if not column:
        message = f"no column of {table.name} names pictures of {folder.name}"
        raise BadSpecError("name", f"{message}: say which does")
    if column in targets:
        raise BadSpecError("targets", f"'{column}' names the pictures: it would be told")
    if split and split in (column, *targets):
        what = "names the pictures" if split == column else "is to be predicted"
        raise BadSpecError("split", f"'{split}' {what} too")
    wanted = [column, *targets, *([split] if split else [])]
    frame = finished(tables.read(table, list(dict.fromkeys(wanted))))
    files = picture_table.files_named(frame, column, names)
    said = picture_table.not_named(files, names)
    made = [column_target(frame, name, kind) for name, kind in targets.items()]
    return Named(files, made, frame, (*frame.notes, *([said] if said else [])))
