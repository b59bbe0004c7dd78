"""Home: the folder of the program's data."""

import os
from pathlib import Path

import platformdirs


def home() -> Path:
    """`WORKBENCH_HOME`, or the platform's folder for a program's data."""
    chosen = os.environ.get("WORKBENCH_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    return Path(platformdirs.user_data_dir("workbench", appauthor=False))
