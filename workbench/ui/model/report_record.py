"""ReportRecord: the tables that a run's methods showed of their inside, by source and name."""

from bisect import bisect_right

from workbench.spec.event import Reported, Table
from workbench.spec.shown.samples import Pictures


class ReportRecord:
    """Every table told so far, in the order of steps (Qt-free)."""

    def __init__(self) -> None:
        self._tables: dict[tuple[str, str], tuple[list[int], list[Table]]] = {}
        self._pictures: dict[str, list[tuple[int, tuple[Pictures, ...]]]] = {}

    def __len__(self) -> int:
        return len(self._tables)

    def add(self, event: Reported) -> None:
        """Take a report in; a resumed run tells again what came after its checkpoint."""
        for table in event.tables:
            steps, tables = self._tables.setdefault((event.source, table.name), ([], []))
            while steps and steps[-1] >= event.step:
                steps.pop()
                tables.pop()
            steps.append(event.step)
            tables.append(table)
        if event.pictures:
            shown = self._pictures.setdefault(event.source, [])
            while shown and shown[-1][0] >= event.step:
                shown.pop()
            shown.append((event.step, event.pictures))

    @property
    def sources(self) -> list[str]:
        """Whose tables there are, in the order in which they first came."""
        return list(dict.fromkeys(source for source, _ in self._tables))

    def pictures(self, source: str, step: int | None = None) -> tuple[Pictures, ...]:
        """The newest examples of a memory told up to `step` (None: at all)."""
        shown = self._pictures.get(source, [])
        return next((p for at, p in reversed(shown) if step is None or at <= step), ())

    def names(self, source: str) -> list[str]:
        """Names of the tables of a source, in the order in which they first came."""
        return [name for origin, name in self._tables if origin == source]

    def steps(self, source: str, name: str) -> list[int]:
        """The steps at which a table was told; empty where it never was."""
        return self._tables.get((source, name), ([], []))[0]

    def at(self, source: str, name: str, step: int | None = None) -> Table | None:
        """The newest table told up to `step` (None: at all); None where there is none."""
        steps, tables = self._tables.get((source, name), ([], []))
        place = len(steps) if step is None else bisect_right(steps, step)
        return tables[place - 1] if place else None

    def all(self, source: str, name: str) -> list[tuple[int, Table]]:
        """Each step and the table told at it."""
        steps, tables = self._tables.get((source, name), ([], []))
        return list(zip(steps, tables, strict=True))
