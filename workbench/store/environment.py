"""Environment: on what a run was made."""

import os
import platform
import subprocess
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import workbench
from workbench.spec.event import Began
from workbench.spec.experiment import Spec
from workbench.spec.fingerprint import NUMERICS
from workbench.spec.user_files.aligned import sums_in

_PACKAGES = ("torch", "numpy", "scikit-learn", "pydantic", "pyarrow", "safetensors")


def facts() -> dict[str, Any]:
    """Versions, platform, processor and source commit, as JSON data.

    `is_dirty` says whether the program's own files were others than those of its commit.
    """
    return {
        "workbench": workbench.__version__,
        "numerics": NUMERICS,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "machine": platform.machine(),
        "processor": _processor(),
        "processors": os.cpu_count(),
        "packages": dict(_packages()),
        **_checkout(),
    }


def facts_of_run(began: Began, spec: Spec) -> dict[str, Any]:
    """What a run alone can say once it begins: its device, threads, and data, as JSON data.

    `data` are sums of each task's examples as they are learned from (SHA-256), whatever they were
    made of; `files` are those of the user's own files, by their place in the preset, where the
    preset names them: they are checked when they are read.
    """
    files: dict[str, str] = {}
    for i, choice in enumerate(spec.tasks):
        files |= sums_in(choice.settings, f"tasks.{i}")
    return {
        "device": began.device,
        "threads": began.threads,
        "data": {task.name: task.data for task in began.tasks if task.data},
        "files": files,
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
def _processor() -> str | None:
    """The processor by its name, where the system tells it."""
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as lines:
            named = (line.partition(":") for line in lines)
            return next(name.strip() for key, _, name in named if key.strip() == "model name")
    except (OSError, StopIteration):
        return platform.processor() or None


@cache
def _checkout() -> dict[str, Any]:
    """The commit of a source checkout of this program; None where it is installed otherwise.

    That of the process's first run: what is committed later is not what runs in it.
    """
    unknown = {"commit": None, "is_dirty": None}
    package = Path(workbench.__file__).parent
    if not (package.parent / ".git").exists():
        return unknown
    arguments = [
        "status",
        "--porcelain=v2",
        "--branch",
        "--untracked-files=normal",
        "--",
        package.name,
    ]
    command = ["git", "--no-optional-locks", "-C", str(package.parent), *arguments]
    try:
        completed = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return unknown
    first, *lines = completed.stdout.splitlines() or [""]
    commit = first.removeprefix("# branch.oid ")
    if completed.returncode or commit == first or not commit.isalnum():
        return unknown
    return {"commit": commit, "is_dirty": any(not line.startswith("#") for line in lines)}
