"""Screen: an X server of a test's own, with a mouse, a keyboard and eyes."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
Pixels = NDArray[np.uint8]

#: How often a condition is looked at again.
_POLL_SECONDS = 0.05


def missing_programs() -> list[str]:
    """Programs that a screen needs and this machine lacks."""
    return [name for name in ("Xvfb", "xdotool") if shutil.which(name) is None]


def eventually(condition: Callable[[], T], seconds: float, what: str) -> T:
    """The first true answer of `condition`. Raises AssertionError if there is none in time."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"after {seconds} s still not: {what}"
        time.sleep(_POLL_SECONDS)
    return answer


class Screen:
    """An Xvfb with a display number that was free, drawing into a file that can be read."""

    def __init__(self, folder: Path, size: tuple[int, int] = (1280, 800)) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.size = size
        self._frame = folder / "Xvfb_screen0"
        reading, writing = os.pipe()
        depth = f"{size[0]}x{size[1]}x24"
        server = ["Xvfb", "-displayfd", str(writing), "-screen", "0", depth, "-fbdir", str(folder)]
        self.server = subprocess.Popen(
            [*server, "-nolisten", "tcp", "-noreset"],
            pass_fds=[writing],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as file:
            number = file.readline().strip()
        assert number, f"Xvfb did not start (exit code {self.server.wait()})"
        self.display = f":{number}"

    def close(self) -> None:
        """End the server, and with it the connection of every program on it."""
        self.server.kill()
        self.server.wait()

    def pixels(self) -> Pixels:
        """What is on the screen, [height, width, 3] red, green, blue; the file is an X dump."""
        raw = self._frame.read_bytes()
        header = np.frombuffer(raw[:100], dtype=">u4")
        header_size, width, height, line, n_colours = (int(header[i]) for i in (0, 4, 5, 12, 19))
        start = header_size + 12 * n_colours
        rows = np.frombuffer(raw, dtype=np.uint8, count=line * height, offset=start)
        return rows.reshape(height, line // 4, 4)[:, :width, 2::-1]

    def do(self, *command: str | int) -> str:
        """Have xdotool do something; its answer."""
        done = subprocess.run(
            ["xdotool", *(str(part) for part in command)],
            env={**os.environ, "DISPLAY": self.display},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout.strip()

    def window(self, title: str, seconds: float = 15.0) -> int:
        """The visible window whose title fits the regular expression, once there is one."""
        result = eventually(lambda: self.shows(title), seconds, f"a window called {title}")
        return int(result.split()[-1])

    def shows(self, title: str) -> str:
        """The visible windows whose title fits the regular expression, a number a line."""
        return self.do("search", "--onlyvisible", "--name", title)

    def focus(self, window: int) -> None:
        """Give a window the keyboard; without a window manager nobody else does."""
        self.do("windowfocus", "--sync", window)

    def click(self, x: float, y: float) -> None:
        """Click with the left button, and take the pointer out of the way."""
        self.do("mousemove", "--sync", round(x), round(y), "click", 1)
        self.do("mousemove", "--sync", self.size[0] - 1, self.size[1] - 1)

    def key(self, keys: str) -> None:
        """Press keys together, such as ctrl+s."""
        self.do("key", "--clearmodifiers", keys)

    def write(self, text: str) -> None:
        """Type a text."""
        self.do("type", "--clearmodifiers", "--delay", 5, text)


def count_of(colour: str, pixels: Pixels, tolerance: int = 24) -> int:
    """How many pixels have about the colour `#rrggbb`."""
    wanted = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
    return int((np.abs(pixels.astype(int) - wanted).max(axis=-1) <= tolerance).sum())
