"""Fork: go on from where a run was saved, as another run with other settings."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.options import Changes, Json, Out, Quiet, Threads, all_changes

if TYPE_CHECKING:
    from workbench.spec.documents.document import Document


def fork(
    context: typer.Context,
    run: Annotated[str, typer.Argument(help="A run, as for `resume`.", metavar="RUN")],
    at: Annotated[
        int | None,
        typer.Option(help="The step at which it was saved; else the last.", min=0, metavar="STEP"),
    ] = None,
    changes: Changes = None,
    out: Out = None,
    threads: Threads = "",
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Begin a run where another was saved, with settings changed: --set training.epochs=40."""
    from workbench.cli.commands import end_with
    from workbench.cli.training import train_document

    def work() -> int:
        document = document_of(run, at, all_changes(changes, "", "", threads))
        return train_document(context.obj, document, out, as_json=json, is_quiet=quiet)

    end_with(work)


def document_of(run: str, at: int | None, changes: list[str]) -> "Document":
    """The setup of a run that begins at a checkpoint of another, with changes.

    Raises UnknownRunError, NotARunError and PresetError.
    """
    from workbench.spec import preset
    from workbench.spec.experiments.forks import forked
    from workbench.store.index import Index
    from workbench.store.starts import steps
    from workbench.store.stored_run import read

    row = Index.open().find(run)
    folder = Path(row.path)
    known = steps(folder)
    step = at if at is not None else (known[-1] if known else 0)
    spec = forked(read(folder).spec, row.run_id, step)
    return preset.with_values(preset.parse(preset.text_of(spec), row.run_id), changes)
