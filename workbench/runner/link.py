"""Link: a child process that trains or answers, and this end of the pipe to it."""

import multiprocessing
import threading
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from workbench.runner import child
from workbench.spec.command import Command

#: A child that was asked to end is killed after so many seconds.
_END_SECONDS = 1.5


class Link:
    """A child process and this end of the pipe to it."""

    def __init__(self) -> None:
        # Spawn, never fork: torch's threads do not survive a fork.
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        self.connection: Connection = here
        self.process: BaseProcess = context.Process(
            target=child.serve, args=(there,), name="workbench-training", daemon=True
        )
        self.process.start()
        there.close()  # only the child holds its end, so its death is an end of file here
        self.is_ready = False
        self._sending = threading.Lock()

    def send(self, message: Command | child.Request | child.Cancel) -> None:
        """Send without ever mixing two messages. Raises OSError when the child is gone."""
        with self._sending:
            self.connection.send(message)

    def receive(self) -> child.Answer:
        """The next answer. Raises EOFError or OSError when the child is gone."""
        return self.connection.recv()

    def wait_ready(self) -> None:
        """Block until the child has imported what it needs."""
        if not self.is_ready:
            self.receive()
            self.is_ready = True

    def exit_code(self) -> int | None:
        """The code of a child whose pipe has closed."""
        self.process.join(_END_SECONDS)
        return self.process.exitcode

    def end(self) -> None:
        """Close the pipe, which ends the child; kill it if it does not."""
        self.connection.close()
        self.process.join(_END_SECONDS)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
