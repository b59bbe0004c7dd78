"""What a module drags in decides how fast the program answers."""

import subprocess
import sys
from pathlib import Path

import pytest

import workbench

PACKAGE = Path(workbench.__file__).parent


def modules(folder: str) -> list[str]:
    result = (PACKAGE / folder).rglob("*.py")
    parts = [path.relative_to(PACKAGE.parent).with_suffix("").parts for path in result]
    return sorted(".".join(p[:-1] if p[-1] == "__init__" else p) for p in parts)


def dragged_in(names: list[str]) -> set[str]:
    lines = [*(f"import {name}" for name in names), "import sys", "print(*sys.modules)"]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


@pytest.mark.parametrize(
    "names",
    [["workbench.cli", "workbench.__main__"], modules("spec"), modules("store")],
    ids=["command line", "spec", "store"],
)
def test_neither_torch_nor_qt_is_imported(names: list[str]):
    assert names
    assert dragged_in(names).isdisjoint({"torch", "PySide6", "pyqtgraph", "sklearn"})


def test_the_window_does_not_import_torch():
    assert dragged_in(modules("ui")).isdisjoint({"torch", "sklearn"})


def test_engine_and_methods_do_not_import_qt():
    names = [*modules("engine"), *modules("methods"), *modules("runner")]
    assert dragged_in(names).isdisjoint({"PySide6", "pyqtgraph"})
