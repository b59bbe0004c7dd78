"""Commands that use what a run left, its record and its model: what each of them takes."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli.options import Json, Quiet
from workbench.cli.publish.model_commands import add_model_commands

#: Those of `workbench.publish.export`, which is imported only when one is wanted.
FORMATS = ("csv", "parquet", "tensorboard", "mlflow", "html", "zip")


def add_commands(app: typer.Typer, end_with: Callable[[Callable[[], int]], Any]) -> None:
    """Add them to an app; `end_with` does the work of one and ends with its exit code."""

    def verify(
        context: typer.Context,
        run: Annotated[str, typer.Argument(help="A run, as for `resume`.", metavar="RUN")],
        json: Json = False,
        quiet: Quiet = False,
    ) -> None:
        """Make a run again from its own record, and say whether it is the same bit for bit."""
        from workbench.cli.publish.verify import verify as proven

        end_with(lambda: proven(context.obj, run, as_json=json, is_quiet=quiet))

    def translate(
        context: typer.Context,
        run: Annotated[str, typer.Argument(help="A run, as for `resume`.", metavar="RUN")],
        texts: Annotated[list[str] | None, typer.Argument(help="Else standard input.")] = None,
        to: Annotated[str, typer.Option(help="Targets: de,fr; else all.", metavar="LANG,…")] = "",
        source: Annotated[str, typer.Option("--from", metavar="LANG")] = "",
        width: Annotated[int, typer.Option(help="Answers side by side.", min=1, max=64)] = 1,
        json: Json = False,
    ) -> None:
        """Say what the model of a run answers to texts."""
        from workbench.cli.translate import translate as answer

        arguments = (context.obj, run, texts or (), to, source)
        end_with(lambda: answer(*arguments, width=width, as_json=json))

    def export(
        runs: Annotated[
            list[str],
            typer.Argument(
                help="Runs by id, the start of one, or folder; or all those of an experiment by"
                " its name, or in a folder.",
                metavar="RUN...",
            ),
        ],
        formats: Annotated[
            str, typer.Option("--format", help="A list of these.", metavar=",".join(FORMATS))
        ],
        out: Annotated[Path, typer.Option(help="Where to; it is made.", metavar="DIR")],
        quiet: Quiet = False,
    ) -> None:
        """Write results in the forms that other programs read; a report; an archive."""
        from workbench.cli.publish.export import export as written

        end_with(lambda: written(runs, formats, out, is_quiet=quiet))

    app.command()(export)
    app.command()(translate)
    app.command()(verify)
    add_model_commands(app, end_with)
