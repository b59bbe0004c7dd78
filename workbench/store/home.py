"""Home: where runs, the index and the catalogue cache are kept."""

from pathlib import Path

from workbench.spec.files import home

__all__ = ["home", "runs_folder"]


def runs_folder() -> Path:
    """The folder of run directories."""
    return home() / "runs"


def scratch_folder() -> Path:
    """The folder of runs that are made to be looked at once: no history has them."""
    return home() / "scratch"
