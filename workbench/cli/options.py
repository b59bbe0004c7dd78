"""Options that several commands have."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from workbench.spec.experiments.resources import Resources


Seeds = Annotated[str, typer.Option(help="One run for each: 0,1,2 or 0..4.", metavar="SEEDS")]


Changes = Annotated[
    list[str] | None,
    typer.Option("--set", help="Change the preset, as in training.epochs=5.", metavar="A.B=V"),
]


Out = Annotated[Path | None, typer.Option(help="Folder for the run directories.", file_okay=False)]


Device = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:N or mps.")]


Jobs = Annotated[
    str,
    typer.Option(
        help="Runs that train side by side: a number, or auto for as many as there is room for.",
        metavar="N|auto",
    ),
]


On = Annotated[
    str,
    typer.Option(
        help="Train on a Ray cluster: ray (begun on this machine), or its address.",
        metavar="ray|ADDRESS",
    ),
]


InResources = Annotated[
    str,
    typer.Option(
        "--resources",
        help="With --on: what a run takes of a machine, as cpu=2,gpu=1,memory=4GB (cpu=1; gpu as"
        " the setup asks).",
        metavar="KEY=N,…",
    ),
]


Threads = Annotated[str, typer.Option(help="Processor threads, or auto.", metavar="N")]


Terms = Annotated[
    list[str] | None,
    typer.Argument(
        help="Which, all of them together: words, acc>0.8, retention:ewc, tag:paper, lr<0.01.",
        metavar="[FILTER]",
    ),
]


Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


Quiet = Annotated[bool, typer.Option("--quiet", help="No progress bar, no remarks.")]


def resources_of(text: str, on: str) -> "Resources | None":
    """What each run takes of a cluster; None where nobody says. Raises typer.BadParameter."""
    from workbench.spec.experiments import resources

    if not text:
        return None
    if not on:
        raise typer.BadParameter("--resources is of a cluster: name one with --on")
    try:
        return resources.resources_of(text)
    except ValueError as error:
        raise typer.BadParameter(f"--resources: {error}") from None


def all_changes(changes: list[str] | None, seeds: str, device: str, threads: str) -> list[str]:
    """Every change of the preset that the options ask for."""
    from workbench.cli.training import seeds_of

    values = list(changes or [])
    if seeds:
        values.append(f"seeds={seeds_of(seeds)}")
    if device:
        values.append(f"device={device}")
    if threads:
        values.append(f"training.threads={threads}")
    return values
