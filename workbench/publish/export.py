"""Export: runs in the forms that other programs read, into a folder of the user's."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from workbench.publish.forms.archive import write_zip
from workbench.publish.forms.columnar import write_parquet
from workbench.publish.forms.delimited import write_csv
from workbench.publish.forms.event_files import write_event_files
from workbench.publish.forms.tracking import write_mlflow
from workbench.publish.record import Record
from workbench.publish.report.page import report
from workbench.spec.text import file_stem

#: Told before each piece: the form that is being written, and what of it.
Tell = Callable[[str, str], None]

_Write = Callable[[Sequence[Record], Path], Iterator[str]]


def _report(chosen: Sequence[Record], path: Path) -> Iterator[str]:
    yield "report"
    path.write_text(report(chosen), encoding="utf-8", errors="replace")


#: How each form is written, and the name of the file or folder of it.
_FORMS: Mapping[str, tuple[_Write, str]] = {
    "csv": (write_csv, "csv"),
    "parquet": (write_parquet, "parquet"),
    "tensorboard": (write_event_files, "tensorboard"),
    "mlflow": (write_mlflow, "mlflow"),
    "html": (_report, "{}.html"),
    "zip": (write_zip, "{}.zip"),
}

FORMATS = tuple(_FORMS)


class NothingToExportError(Exception):
    """None of the runs that were chosen recorded anything."""


def export(
    chosen: Sequence[Record], formats: Sequence[str], folder: Path, tell: Tell | None = None
) -> list[Path]:
    """Write these runs in each form under `folder`; the files and folders, in the same order.

    All of it is made aside first, so that nothing half-written is left, and a file of an earlier
    export is there until the new one is whole. `tell` may raise to end it. Raises OSError,
    MissingProgramError and NothingToExportError.
    """
    if not any(record.began is not None for record in chosen):
        raise NothingToExportError("none of these runs began: there is nothing to export")
    folder.mkdir(parents=True, exist_ok=True)
    name = _name(chosen)
    made: list[Path] = []
    aside = Path(tempfile.mkdtemp(prefix=".export-", dir=folder))
    try:
        for form in dict.fromkeys(formats):
            write, place = _FORMS[form]
            target = place.format(name)
            if form == "mlflow":  # which names its folder in its files
                _drain(write(chosen, folder / target), form, tell)
                made.append(folder / target)
                continue
            _drain(write(chosen, aside / target), form, tell)
            _put(aside / target, folder / target)
            made.append(folder / target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return made


def _drain(pieces: Iterator[str], form: str, tell: Tell | None) -> None:
    for piece in pieces:
        if tell is not None:
            tell(form, piece)


def _name(chosen: Sequence[Record]) -> str:
    """The file's name of these runs: the experiment's, and how many others there are."""
    first = file_stem(chosen[0].experiment, "runs")
    others = len({record.experiment for record in chosen}) - 1
    return f"{first}-and-{others}-more" if others else first


def _put(made: Path, target: Path) -> None:
    """Move what was made to its place, a file at a time: what else lies there stays."""
    files = [made] if made.is_file() else sorted(path for path in made.rglob("*") if path.is_file())
    for file in files:
        place = target if file == made else target / file.relative_to(made)
        place.parent.mkdir(parents=True, exist_ok=True)
        file.replace(place)
