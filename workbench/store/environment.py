"""Environment: on what a run was made."""

import os
import platform
import subprocess
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import workbench
from workbench.spec.fingerprint import NUMERICS

_PACKAGES = ("torch", "numpy", "scikit-learn", "pydantic", "pyarrow", "safetensors")


def facts() -> dict[str, Any]:
    """Versions, platform and source commit, as JSON data."""
    return {
        "workbench": workbench.__version__,
        "numerics": NUMERICS,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "processors": os.cpu_count(),
        "packages": dict(_packages()),
        "commit": _commit(),
    }


@cache
def _packages() -> dict[str, str | None]:
    """Versions of what a run's figures rest on; in a process they stay what they were."""
    return {name: _version(name) for name in _PACKAGES}


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


@cache
def _commit() -> str | None:
    """The commit of a source checkout of this program; None where it is installed otherwise.

    That of the process's first run: what is committed later is not what runs in it.
    """
    checkout = Path(workbench.__file__).parent.parent
    if not (checkout / ".git").exists():
        return None
    command = ["git", "-C", str(checkout), "rev-parse", "HEAD"]
    try:
        completed = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return completed.stdout.strip() or None
