"""What a command printed."""

import json
from typing import Any

import pytest

Capture = pytest.CaptureFixture[str]


#: Keys of a run in a JSON document, in their order.
KEYS = [
    "run_id",
    "path",
    "seed",
    "status",
    "steps",
    "seconds",
    "steps_per_second",
    "tasks",
    "matrix",
    "baseline",
    "summary",
]


def printed_json(capsys: Capture) -> Any:
    """The one JSON document on standard output; fails where a number is not one."""
    return json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
