"""Environment: on what a run was made, and whether the process that records it is alive."""

import json
import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil

import workbench
from workbench.spec.files import write_whole

_PACKAGES = ("torch", "numpy", "scikit-learn", "pydantic", "pyarrow", "safetensors")
_CLAIM = "recording.json"

#: The start of a process is known to about this much: the system's clock may be set meanwhile.
_SECONDS_APART = 2.0


def facts() -> dict[str, Any]:
    """Versions, platform and source commit, as JSON data."""
    return {
        "workbench": workbench.__version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "processors": os.cpu_count(),
        "packages": {name: _version(name) for name in _PACKAGES},
        "commit": _commit(),
    }


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _commit() -> str | None:
    """The commit of a source checkout of this program; None where it is installed otherwise."""
    checkout = Path(workbench.__file__).parent.parent
    if not (checkout / ".git").exists():
        return None
    command = ["git", "-C", str(checkout), "rev-parse", "HEAD"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return found.stdout.strip() or None


def claim(folder: Path) -> None:
    """Note that this process records the run in `folder`. Raises OSError."""
    process = psutil.Process()
    data = {"pid": process.pid, "process_started": process.create_time()}
    write_whole(folder / _CLAIM, json.dumps(data).encode())


def release(folder: Path) -> None:
    """Note that nobody records the run any more; works on a full disk too."""
    (folder / _CLAIM).unlink(missing_ok=True)


def is_recording(folder: Path) -> bool:
    """Whether the process that claimed the run is alive (not another with the same number)."""
    try:
        data = json.loads((folder / _CLAIM).read_bytes())
        process = psutil.Process(int(data["pid"]))
        is_same = abs(process.create_time() - float(data["process_started"])) < _SECONDS_APART
        return is_same and process.status() != psutil.STATUS_ZOMBIE
    except (OSError, ValueError, KeyError, TypeError, psutil.Error):
        return False
