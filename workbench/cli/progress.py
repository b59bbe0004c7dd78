"""Progress: a bar on standard error while a run goes on, if that is a terminal."""

import sys
from typing import TYPE_CHECKING

from workbench.spec.event import Began, Event, Preparing, Replanned
from workbench.spec.text import visible

if TYPE_CHECKING:
    from rich import progress


class Progress:
    """The bar of one run; where it is not shown it does nothing."""

    def __init__(self, title: str, *, is_shown: bool) -> None:
        self.title = visible(title)
        self._bar: progress.Progress | None = None
        self._task: progress.TaskID | None = None
        if is_shown and sys.stderr.isatty():
            self._bar = _bar()

    def __enter__(self) -> "Progress":
        if self._bar is not None:
            self._bar.start()
            self._task = self._bar.add_task(self.title, total=None)
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def take(self, event: Event) -> None:
        """Move on to where `event` happened."""
        if self._bar is None or self._task is None:
            return
        if isinstance(event, Preparing):
            self._bar.update(self._task, description=f"{self.title}: {visible(event.text)}")
            if event.done is not None:
                self._bar.update(self._task, total=100, completed=round(100 * event.done))
            return
        if isinstance(event, Began):
            self._bar.reset(
                self._task,
                total=event.total_steps,
                completed=event.step,
                description=self.title,
            )
        if isinstance(event, Replanned):
            self._bar.update(self._task, total=sum(stage.steps for stage in event.stages))
        self._bar.update(self._task, completed=event.step)


def _bar() -> "progress.Progress":
    from rich import progress
    from rich.console import Console

    return progress.Progress(
        progress.TextColumn("{task.description}", markup=False),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("steps, left:"),
        progress.TimeRemainingColumn(),
        console=Console(stderr=True),
        redirect_stdout=False,
    )
