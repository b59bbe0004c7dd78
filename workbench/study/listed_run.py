"""ListedRun: a line of the history with its settings, as filters, columns and groups read it."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from workbench.spec.experiment import CHOICES
from workbench.spec.experiments.flat_settings import Value
from workbench.spec.run_row import RunRow

NO_SETTINGS: Mapping[str, Value] = MappingProxyType({})

#: How a column of what was reached on a task is named.
OF_SCORES = "score."


class ListedRun:
    """A run of the history. `settings` are flat; none where they are not known yet."""

    __slots__ = ("_search_text", "_started", "row", "settings")

    def __init__(self, row: RunRow, settings: Mapping[str, Value] = NO_SETTINGS) -> None:
        self.row = row
        self.settings = settings
        self._search_text: str | None = None
        self._started: str | None = None

    @property
    def search_text(self) -> str:
        """What words are searched in, in small letters: name, id, tags, note and methods."""
        if self._search_text is None:
            row, known = self.row, self.settings
            methods = [str(known.get(f"{name}.kind", "")) for name in CHOICES]
            parts = (row.name, row.run_id, row.tag, row.note, *methods, str(known.get("tasks", "")))
            self._search_text = "\n".join(parts).lower()
        return self._search_text

    @property
    def started(self) -> str:
        """When it began, by this machine's clock: `2026-11-30 18:05`; empty: not known."""
        if self._started is None:
            self._started = local_time(self.row.started)
        return self._started

    def number(self, key: str) -> float | None:
        """A number of the line, or a measure, or by `score.TASK` what was reached on a task."""
        if key.startswith(OF_SCORES):
            task = key[len(OF_SCORES) :]
            return next((one.value for one in self.row.scores if one.task == task), None)
        value = self.row.measures.get(key)
        return value if value is not None else getattr(self.row, key, None)


def local_time(started: str) -> str:
    """A time in UTC as ISO 8601 writes it by this machine's clock: `2026-11-30 18:05`."""
    try:
        return datetime.fromisoformat(started).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return started
