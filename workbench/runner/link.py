"""Link: a child process that trains or answers, and this end of the pipe to it."""

import contextlib
import multiprocessing
import signal
import threading
from collections.abc import Generator, Sequence
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
        with _interrupts_held():
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
        end_all([self])

    def kill(self) -> None:
        """End the child at once, without a last checkpoint."""
        self.process.kill()
        self.process.join()
        self.connection.close()


def end_all(links: Sequence[Link]) -> None:
    """End children together: all are asked before the first is waited for."""
    for link in links:
        link.connection.close()
    for link in links:
        link.process.join(_END_SECONDS)
        if link.process.is_alive():
            link.process.kill()
            link.process.join()


@contextlib.contextmanager
def _interrupts_held() -> Generator[None]:
    """Ctrl+C reaches every process of a terminal: a child begins deaf to it.

    Until it says so itself it would be ended in the middle of its imports.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
