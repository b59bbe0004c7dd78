"""What the window imports before it can be seen."""

import subprocess
import sys


def test_the_window_is_imported_without_what_takes_long() -> None:
    script = "import sys, workbench.ui.application; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    slow = {"torch", "sklearn", "pyarrow", "pyqtgraph", "jsonschema", "pandas", "rich", "typer"}
    assert slow & set(done.stdout.split()) == set()
