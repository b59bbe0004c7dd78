"""Services: what the command line needs of the other sides, which it never imports."""

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from workbench.spec.command import Command
    from workbench.spec.entry import Catalogue
    from workbench.spec.event import Event
    from workbench.spec.experiment import Spec
    from workbench.spec.experiments.job import Job
    from workbench.spec.experiments.resources import Resources
    from workbench.spec.question import Columns, Question, Tell
    from workbench.spec.user_files.file_facts import FileFacts


class Runner(Protocol):
    """Trains; each run is recorded as it goes."""

    def run(self, spec: "Spec", seed: int, root: Path | None) -> "Iterator[Event]":
        """A new run, recorded in `root / Began.run_id` (by default in the user's runs)."""
        ...

    def resume(self, folder: Path) -> "Iterator[Event]":
        """Go on with a run."""
        ...

    def ask(self, question: "Question", tell: "Tell | None" = None) -> Any:
        """The answer to a question. Raises RefusedError where there is none."""
        ...

    def send(self, command: "Command") -> None:
        """Ask something of the run that goes on. Also called from a signal handler."""
        ...

    def close(self) -> None:
        """End what the runner holds."""
        ...


class Pool(Protocol):
    """Trains several runs side by side, each in a process of its own."""

    def ask(self, question: "Question") -> Any:
        """The answer to a question, before any run. Raises RefusedError, ChildProcessError."""
        ...

    def limit(self, n_children: int) -> None:
        """Run no more than so many at once."""
        ...

    def run(self, jobs: "Iterable[Job]") -> "Generator[tuple[int, Event]]":
        """The events of all jobs as they come, each with its job's number."""
        ...

    def send(self, command: "Command", number: int | None = None) -> None:
        """Ask something of one run, or of all that go on. Any thread may."""
        ...

    def stop(self) -> None:
        """Begin no further run, and end those that go on. Any thread may."""
        ...

    def close(self) -> None:
        """End every process."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where runs train: a cluster's address, and what each takes there; here where it is empty."""

    address: str = ""
    resources: "Resources | None" = None


HERE = Place()


class Services(Protocol):
    """The other sides, each made when it is first asked for."""

    def catalogue(self) -> "Catalogue":
        """The catalogue, from disk where it is kept."""
        ...

    def runner(self) -> Runner:
        """A runner in this process."""
        ...

    def first_look(self, question: "Columns") -> "FileFacts | None":
        """What is in a file of the user's, by its first rows; None where it cannot be read."""
        ...

    def pool(self, n_children: int) -> Pool:
        """Processes for so many runs at once, already starting."""
        ...

    def cluster(
        self, address: str, n_children: int | None, resources: "Resources | None" = None
    ) -> Pool:
        """A Ray cluster's machines, for so many runs at once. Raises RefusedError."""
        ...

    def window(self, preset: str | None, *, in_process: bool = False) -> int:
        """Open the window; returns the exit code. Runs train in a child, or in its process."""
        ...
