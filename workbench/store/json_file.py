"""JSON files: small ones, read without trusting them."""

import json
import os
import stat
from pathlib import Path
from typing import Any, cast

#: No file that is read here is larger.
_MOST_BYTES = 16_000_000


class JsonError(ValueError):
    """What was read is not one JSON object; the message says why."""


def object_of(text: bytes) -> dict[str, Any]:
    """The JSON object of a text. Raises JsonError, whatever the text holds."""
    if not text.strip(b" \t\r\n\0"):
        raise JsonError("it is empty")
    try:
        data = json.loads(text)
    except UnicodeDecodeError:
        raise JsonError("it is not UTF-8 text") from None
    except RecursionError:
        raise JsonError("it is nested too deeply") from None
    except ValueError:
        raise JsonError("it is cut short, or not JSON") from None
    if not isinstance(data, dict):
        raise JsonError(f"a JSON object was expected, and a {type(data).__name__} found")
    return cast("dict[str, Any]", data)


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object in a file. Raises JsonError, and FileNotFoundError or another OSError."""
    # Asked without waiting: a pipe in the file's place would be waited for without end.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise JsonError("it is not a file")
    with os.fdopen(handle, "rb") as file:
        text = file.read(_MOST_BYTES + 1)
    if len(text) > _MOST_BYTES:
        raise JsonError(f"it is larger than {_MOST_BYTES // 1_000_000} MB")
    return object_of(text)
