"""Whatever the folders are called, every test is collected and every module is looked at."""

import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def modules(*folders: str) -> set[Path]:
    """The Python files under these folders."""
    return {path for folder in folders for path in (ROOT / folder).rglob("*.py")}


def test_every_test_is_collected(pytestconfig: pytest.Config) -> None:
    patterns = pytestconfig.getini("norecursedirs")
    folders = {folder for path in modules("tests") for folder in path.relative_to(ROOT).parts[:-1]}
    assert [name for name in folders if any(fnmatch(name, pattern) for pattern in patterns)] == []


def test_ruff_looks_at_every_module() -> None:
    command = [sys.executable, "-m", "ruff", "check", "--show-files"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seen = {Path(line) for line in done.stdout.splitlines()}
    assert modules("workbench", "tests", "benchmarks", "docs") - seen == set()
