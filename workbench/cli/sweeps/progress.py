"""Sweep progress: the trials of a sweep while they are made, on standard error."""

import sys
from typing import TYPE_CHECKING, Any

from workbench.cli import output
from workbench.cli.sweeps.tables import trials_table, words_of
from workbench.study.search.definition import Definition
from workbench.study.search.trial import State

if TYPE_CHECKING:
    from rich.live import Live

#: A terminal shows so many of the trials: those that are on, and the last ones.
_MOST_SHOWN = 12


class SweepProgress:
    """A table that is drawn again in its place on a terminal, and else a line for each trial."""

    def __init__(self, definition: Definition, *, is_shown: bool) -> None:
        self.definition = definition
        self.is_shown = is_shown
        self._said: set[int] = set()
        self._is_first = True
        self._live: Live | None = None

    def __enter__(self) -> "SweepProgress":
        if self.is_shown and sys.stderr.isatty():
            from rich.console import Console
            from rich.live import Live

            console = Console(stderr=True, highlight=False)
            self._live = Live(console=console, auto_refresh=False, transient=True)
            self._live.start()
        return self

    def __exit__(self, *_: Any) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def take(self, state: State) -> None:
        """Show how it stands now."""
        if not self.is_shown:
            return
        if self._live is not None:
            self._live.update(self._table(state), refresh=True)
        else:
            self._say(state)

    def _say(self, state: State) -> None:
        """A line for each trial that is over, but for those that were when this began."""
        for trial in state.trials:
            if trial.is_over and trial.number not in self._said:
                self._said.add(trial.number)
                if not self._is_first:
                    words = words_of(self.definition, trial)
                    done = f"{len(self._said)} of {state.n_wanted}"
                    output.remark(f"trial {trial.number} ({done}): {words}")
        self._is_first = False

    def _table(self, state: State) -> Any:
        shown = list(state.trials)[-_MOST_SHOWN:]
        n_over = sum(trial.is_over for trial in state.trials)
        table = trials_table(self.definition, shown, state)
        table.caption = f"{n_over} of {state.n_wanted} trials · Ctrl+C stops, and it goes on later"
        return table
