"""The command line: what other programs and screens without a window use (no Qt, no torch)."""

import difflib
import os
import sys
from collections.abc import Sequence

from workbench.cli.services import Services

#: Exit codes.
DONE, UNEQUAL, BAD, DIVERGED, FAILED, INTERRUPTED = 0, 1, 2, 3, 4, 130

#: Trains in the window's own process, for debugging and where no child can be started.
IN_PROCESS = "--in-process"

COMMANDS = (
    "run",
    "check",
    "list",
    "show",
    "schema",
    "runs",
    "compare",
    "resume",
    "fork",
    "download",
    "transfer",
    "sweep",
    "translate",
    "predict",
    "export-model",
    "verify",
    "export",
)


def main(services: Services, argv: Sequence[str]) -> int:
    """Do what the arguments say; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")  # a terminal that lacks a letter is no reason to fail
    if IN_PROCESS in argv:
        rest = [argument for argument in argv if argument != IN_PROCESS]
        if not rest or not (rest[0] in COMMANDS or rest[0].startswith("-")):
            return _window(services, rest, in_process=True)
        return _refused(f"{IN_PROCESS} is about the window; commands train in their own process")
    if argv and (argv[0] in COMMANDS or argv[0].startswith("-")):
        from workbench.cli import commands

        return commands.main(services, argv)
    return _window(services, argv, in_process=False)


def _window(services: Services, argv: Sequence[str], *, in_process: bool) -> int:
    if len(argv) > 1:
        return _refused(f"one preset at most, or a command ({', '.join(COMMANDS)})")
    name = argv[0] if argv else None
    if name is not None and not os.path.exists(name):  # noqa: PTH110 - any text, even a bad path
        from workbench.spec.files import gallery

        shipped = [path.stem for path in gallery()]
        if name not in shipped:
            near = difflib.get_close_matches(name, [*COMMANDS, *shipped], n=1)
            hint = f"; did you mean '{near[0]}'?" if near else "; see `workbench --help`"
            return _refused(f"there is no command or preset '{name}'{hint}")
    return services.window(name, in_process=in_process)


def _refused(message: str) -> int:
    from workbench.cli import output

    output.remark(message)
    return BAD
