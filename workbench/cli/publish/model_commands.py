"""Commands that use a trained model: what each of them takes."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli.options import Json, Quiet

_Run = Annotated[str, typer.Argument(help="A run, as for `resume`.", metavar="RUN")]
_Step = Annotated[
    int | None,
    typer.Option("--at", help="The step at which it was saved; else the last.", min=0),
]


def add_model_commands(app: typer.Typer, end_with: Callable[[Callable[[], int]], Any]) -> None:
    """Add them to an app; `end_with` does the work of one and ends with its exit code."""

    def predict(
        context: typer.Context,
        run: _Run,
        file: Annotated[
            Path, typer.Argument(help="A table, arrays, or pictures, as it learned from.")
        ],
        out: Annotated[
            Path | None, typer.Option(help="Write a CSV or Parquet file; else standard output.")
        ] = None,
        at: _Step = None,
        support: Annotated[
            Path | None,
            typer.Option(help="A model that adapts: a table of a few rows with their answers."),
        ] = None,
        seeds: Annotated[
            bool,
            typer.Option("--seeds", help="Ask every seed of the setup: means and 95 % intervals."),
        ] = False,
        json: Json = False,
        quiet: Quiet = False,
    ) -> None:
        """Say what the model of a run predicts for the rows of a file."""
        from workbench.cli.publish.predict import Asked
        from workbench.cli.publish.predict import predict as answer

        asked = Asked(run, file, support, at, has_seeds=seeds)
        end_with(lambda: answer(context.obj, asked, out, as_json=json, is_quiet=quiet))

    def export_model(
        context: typer.Context,
        run: _Run,
        formats: Annotated[
            str, typer.Option("--format", help="A list of these.", metavar="safetensors,onnx,torch")
        ],
        out: Annotated[Path, typer.Option(help="Where to; it is made.", metavar="DIR")],
        at: _Step = None,
        quiet: Quiet = False,
    ) -> None:
        """Write the model of a run in forms that other programs read."""
        from workbench.cli.publish.export_model import export_model as written

        end_with(lambda: written(context.obj, run, formats, out, at, is_quiet=quiet))

    app.command()(predict)
    app.command("export-model")(export_model)
