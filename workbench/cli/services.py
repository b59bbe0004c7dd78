"""Services: what the command line needs of the other sides, which it never imports."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from workbench.spec.command import Command
    from workbench.spec.entry import Catalogue
    from workbench.spec.event import Event
    from workbench.spec.experiment import Spec
    from workbench.spec.question import Question, Tell


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


class Services(Protocol):
    """The other sides, each made when it is first asked for."""

    def catalogue(self) -> "Catalogue":
        """The catalogue, from disk where it is kept."""
        ...

    def runner(self) -> Runner:
        """A runner in this process."""
        ...

    def window(self, preset: str | None, *, in_process: bool = False) -> int:
        """Open the window; returns the exit code. Runs train in a child, or in its process."""
        ...
