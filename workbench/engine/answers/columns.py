"""What is in a file or folder of the user's: columns, arrays or classes, and the first rows."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from workbench.engine.readers import npz, picture_table, pictures, single_array
from workbench.engine.readers.columns.of_file import quick_facts, whole_facts
from workbench.engine.readers.errors import opened
from workbench.engine.readers.parquet_folder import is_folder_of_parquet
from workbench.engine.readers.single_array import is_single_array
from workbench.engine.readers.texts import facts as texts
from workbench.engine.readers.workbooks.cells import kind_of_zip
from workbench.engine.roles.loading import labelled, run_to_end
from workbench.spec.question import Columns, Tell
from workbench.spec.user_files.aligned import digesting_beside
from workbench.spec.user_files.file_facts import PICTURES_WITH_TABLE, ColumnFacts, FileFacts
from workbench.spec.user_files.reading import Reading
from workbench.spec.user_files.sources import digesting

if TYPE_CHECKING:
    from workbench.engine.build.catalogue import Catalogue

QUESTION = Columns

_Kind = Literal["pictures", "arrays", "array", "table"]


def answer(question: Columns, catalogue: "Catalogue | None", tell: Tell) -> FileFacts:
    """The facts of a file; torch is not needed for them. Raises DataError and OSError."""
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

    beside = ""
    if facts.texts is not None and facts.kind == texts.ALIGNED:
        work = digesting_beside(path, facts.texts.chosen)
        beside = run_to_end(labelled(work, f"hashing the files beside {path.name}"), tell)
    return replace(
        facts,
        sha256=hashed(path),
        labels_sha256=hashed(labels) if labels else "",
        beside_sha256=beside,
        is_whole=True,
    )


def _facts(path: Path, question: Columns, tell: Tell) -> FileFacts:
    tell(None, f"reading {path.name}")
    kind = _kind(path)
    of_texts = texts.kind_of(path) if kind == "table" and path.is_file() else ""
    if of_texts and question.family in ("", texts.FAMILY):
        work = texts.facts_of(
            path, of_texts, question.texts, question.n, is_quick=question.is_quick
        )
        return run_to_end(labelled(work, f"reading {path.name}"), tell)
    facts = _of_kind(kind, path, question, tell)
    return replace(facts, others=(texts.FAMILY,)) if of_texts else facts


def _of_kind(kind: _Kind, path: Path, question: Columns, tell: Tell) -> FileFacts:
    match kind:
        case "pictures":
            beside = picture_table.beside(path)
            return _pictures(path) if beside is None else _with_table(path, *beside, question, tell)
        case "arrays":
            return _npz(path)
        case "array":
            return _single(path)
        case _ if question.is_quick:
            return quick_facts(path, question.reading, question.n)
        case _:
            reading = whole_facts(path, question.reading, question.n)
            return run_to_end(labelled(reading, f"reading {path.name}"), tell)


def _kind(path: Path) -> _Kind:
    if path.is_dir():
        return "table" if is_folder_of_parquet(path) else "pictures"
    with opened(path) as file:
        start = file.read(6)
    if start.startswith(b"PK"):
        return "arrays" if kind_of_zip(path) == "NPZ" else "table"
    if is_single_array(path):
        return "array"
    return "table"


def _npz(path: Path) -> FileFacts:
    headers = npz.headers(path)
    columns = tuple(
        ColumnFacts(
            name,
            "array",
            "classes" if header.dtype.kind in "biuUS" and len(header.shape) == 1 else "values",
            shape=header.shape,
            reason=header.reason,
            type="array",
        )
        for name, header in headers.items()
    )
    n_rows = max((header.shape[0] for header in headers.values() if header.shape), default=0)
    return FileFacts(str(path), "arrays", "NPZ", n_rows, columns)


def _single(path: Path) -> FileFacts:
    """An array that is alone in its file, and the file of its labels where one lies beside it."""
    shape = single_array.header(path).shape
    target = "classes" if len(shape) == 1 else "values"
    columns = (ColumnFacts(path.name, "array", target, shape=shape, type="array"),)
    beside = single_array.labels_beside(path)
    labels = str(beside) if beside is not None else ""
    kind = single_array.kind_of(path)
    return FileFacts(str(path), "arrays", kind, shape[0], columns, labels=labels)


def _with_table(path: Path, table: Path, name: str, question: Columns, tell: Tell) -> FileFacts:
    """A folder of pictures, and the columns of the table that names them in one."""
    reading = whole_facts(table, Reading(), question.n)
    facts = run_to_end(labelled(reading, f"reading {table.name}"), tell)
    columns = tuple(
        replace(
            column,
            may_be=(),  # what columns are taken for is the table's alone
            role="leave out" if column.name == name else column.role,
            reason="names the pictures" if column.name == name else column.reason,
        )
        for column in facts.columns
    )
    notes = (f"the answers are those of {table.name}", *facts.notes)
    return FileFacts(
        str(path), "pictures", PICTURES_WITH_TABLE, facts.n_rows, columns, facts.rows,
        labels=str(table), notes=notes,
    )  # fmt: skip


def _pictures(path: Path) -> FileFacts:
    by_class = pictures.listed(path)
    columns = tuple(
        ColumnFacts(name, "class", "classes", shape=(len(files),), type="class")
        for name, files in by_class.items()
    )
    n_rows = sum(len(files) for files in by_class.values())
    notes = pictures.strays(path)
    return FileFacts(str(path), "pictures", "pictures", n_rows, columns, notes=notes)
