"""Control: pause, step, stop and live changes, read by the loop once a step."""

import threading
from collections import deque

from workbench.spec.command import Command


class Control:
    """A queue of commands from any thread to the loop. Looking into it costs next to nothing."""

    def __init__(self) -> None:
        self._commands: deque[Command] = deque()
        self._arrived = threading.Event()

    def send(self, command: Command) -> None:
        """Ask something of the run. Any thread may."""
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
