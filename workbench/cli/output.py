"""Output: results to standard output, remarks to standard error, and a reader who has left."""

import json
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType

#: Columns that a table may take at least.
_LEAST_WIDTH = 110


def emit(text: str) -> None:
    """Write text to standard output. That nobody reads it any more (`| head`) is no error."""
    try:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # What Python still flushes when it ends must go somewhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def emit_json(data: Any) -> None:
    """Write one JSON document to standard output."""
    emit(json.dumps(data, indent=2, allow_nan=False))


def emit_rich(*renderables: "RenderableType") -> None:
    """Write tables and the like to standard output, coloured if it is a terminal."""
    from rich.console import Console

    console = Console(highlight=False)
    # On a narrow terminal it wraps lines: better than numbers cut short.
    console.width = max(console.width, _LEAST_WIDTH)
    with console.capture() as capture:
        for renderable in renderables:
            console.print(renderable)
    emit(capture.get())


def remark(message: str) -> None:
    """Say something on standard error."""
    print(f"workbench: {message}", file=sys.stderr)
