"""Progress: a bar a run on standard error while runs go on, if that is a terminal."""

import sys
from typing import TYPE_CHECKING

from workbench.spec.event import LAST, Began, Event, Preparing, Replanned
from workbench.spec.text import visible

if TYPE_CHECKING:
    from rich import progress

#: Of more runs than this the bars of those that ended go.
_MOST_BARS = 12


class Progress:
    """The bars of runs that go on, one below the other; where it is not shown it does nothing."""

    def __init__(self, *, is_shown: bool) -> None:
        self._bar: progress.Progress | None = None
        self._tasks: dict[int, progress.TaskID] = {}
        self._titles: dict[int, str] = {}
        if is_shown and sys.stderr.isatty():
            self._bar = _bar()

    def __enter__(self) -> "Progress":
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begin(self, number: int, title: str) -> None:
        """A run, with a number to call it by, is about to begin."""
        if self._bar is not None:
            self._titles[number] = visible(title)
            self._tasks[number] = self._bar.add_task(self._titles[number], total=None)

    def take(self, number: int, event: Event) -> None:
        """Move the bar of a run on to where `event` happened."""
        if self._bar is None:
            return
        task, title = self._tasks[number], self._titles[number]
        if isinstance(event, Preparing):
            self._bar.update(task, description=f"{title}: {visible(event.text)}")
            if event.done is not None:
                self._bar.update(task, total=100, completed=round(100 * event.done))
            return
        if isinstance(event, Began):
            self._bar.reset(task, total=event.total_steps, completed=event.step, description=title)
        if isinstance(event, Replanned):
            self._bar.update(task, total=sum(stage.steps for stage in event.stages))
        self._bar.update(task, completed=event.step)
        if isinstance(event, LAST):
            self._bar.stop_task(task)
            self._bar.update(task, visible=len(self._tasks) <= _MOST_BARS)


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
