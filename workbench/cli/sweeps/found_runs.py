"""Sweep runs: the runs that a sweep finds in the history, its own among them."""

import contextlib
import os
import time
from pathlib import Path

from workbench.spec.event import Event
from workbench.spec.experiment import Spec
from workbench.spec.fingerprint import fingerprint
from workbench.spec.run_row import RunRow
from workbench.store.claim import is_claimed
from workbench.store.errors import UnknownRunError
from workbench.store.home import runs_folder
from workbench.store.index import Index
from workbench.store.index_row import row_at
from workbench.store.labels import label
from workbench.store.stored_run import LABELS, read_events

#: A child whose parent was killed goes on to its next checkpoint, for a second at most.
_PATIENCE_SECONDS, _WAIT_SECONDS = 5.0, 0.05

#: How a run may have ended so that it can be gone on with.
_CUT_SHORT = ("interrupted", "stopped")


class SweepRuns:
    """Looks runs up for one sweep, and has new ones say that they are of it.

    The sweep's own runs are known by their names, which are in their presets from the first moment.
    """

    def __init__(self, sweep: str, root: Path | None = None) -> None:
        """Read the history. Raises OSError."""
        self.sweep = sweep
        self.root = runs_folder() if root is None else root
        self._rows: dict[tuple[str, int], list[RunRow]] = {}
        for row in Index.open().rows():
            self._rows.setdefault((row.fingerprint, row.seed), []).append(row)

    def find(self, spec: Spec, seed: int) -> tuple[str, Path] | None:
        """A run that is done on this setup and seed, or the sweep's own: its status, its folder.

        Of the sweep's own one that diverged or failed is not made again, and one that was cut short
        can be gone on with.
        """
        rows = self._rows.get((fingerprint(spec), seed), [])
        own = {row.path for row in rows if row.name == spec.name or self.sweep in row.tags}
        rows = [_ended(row) if row.path in own else row for row in rows]
        most = os.cpu_count() or 1
        for row in rows:
            if row.status == "done" and (row.threads or 1) <= most:
                return row.status, Path(row.path)
        for row in rows:
            if row.path in own and row.status in ("diverged", "failed", *_CUT_SHORT):
                return row.status, Path(row.path)
        return None

    def events(self, folder: Path) -> list[Event]:
        """What a run told, as far as it can be read."""
        try:
            return read_events(folder).events
        except OSError:
            return []

    def label(self, run_id: str) -> Path:
        """Have a new run carry the sweep's name as its tag; its folder."""
        folder = self.root / run_id
        if not (folder / LABELS).exists():
            # A tag is for those who look: the name decides.
            with contextlib.suppress(OSError, UnknownRunError):
                label(folder, {"tag": self.sweep})
        return folder


def _ended(row: RunRow) -> RunRow:
    """The row once nobody records the run any more."""
    end = time.monotonic() + _PATIENCE_SECONDS
    folder = Path(row.path)
    was_running = row.status == "running"
    while is_claimed(folder) and time.monotonic() < end:
        was_running = True
        time.sleep(_WAIT_SECONDS)
    return (row_at(folder) or row) if was_running else row
