"""HistoryBackend: the recorded runs, as the window asks for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from workbench.spec.event import Event
from workbench.spec.experiment import Spec
from workbench.spec.score import Score
from workbench.study import compare


class Row(compare.Row, Protocol):
    """A line of the history: a run, as the panels show it."""

    @property
    def started(self) -> str:
        """When it began, UTC in ISO 8601."""
        ...

    @property
    def seconds(self) -> float | None:
        """Duration in seconds; None where it did not end."""
        ...

    @property
    def acc(self) -> float | None:
        """Mean final score; None where not known."""
        ...

    @property
    def forgetting(self) -> float | None:
        """Mean forgetting of the earlier tasks; None where not known."""
        ...

    @property
    def bwt(self) -> float | None:
        """Mean backward transfer; None where not known."""
        ...

    @property
    def learning_accuracy(self) -> float | None:
        """Mean score just after learning; None where not known."""
        ...

    @property
    def path(self) -> str:
        """The run's directory."""
        ...

    @property
    def tag(self) -> str:
        """The user's word for it; empty if none."""
        ...

    @property
    def starred(self) -> bool:
        """Whether the user marked it."""
        ...

    @property
    def curve(self) -> tuple[float, ...]:
        """Mean validation score of all tasks over the run, in a few points."""
        ...

    @property
    def problem(self) -> str:
        """Why it is damaged; empty if it is not."""
        ...


@dataclass(frozen=True, slots=True)
class Recorded:
    """A run read back."""

    run_id: str
    spec: Spec
    seed: int
    events: list[Event]


class HistoryBackend(Protocol):
    """Where recorded runs are found. Every call may block and may raise OSError."""

    def rows(self) -> Sequence[Row]:
        """Every run, the newest first."""
        ...

    def read(self, folder: Path) -> Recorded:
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

    def rows(self) -> Sequence[Row]:
        """Every run, the newest first. Raises OSError."""
        from workbench.store.index import Index

        return Index.open().rows()

    def read(self, folder: Path) -> Recorded:
        """One run. Raises OSError, also where it is damaged beyond reading."""
        from workbench.store.errors import NotARunError
        from workbench.store.run import read

        try:
            stored = read(folder)
        except NotARunError as error:
            raise OSError(str(error)) from None
        return Recorded(folder.name, stored.spec, stored.seed, stored.events)

    def scores(self, spec: Spec, seed: int) -> Sequence[Score] | None:
        """What the newest finished run of this setup and seed reached. Raises OSError."""
        from workbench.store.index import Index

        row = Index.open().found(spec, seed)
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
