"""Sight: how a run's directory looks from outside, to tell whether it must be read again.

Sizes and times of its files, not their content: a call of the system a file.
"""

import os
import time

from workbench.store.index_row import is_of_a_run

#: What changed so shortly ago may change once more within a tick of the file system's clock.
SETTLED_NS = 2_000_000_000


def names_in(folder: str) -> tuple[str, ...]:
    """The names of a run's files in a folder, sorted. Raises OSError."""
    with os.scandir(folder) as entries:
        return tuple(sorted(entry.name for entry in entries if is_of_a_run(entry.name)))


def sight(folder: str, names: tuple[str, ...]) -> str:
    """How the folder and its files of these names look; empty where that may not be trusted yet.

    While the folder looks as before, its files have the names that they had.
    """
    stat = os.stat
    try:
        facts = [stat(folder), *[stat(f"{folder}/{name}") for name in names]]
    except OSError:
        return ""
    seen = tuple([(one.st_ctime_ns, one.st_mtime_ns, one.st_size) for one in facts])
    # A clock that was set back leaves times to come: such a run is read each time.
    if max(seen)[0] >= time.time_ns() - SETTLED_NS:
        return ""
    return f"{hash(seen):x}"  # of numbers alone: the same in every process
