"""Files for the families that need one: small real data, made once for all tests."""

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from workbench.spec.sources import digest

PRESETS = Path(__file__).parents[2] / "presets"


@cache
def settings_of(key: str) -> dict[str, Any]:
    """The settings that a family needs to have tasks at all; empty where it needs none."""
    return _MAKERS[key]() if key in _MAKERS else {}


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="workbench-contracts-")


def _table() -> dict[str, Any]:
    file = PRESETS / "data" / "iris.csv"
    targets = {"species": "classes", "petal width": "values"}
    return {"file": str(file), "sha256": digest(file), "targets": targets}


_MAKERS: dict[str, Callable[[], dict[str, Any]]] = {"table": _table}
