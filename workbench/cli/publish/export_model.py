"""Export-model: the model of a run in forms that other programs read."""

import sys
from pathlib import Path

from workbench.cli import BAD, DONE, output
from workbench.cli.services import Services
from workbench.spec.question import ExportModel, RefusedError
from workbench.spec.text import visible
from workbench.store.index import Index
from workbench.store.stored_run import read


def export_model(
    services: Services, run: str, formats: str, out: Path, at: int | None, *, is_quiet: bool
) -> int:
    """Write the files; the exit code. Raises UnknownRunError, NotARunError and OSError."""
    folder = Path(Index.open().find(run).path)
    stored = read(folder)
    asked = tuple(dict.fromkeys(form.strip() for form in formats.split(",") if form.strip()))
    question = ExportModel(stored.spec, stored.seed, str(folder), str(out.absolute()), asked, at)
    is_shown = not is_quiet and sys.stderr.isatty()

    def tell(share: float | None, text: str) -> None:
        if is_shown:
            output.show_state(text if share is None else f"{text}: {share:.0%}")

    try:
        written: tuple[str, ...] = services.runner().ask(question, tell)
    except RefusedError as error:
        output.remark(str(error))
        return BAD
    finally:
        if is_shown:
            output.show_state(None)
    for path in written:
        output.emit(visible(path))
    return DONE
