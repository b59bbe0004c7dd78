"""CommandQueue: pause, step, stop and live changes, read by the loop once a step."""

import threading
from collections import deque

from workbench.spec.command import Command, Stop


class CommandQueue:
    """A queue of commands from any thread to the loop. Looking into it costs next to nothing.

    `is_stopping` says whether a Stop was ever sent: what comes before the loop listens to it alone.
    """

    def __init__(self) -> None:
        self._commands: deque[Command] = deque()
        self._arrived = threading.Event()
        self.is_stopping = False

    def send(self, command: Command) -> None:
        """Ask something of the run. Any thread may."""
        self.is_stopping = self.is_stopping or isinstance(command, Stop)
        self._commands.append(command)
        self._arrived.set()

    @property
    def pending(self) -> bool:
        """Whether a command waits."""
        return bool(self._commands)

    def take(self) -> list[Command]:
        """The commands that wait, oldest first; they wait no longer."""
        self._arrived.clear()
        taken: list[Command] = []
        while self._commands:
            taken.append(self._commands.popleft())
        return taken

    def wait(self, seconds: float | None = None) -> None:
        """Block until a command waits, or so long at most."""
        self._arrived.wait(seconds)
