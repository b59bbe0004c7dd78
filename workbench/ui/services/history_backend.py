"""HistoryBackend: the recorded runs, as the window asks for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from workbench.spec.event import Event
from workbench.spec.experiment import Spec
from workbench.spec.run_row import RunRow
from workbench.spec.score import Score


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run read back."""

    run_id: str
    spec: Spec
    seed: int
    events: list[Event]


class HistoryBackend(Protocol):
    """Where recorded runs are found. Every call may block and may raise OSError."""

    def rows(self) -> Sequence[RunRow]:
        """Every run, the newest first."""
        ...

    def read(self, folder: Path) -> RunRecord:
        """One run."""
        ...

    def scores(self, spec: Spec, seed: int) -> Sequence[Score] | None:
        """What the newest finished run of this setup and seed reached; None if there is none."""
        ...

    def set_star(self, run_id: str, starred: bool) -> None:
        """Star a run, or not."""
        ...

    def set_tag(self, run_id: str, tag: str) -> None:
        """Tag a run."""
        ...

    def can_resume(self, folder: Path) -> bool:
        """Whether there is a checkpoint to go on from."""
        ...


class StoredHistory:
    """The history in the data directory."""

    def rows(self) -> Sequence[RunRow]:
        """Every run, the newest first. Raises OSError."""
        from workbench.store.index import Index

        return Index.open().rows()

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

    def set_star(self, run_id: str, starred: bool) -> None:
        """Star a run, or not. Raises OSError."""
        from workbench.store.errors import UnknownRunError
        from workbench.store.index import Index

        try:
            Index.open().set_star(run_id, starred)
        except UnknownRunError as error:  # another program took it away
            raise OSError(str(error)) from None

    def set_tag(self, run_id: str, tag: str) -> None:
        """Tag a run. Raises OSError."""
        from workbench.store.errors import UnknownRunError
        from workbench.store.index import Index

        try:
            Index.open().set_tag(run_id, tag)
        except UnknownRunError as error:  # another program took it away
            raise OSError(str(error)) from None

    def can_resume(self, folder: Path) -> bool:
        """Whether there is a checkpoint to go on from."""
        checkpoint = folder / "checkpoint"
        return checkpoint.is_dir() and any(checkpoint.iterdir())
