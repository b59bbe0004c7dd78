"""Scratch: a folder for a run that is made again, gone when it was compared."""

import contextlib
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path
from time import time

from workbench.store.claim import is_claimed
from workbench.store.home import scratch_folder

#: What a process that was killed left behind is taken away once it is so old.
_SECONDS = 3600


@contextlib.contextmanager
def scratch() -> Generator[Path]:
    """A folder of its own for runs that no history has. Raises OSError."""
    top = scratch_folder()
    top.mkdir(parents=True, exist_ok=True)
    _sweep(top)
    folder = Path(tempfile.mkdtemp(dir=top))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            top.rmdir()


def _sweep(top: Path) -> None:
    """Take away what was left behind, but what somebody still records."""
    for folder in top.iterdir():
        with contextlib.suppress(OSError):
            is_old = folder.stat().st_mtime < time() - _SECONDS
            if is_old and not any(is_claimed(run) for run in folder.iterdir() if run.is_dir()):
                shutil.rmtree(folder, ignore_errors=True)
