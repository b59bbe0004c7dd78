"""Export: runs and whole experiments in the forms that other programs read."""

import contextlib
import sys
from collections.abc import Sequence
from pathlib import Path

from workbench.cli import BAD, DONE, INTERRUPTED, output
from workbench.cli.publish.commands import FORMATS
from workbench.publish.export import NothingToExportError
from workbench.publish.export import export as write
from workbench.publish.forms.tracking import MissingProgramError
from workbench.publish.record import records
from workbench.spec.text import visible
from workbench.store.errors import UnknownRunError
from workbench.store.index import Index
from workbench.store.index_row import holds_a_run


def export(runs: Sequence[str], formats: str, out: Path, *, is_quiet: bool) -> int:
    """Write runs in some forms; the exit code. Raises UnknownRunError, NotARunError, OSError."""
    forms = [form.strip() for form in formats.split(",") if form.strip()]
    unknown = [form for form in forms if form not in FORMATS]
    if unknown or not forms:
        hint = f"; found '{unknown[0]}'" if unknown else ""
        output.remark(f"--format wants some of {', '.join(FORMATS)}{hint}")
        return BAD
    index = Index.open()
    folders = [folder for text in runs for folder in folders_of(index, text)]
    chosen = records(folders)
    for record in chosen:
        if record.stored.problem:
            output.remark(f"{record.run_id} is damaged: {record.stored.problem}")
    is_shown = not is_quiet and sys.stderr.isatty()

    def tell(form: str, piece: str) -> None:
        if is_shown:
            output.show_state(f"{form}: {piece}")

    try:
        made = write(chosen, forms, out.absolute(), tell)
    except (MissingProgramError, NothingToExportError) as error:
        output.remark(str(error))
        return BAD
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        if is_shown:
            output.show_state(None)
    for path in made:
        output.emit(visible(str(path)))
    return DONE


def folders_of(index: Index, text: str) -> list[Path]:
    """The runs that a text means: one, those of an experiment by its name, or those in a folder.

    Raises UnknownRunError and OSError.
    """
    try:
        return [Path(index.find(text).path)]
    except UnknownRunError:
        rows = [row for row in index.rows() if row.name.casefold() == text.casefold()]
        rows = rows or [row for row in index.rows() if text and row.run_id.startswith(text)]
        if rows:
            return [Path(row.path) for row in reversed(rows)]
        folders: list[Path] = []
        with contextlib.suppress(OSError, ValueError):  # it may be no path at all
            inside = sorted(path for path in Path(text).expanduser().iterdir() if path.is_dir())
            folders = [path for path in inside if holds_a_run(path)] if text else []
        if not folders:
            raise
        return folders
