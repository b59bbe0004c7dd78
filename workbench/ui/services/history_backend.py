"""HistoryBackend: the recorded runs, as the window asks for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from workbench.spec.event import Event
from workbench.spec.experiment import Spec
from workbench.spec.experiments.flat_settings import Value
from workbench.spec.files import home
from workbench.spec.run_row import RunRow
from workbench.spec.score import Score


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run read back."""

    run_id: str
    spec: Spec
    seed: int
    events: list[Event]


@dataclass(frozen=True, slots=True)
class DeletedRun:
    """A run in the trash: where it is, where it was, and when it was deleted, in UTC."""

    path: str
    origin: str
    when: str


class HistoryBackend(Protocol):
    """Where recorded runs are found. Every call may block and may raise OSError."""

    def rows(self) -> Sequence[RunRow]:
        """Every run, the newest first."""
        ...

    def known_rows(self) -> Sequence[RunRow]:
        """What `rows` gave last, at once; it may be old."""
        ...

    def settings(self, rows: Sequence[RunRow]) -> Mapping[str, Mapping[str, Value]]:
        """The flat settings of runs, by their paths."""
        ...

    def look(self, going_on: Sequence[str]) -> object:
        """How the history looks from outside: another value says that `rows` may be others by now.

        Cheap enough for every second. `going_on` are the folders of runs that are being recorded.
        """
        ...

    def read(self, folder: Path) -> RunRecord:
        """One run."""
        ...

    def scores(self, spec: Spec, seed: int) -> Sequence[Score] | None:
        """What the newest finished run of this setup and seed reached; None if there is none."""
        ...

    def label(self, folder: Path, changes: Mapping[str, str | bool]) -> None:
        """Change what the user says of a run: `tag`, `starred`, `name`, `note`, `pinned`."""
        ...

    def delete(self, folder: Path) -> DeletedRun:
        """Move a run into the trash."""
        ...

    def trash(self) -> Sequence[DeletedRun]:
        """What is in the trash, the last deleted first."""
        ...

    def restore(self, deleted: DeletedRun) -> None:
        """Put a run back where it was."""
        ...

    def empty_trash(self, chosen: Sequence[DeletedRun]) -> None:
        """Delete these runs of the trash for good."""
        ...

    def starts(self, folder: Path) -> Sequence[int]:
        """The steps of a run at which another can begin, the first one first."""
        ...

    def can_resume(self, folder: Path) -> bool:
        """Whether there is a checkpoint to go on from."""
        ...


def _changed_at(place: str) -> int:
    try:
        return Path(place).stat().st_mtime_ns
    except OSError:
        return 0


class StoredHistory:
    """The history in the data directory."""

    def rows(self) -> Sequence[RunRow]:
        """Every run, the newest first. Raises OSError."""
        from workbench.store.index import Index

        return Index.open().rows()

    def known_rows(self) -> Sequence[RunRow]:
        """What `rows` gave last, at once. Raises OSError."""
        from workbench.store.index import Index

        return Index.open().known_rows()

    def settings(self, rows: Sequence[RunRow]) -> Mapping[str, Mapping[str, Value]]:
        """The flat settings of runs, by their paths. Raises OSError."""
        from workbench.store.index import Index

        return Index.open().settings(rows)

    def look(self, going_on: Sequence[str]) -> object:
        """The times of the folder of runs, and of those that go on."""
        folder = home()
        places = [str(folder / "runs"), str(folder / "elsewhere.jsonl"), *going_on]
        places += [f"{place}/events.jsonl" for place in going_on]
        return {place: _changed_at(place) for place in places}

    def read(self, folder: Path) -> RunRecord:
        """One run. Raises OSError, also where it is damaged beyond reading."""
        from workbench.store.errors import NotARunError
        from workbench.store.run import read

        try:
            stored = read(folder)
        except NotARunError as error:
            raise OSError(str(error)) from None
        return RunRecord(folder.name, stored.spec, stored.seed, stored.events)

    def scores(self, spec: Spec, seed: int) -> Sequence[Score] | None:
        """What the newest finished run of this setup and seed reached. Raises OSError."""
        from workbench.store.index import Index

        row = Index.open().find_done(spec, seed)
        return row.scores if row is not None else None

    def label(self, folder: Path, changes: Mapping[str, str | bool]) -> None:
        """Change what the user says of a run. Raises OSError."""
        from workbench.store.errors import UnknownRunError
        from workbench.store.labels import label

        try:
            label(folder, changes)
        except UnknownRunError as error:  # another program took it away
            raise OSError(str(error)) from None

    def delete(self, folder: Path) -> DeletedRun:
        """Move a run into the trash. Raises OSError: one that is recorded stays."""
        from workbench.store import trash

        deleted = trash.delete(home(), folder)
        return DeletedRun(deleted.path, deleted.origin, deleted.when)

    def trash(self) -> Sequence[DeletedRun]:
        """What is in the trash, the last deleted first. Raises OSError."""
        from workbench.store import trash

        return [DeletedRun(one.path, one.origin, one.when) for one in trash.contents(home())]

    def restore(self, deleted: DeletedRun) -> None:
        """Put a run back where it was. Raises OSError."""
        from workbench.store import trash

        trash.restore(trash.Deleted(deleted.path, deleted.origin, deleted.when))

    def empty_trash(self, chosen: Sequence[DeletedRun]) -> None:
        """Delete these runs of the trash for good. Raises OSError."""
        from workbench.store import trash

        trash.empty(home(), [trash.Deleted(one.path, one.origin, one.when) for one in chosen])

    def can_resume(self, folder: Path) -> bool:
        """Whether there is a checkpoint to go on from."""
        checkpoint = folder / "checkpoint"
        return checkpoint.is_dir() and any(checkpoint.iterdir())

    def starts(self, folder: Path) -> Sequence[int]:
        """The steps of a run at which another can begin, the first one first. Raises OSError."""
        from workbench.store.starts import steps

        return steps(folder)
