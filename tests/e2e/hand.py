"""Hand: a mouse that finds controls by what a screen reader calls them, and counts its clicks."""

import json
import socket
from collections.abc import Callable
from pathlib import Path

from tests.e2e.program import PATIENCE_SECONDS, Program
from tests.e2e.screen import eventually

Place = tuple[float, float]

_LEFT, _RIGHT = 1, 3


class Hand:
    """Uses a program that `observed` started. Names are regular expressions."""

    def __init__(self, program: Program, address: Path) -> None:
        self.program = program
        self.screen = program.screen
        self.n_clicks = 0
        self.n_keys = 0
        self._address = address
        self._line = socket.socket(socket.AF_UNIX)
        eventually(self._greet, PATIENCE_SECONDS, "a program that answers")
        self._answers = self._line.makefile()

    def close(self) -> None:
        """Ask nothing more."""
        self._answers.close()
        self._line.close()

    def _greet(self) -> bool:
        try:
            self._line.connect(str(self._address))
        except OSError:
            return False
        return True

    def places(self, name: str, role: str = "") -> list[tuple[int, int, int, int]]:
        """Where controls of a name are seen, x, y, width and height; the smallest first."""
        question = json.dumps({"name": name, "role": role}) + "\n"
        self._line.sendall(question.encode())
        width, height = self.screen.size
        found = [tuple(place) for place in json.loads(self._answers.readline())]
        return [p for p in found if p[0] < width and p[1] + p[3] <= height and min(p[2:]) > 0]

    def find(self, name: str, role: str = "") -> Place:
        """The middle of a control, once it is there and stays where it is."""

        def still() -> list[tuple[int, int, int, int]]:
            before = self.places(name, role)
            return before if before and self.places(name, role) == before else []

        what = f"something called {name}"
        x, y, width, height = eventually(still, PATIENCE_SECONDS, what)[0]
        return x + width / 2, y + height / 2

    def click(self, name: str, role: str = "") -> None:
        """Click a control with the left button."""
        self.click_at(self.find(name, role))

    def right_click(self, name: str, role: str = "") -> None:
        """Click a control with the right button."""
        self.click_at(self.find(name, role), _RIGHT)

    def click_at(self, place: Place, button: int = _LEFT) -> None:
        """Click there, and leave the pointer where it is, as a hand does."""
        self.point_at(place)
        self.screen.do("click", button)
        self.n_clicks += 1

    def point_at(self, place: Place) -> None:
        """Move the pointer there, by a way over the last pixels as a hand moves it."""
        x, y = map(round, place)
        self.screen.do("mousemove", "--sync", x - 3, y - 1, "mousemove", "--sync", x, y)

    def point(self, name: str, role: str = "") -> None:
        """Point at a control, which opens what a menu has inside."""
        self.point_at(self.find(name, role))

    def press(self, keys: str) -> None:
        """Press keys together."""
        self.screen.key(keys)
        self.n_keys += 1

    def see(self, condition: Callable[[], object], what: str) -> None:
        """Wait for something that is to be seen."""
        eventually(condition, PATIENCE_SECONDS, what)
