"""Commands: what each of them takes; what they do is beside this file."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

import workbench
from workbench.cli import BAD, DONE, FAILED, INTERRUPTED, output
from workbench.cli.fork import fork
from workbench.cli.options import (
    Changes,
    Device,
    InResources,
    Jobs,
    Json,
    On,
    Out,
    Quiet,
    Seeds,
    Terms,
    Threads,
    all_changes,
    resources_of,
)
from workbench.cli.services import Place
from workbench.cli.sweeps.command import sweep

if TYPE_CHECKING:
    from workbench.cli.services import Services

#: What typer raises where arguments are wrong. It names one kind of it; the rest derives from the
#: same class of the click within it, which has no public name.
_WRONG_ARGUMENTS: Any = next(
    kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException"
)

Preset = Annotated[
    str, typer.Argument(help="A preset file, or the name of a shipped preset.", metavar="PRESET")
]


def main(services: "Services", argv: Sequence[str]) -> int:
    """Run one command; returns the exit code."""
    command = _command()
    try:
        # what is wrong with the arguments quotes them, and is said here for that reason
        ended = command.main(
            args=list(argv), prog_name="workbench", obj=services, standalone_mode=False
        )
    except _WRONG_ARGUMENTS as error:
        context = getattr(error, "ctx", None)
        if context is not None:
            output.complain(context.get_usage().splitlines())
        output.remark(error.format_message())
        return BAD
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    return ended if isinstance(ended, int) else DONE


def end_with(work: Callable[[], int]) -> NoReturn:
    """Do the work and end with its exit code; what is wrong is said without a traceback."""
    from workbench.spec.documents.document import PresetError
    from workbench.store.errors import NotARunError, UnknownRunError

    try:
        code = work()
    except PresetError as error:
        output.complain(problem.text(error.source) for problem in error.problems)
        code = BAD
    except (UnknownRunError, NotARunError) as error:
        output.remark(str(error))
        code = BAD
    except OSError as error:
        output.remark(str(error))
        code = FAILED
    raise typer.Exit(code)


@cache
def _command() -> Any:
    """The app as typer's command."""
    return typer.main.get_command(_app())


def _app() -> typer.Typer:
    from workbench.cli.publish.commands import add_commands

    app = typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        help="Multi-task and lifelong learning experiments.\n\n"
        "`workbench [PRESET]` opens the window (with `--in-process` it trains in its own process); "
        "the commands below need none.",
        epilog="Exit codes: 0 done; 1 verified and not equal; 2 bad preset or arguments; "
        "3 diverged; 4 failed; 130 interrupted (checkpoint kept).",
    )
    app.callback()(_options)
    app.command()(run)
    app.command()(check)
    app.command("list")(list_)
    app.command()(show)
    app.command()(schema)
    app.command()(runs)
    app.command()(compare)
    app.command()(resume)
    app.command()(fork)
    app.command()(transfer)
    app.command()(sweep)
    app.command()(download)
    add_commands(app, end_with)
    return app


def _version(is_asked: bool) -> None:
    if is_asked:
        output.emit(f"workbench {workbench.__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")
    ] = False,
) -> None:
    pass


def run(
    context: typer.Context,
    preset: Preset,
    seeds: Seeds = "",
    jobs: Jobs = "1",
    on: On = "",
    resources: InResources = "",
    changes: Changes = None,
    out: Out = None,
    device: Device = "",
    threads: Threads = "",
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Train a preset; print the result table."""
    from workbench.cli.training import n_jobs_of, train

    values, n_jobs = all_changes(changes, seeds, device, threads), n_jobs_of(jobs)
    place = Place(on, resources_of(resources, on))
    arguments = (context.obj, preset, values, out)
    end_with(lambda: train(*arguments, n_jobs=n_jobs, on=place, as_json=json, is_quiet=quiet))


def transfer(
    context: typer.Context,
    preset: Preset,
    pairs: Annotated[
        bool, typer.Option("--pairs", help="Also each two tasks, and which to group.")
    ] = False,
    metric: Annotated[
        list[str] | None,
        typer.Option(
            help="Measure the tasks that have it in this metric; may be repeated.", metavar="KEY"
        ),
    ] = None,
    seeds: Seeds = "",
    jobs: Jobs = "1",
    changes: Changes = None,
    out: Out = None,
    device: Device = "",
    threads: Threads = "",
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Say what learning together does to each task; runs that are there are found again."""
    from workbench.cli.study import transfer
    from workbench.cli.training import n_jobs_of

    arguments = (context.obj, preset, all_changes(changes, seeds, device, threads), out)
    metrics, n_jobs = metric or (), n_jobs_of(jobs)
    end_with(
        lambda: transfer(
            *arguments,
            metrics=metrics,
            has_pairs=pairs,
            n_jobs=n_jobs,
            as_json=json,
            is_quiet=quiet,
        )
    )


def resume(
    context: typer.Context,
    run: Annotated[
        str, typer.Argument(help="A run's id, the start of one, or its folder.", metavar="RUN")
    ],
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Go on with a run from its newest checkpoint."""
    from workbench.cli.training import go_on

    end_with(lambda: go_on(context.obj, run, as_json=json, is_quiet=quiet))


def check(
    context: typer.Context,
    preset: Preset,
    cost: Annotated[
        bool,
        typer.Option("--cost", help="Also say what it takes: parameters, work, memory, examples."),
    ] = False,
) -> None:
    """Say whether a preset can be run, and if not, what is wrong in which line."""
    from workbench.cli.catalogue import check

    end_with(lambda: check(context.obj, preset, has_cost=cost))


def list_(
    context: typer.Context,
    role: Annotated[
        str, typer.Argument(help="One role, such as balancing.", metavar="[ROLE]")
    ] = "",
    json: Json = False,
) -> None:
    """List the methods there are."""
    from workbench.cli.catalogue import list_methods

    end_with(lambda: list_methods(context.obj, role, as_json=json))


def show(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="A method's key, or role.key.", metavar="KEY")],
) -> None:
    """Show one method: its formula, paper and settings."""
    from workbench.cli.catalogue import show

    end_with(lambda: show(context.obj, key))


def schema(context: typer.Context) -> None:
    """Print the JSON Schema of a preset."""
    from workbench.cli.catalogue import print_schema

    end_with(lambda: print_schema(context.obj))


def runs(
    terms: Terms = None,
    groups: Annotated[
        bool, typer.Option("--groups", help="The seeds of one experiment as one line.")
    ] = False,
    json: Json = False,
) -> None:
    """List the runs there are, newest first."""
    from workbench.cli.history import list_runs

    end_with(lambda: list_runs(terms or (), as_json=json, by_group=groups))


def download(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="A family, such as mnist.", metavar="KEY")],
    quiet: Quiet = False,
) -> None:
    """Fetch the data of a family that does not come with the program."""
    from workbench.cli.download import download

    end_with(lambda: download(context.obj, key, is_quiet=quiet))


def compare(
    context: typer.Context,
    runs: Annotated[
        list[str],
        typer.Argument(help="Runs by id, the start of one, or folder.", metavar="RUN..."),
    ],
    json: Json = False,
) -> None:
    """Compare runs: seeds of one experiment together, the others against the pinned or first."""
    from workbench.cli.compare import compare as answer

    end_with(lambda: answer(context.obj, runs, as_json=json))
