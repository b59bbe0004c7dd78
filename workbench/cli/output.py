"""Output: results to standard output, remarks to standard error, and a reader who has left.

The one room of the command line that writes to a terminal. What it is given is text and nothing
else: no markup, and no character that a terminal would obey.
"""

import json
import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from workbench.spec.text import visible, visible_lines

if TYPE_CHECKING:
    from rich.table import Table

#: Columns that a table may take at least.
_LEAST_WIDTH = 110


def emit(text: str) -> None:
    """Write text to standard output; of its lines, each is the caller's."""
    _write(visible_lines(text))


def _write(text: str) -> None:
    """Write what may hold colours. That nobody reads it any more (`| head`) is no error."""
    try:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # What Python still flushes when it ends must go somewhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def emit_json(data: Any) -> None:
    """Write one JSON document to standard output."""
    emit(json.dumps(data, indent=2, allow_nan=False))


def emit_tables(*tables: "Table") -> None:
    """Write tables, made by `cli/tables.py`, to standard output, coloured if it is a terminal."""
    from rich.console import Console

    console = Console(highlight=False)
    # On a narrow terminal it wraps lines: better than numbers cut short.
    console.width = max(console.width, _LEAST_WIDTH)
    with console.capture() as capture:
        for table in tables:
            console.print(table)
    _write(capture.get())


def remark(message: str) -> None:
    """Say something on standard error; further lines of it are set in, to be seen as its own."""
    lines = message.splitlines() or [""]
    print("workbench: " + "\n  ".join(visible(line) for line in lines), file=sys.stderr)


def complain(lines: Iterable[str]) -> None:
    """Say on standard error what is wrong with a file, a line each, as compilers do."""
    for line in lines:
        print(visible(line), file=sys.stderr)


def show_state(text: str | None) -> None:
    """Have the last line of standard error say `text`, in the place of what it said; None ends."""
    end = "\n" if text is None else ""
    print("" if text is None else f"\r\033[K{visible(text)}", end=end, file=sys.stderr, flush=True)
