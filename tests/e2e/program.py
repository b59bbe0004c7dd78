"""Program: the real program on a screen, looked at and steered from outside only."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic

import numpy as np
import psutil
from PySide6.QtCore import QSettings

from tests.e2e.screen import Pixels, Screen, count_of, eventually
from workbench.store.stored_run import StoredRun, read
from workbench.ui.look.theme import DARK, LIGHT, Theme

#: A torch that is imported for the first time on a busy machine takes its time.
PATIENCE_SECONDS = 60.0

#: The toolbar lies above this line, and nothing but the Run button is filled with the accent.
_TOOLBAR_ENDS = 70

#: The title bars of the panels end here.
_HEADS_END = 100


class Program:
    """`python -m workbench`, or another module that opens the window, with a home of its own."""

    def __init__(
        self,
        screen: Screen,
        home: Path,
        *arguments: str | Path,
        theme: str = "light",
        module: tuple[str, ...] = ("workbench",),
        sees_tour: bool = False,
    ) -> None:
        self.theme = DARK if theme == "dark" else LIGHT
        home.mkdir(parents=True, exist_ok=True)
        settings = QSettings(str(home / "window.ini"), QSettings.Format.IniFormat)
        if not sees_tour:
            settings.setValue("tour/seen", True)
        settings.sync()
        self.screen = screen
        self.home = home
        self.log = home / "log.txt"
        own = {"DISPLAY": screen.display, "QT_QPA_PLATFORM": "xcb", "WORKBENCH_HOME": str(home)}
        own["LC_ALL"] = "C.UTF-8"  # titles are looked for in English
        own["PYTHONPATH"] = str(Path(__file__).parents[2])  # a module beside the tests
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *module, *(str(part) for part in arguments)],
                cwd=home,
                env={**os.environ, **own, "HOME": str(home)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.known: set[psutil.Process] = {psutil.Process(self.process.pid)}

    def children(self) -> list[psutil.Process]:
        """Processes the window started that are alive, noted for `is_gone`."""
        try:
            children = psutil.Process(self.process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []
        self.known.update(children)
        return children

    def training(self) -> psutil.Process:
        """The child in which torch is loaded."""

        def with_torch() -> list[psutil.Process]:
            return [child for child in self.children() if has_torch(child)]

        return eventually(with_torch, PATIENCE_SECONDS, "a child with torch")[0]

    def is_gone(self) -> bool:
        """Whether nothing is left of the window and whatever it started."""
        self.process.poll()
        return not any(is_alive(process) for process in self.known)

    def kill(self) -> None:
        """End what is left; for the end of a test that failed."""
        self.children()
        for process in self.known:
            if is_alive(process):
                process.kill()
        self.process.wait()

    def window(self, title: str) -> int:
        """The window with this title, given the keyboard."""
        try:
            window = self.screen.window(title, PATIENCE_SECONDS)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.log.read_text()}") from None
        self.screen.focus(window)
        return window

    def answer(self, title: str, text: str, is_done: Callable[[], object]) -> None:
        """Type a text into the dialog with this title, and press Return.

        Again where nothing comes of it: without a window manager, a list of completions that
        closes may take the keyboard with it, and what is typed meanwhile is lost. What is left of
        it may be no file: then a box with the dialog's title says so, and waits to be closed.
        """
        window = self.screen.window(".*", PATIENCE_SECONDS)
        dialog = self.window(title)
        until = monotonic() + PATIENCE_SECONDS
        while not is_done():
            assert monotonic() < until, f"no answer from the dialog {title}"
            self.screen.focus(window)
            for box in set(map(int, self.screen.shows(title).split())) - {dialog}:
                self.screen.focus(box)
                self.screen.key("Return")
            self.screen.focus(dialog)
            self.screen.key("ctrl+a")
            self.screen.write(text)
            self.screen.key("Return")
            with suppress(AssertionError):
                eventually(is_done, 5, "an answer")

    def run_button(self) -> tuple[float, float] | None:
        """The middle of the Run button while it can be clicked."""
        return run_button_in(self.screen.pixels(), self.theme)

    def click_run(self) -> None:
        """Click Run with the mouse, and see that it starts."""
        x, y = eventually(self.run_button, PATIENCE_SECONDS, "a Run button to click")
        self.screen.click(x, y)
        eventually(lambda: self.run_button() is None, PATIENCE_SECONDS, "the run to start")
        self.children()

    def wait_until_idle(self) -> None:
        """Wait until Run can be clicked again."""
        eventually(self.run_button, PATIENCE_SECONDS, "the end of the run")

    def tab_area(self) -> Pixels:
        """The middle of the window, where the curves are."""
        width, height = self.screen.size
        return self.screen.pixels()[
            _HEADS_END : int(0.7 * height), int(0.3 * width) : int(0.8 * width)
        ]

    def curve(self) -> bytes:
        """Which pixels of the centre have a task's colour."""
        tab_area = self.tab_area().astype(int)
        colours = [[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in self.theme.tasks[:2]]
        near = [np.abs(tab_area - np.array(colour)).max(axis=-1) <= 40 for colour in colours]
        return np.logical_or(*near).tobytes()

    def see_the_curve_move(self) -> None:
        """Wait for a curve, and then for another shape of it."""
        start = self.curve()
        first = eventually(self._other_than(start), PATIENCE_SECONDS, "a curve that begins")
        eventually(self._other_than(first), PATIENCE_SECONDS, "a curve that moves")

    def _other_than(self, old: bytes) -> Callable[[], bytes]:
        return lambda: b"" if (new := self.curve()) == old else new

    def danger(self) -> int:
        """How many pixels have the colour of what went wrong."""
        return count_of(self.theme.danger, self.screen.pixels())

    def run(self) -> StoredRun:
        """The only run there is, read from its directory."""
        (folder,) = (self.home / "runs").iterdir()
        return read(folder)

    def recorded_steps(self) -> int:
        """Steps that can be read back by now."""
        folders = list((self.home / "runs").glob("[!.]*"))
        events = read(folders[0]).events if folders else []
        return max((event.step for event in events), default=0)


def run_button_in(pixels: Pixels, theme: Theme) -> tuple[float, float] | None:
    """The middle of the Run button in a picture of the screen, None where it cannot be clicked.

    It is as open where the pointer is still on it, which on a busy machine lasts: only the colour
    of a button that is closed says that a run began.
    """
    toolbar = pixels[:_TOOLBAR_ENDS].astype(int)
    filled = np.zeros(toolbar.shape[:2], dtype=bool)
    for colour in (theme.accent, theme.accent_hover):
        wanted = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
        filled |= (np.abs(toolbar - wanted) <= 8).all(axis=-1)
    rows, columns = np.nonzero(filled)
    return (columns.mean(), rows.mean()) if len(rows) > 200 else None


def is_alive(process: psutil.Process) -> bool:
    """Whether a process runs; one that has ended and waits to be collected does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def has_torch(process: psutil.Process) -> bool:
    """Whether torch's library is loaded in a process."""
    try:
        maps = Path(f"/proc/{process.pid}/maps").read_text()
    except OSError:
        return False
    return "libtorch" in maps
