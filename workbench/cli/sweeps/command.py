"""The sweep command: what it takes; what it does is in `cli/sweeps/making.py`."""

from typing import Annotated

import typer

from workbench.cli import BAD, output
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
    Threads,
    all_changes,
    resources_of,
)
from workbench.cli.services import Place

_Preset = Annotated[
    str, typer.Argument(help="A preset file, or the name of a shipped one.", metavar="[PRESET]")
]
_Over = Annotated[
    list[str] | None,
    typer.Option(
        help="A setting and what to try: a,b,c or int:1:10 or float:0:1 or log:1e-4:1; may be"
        " repeated. Without it: fixed task weights in all proportions.",
        metavar="KEY=SPACE",
    ),
]
_Trials = Annotated[
    int | None,
    typer.Option(help="How many points to try (20; of a grid, all).", min=1, metavar="N"),
]
_Sampler = Annotated[str, typer.Option(help="grid, random or tpe.", metavar="NAME")]
_Prune = Annotated[bool, typer.Option("--prune", help="End trials that fall behind (Hyperband).")]
_Objective = Annotated[
    list[str] | None,
    typer.Option(
        help="On the validation split: validation (the mean), validation:TASK, forgetting or"
        " average-incremental; several: a Pareto front.",
        metavar="NAME",
    ),
]
_Direction = Annotated[
    list[str] | None, typer.Option(help="auto, max or min, one an objective.", metavar="WAY")
]
_Resume = Annotated[str, typer.Option(help="Go on with the sweep of this name.", metavar="NAME")]
_Points = Annotated[
    int, typer.Option(help="Without --over: how many weightings.", min=1, max=1000, metavar="N")
]
_WithParent = Annotated[bool, typer.Option("--with-parent", hidden=True)]


def sweep(
    context: typer.Context,
    preset: _Preset = "",
    over: _Over = None,
    trials: _Trials = None,
    sampler: _Sampler = "tpe",
    prune: _Prune = False,
    objective: _Objective = None,
    direction: _Direction = None,
    resume: _Resume = "",
    points: _Points = 5,
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
    with_parent: _WithParent = False,
) -> None:
    """Try settings over a space, or fixed task weights; goes on where it was cut short."""
    from workbench.cli.commands import end_with
    from workbench.cli.sweeps import making as work
    from workbench.cli.training import n_jobs_of

    place = Place(on, resources_of(resources, on))

    def outcome() -> int:
        how = work.How(n_jobs_of(jobs), place, out, json, quiet, has_parent=with_parent)
        if refusal := _refusal(preset, over, resume, objective, direction):
            output.remark(refusal)
            return BAD
        if resume:
            return work.resume(context.obj, resume, trials, how)
        values = all_changes(changes, seeds, device, threads)
        if not over:
            return work.weights(context.obj, preset, values, points, how)
        objectives = _asked(objective, direction)
        request = work.Request(tuple(over), sampler, trials, objectives, prune)
        return work.search(context.obj, preset, values, request, how)

    end_with(outcome)


def _refusal(
    preset: str,
    over: list[str] | None,
    resume: str,
    objective: list[str] | None,
    direction: list[str] | None,
) -> str:
    """What is wrong with the arguments together; empty where nothing is."""
    if resume and (preset or over):
        return "--resume names a sweep, which has its own preset and --over"
    if not resume and not preset:
        return "name a PRESET to sweep, or a sweep to go on with (--resume NAME)"
    n_given, n_names = len(direction or ()), len(objective or ("validation",))
    return f"--direction: {n_given} for {n_names} objective(s)" if n_given > n_names else ""


def _asked(objective: list[str] | None, direction: list[str] | None) -> tuple[tuple[str, str], ...]:
    """Objectives with their directions, in the order of both; those that are left out are auto."""
    names, ways = objective or ["validation"], direction or []
    return tuple(zip(names, [*ways, *["auto"] * (len(names) - len(ways))], strict=True))
