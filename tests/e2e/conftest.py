"""A screen for each test, and a program that is gone when the test is over."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.program import Program
from tests.e2e.screen import Screen, missing_programs

LONG = """\
version: 1
name: Goes on
tasks:
  - {family: digits-attributes, task: digit}
  - {family: digits-attributes, task: parity}
training: {epochs: 10000, evaluate_every: 200, threads: 1}
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives the real window."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    """An X server of this test's own."""
    missing = missing_programs()
    if missing:
        pytest.skip(f"needs {' and '.join(missing)}: apt-get install xvfb xdotool")
    screen = Screen(tmp_path / "screen")
    yield screen
    screen.close()


@pytest.fixture
def long_preset(tmp_path: Path) -> Path:
    """A preset that trains for longer than any test lasts."""
    path = tmp_path / "long.yaml"
    path.write_text(LONG)
    return path


@pytest.fixture
def start(screen: Screen, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Starts the program with arguments; at the end nothing of it is left."""
    started: list[Program] = []

    def start(*arguments: str | Path) -> Program:
        program = Program(screen, tmp_path / "home", *arguments)
        started.append(program)
        return program

    yield start
    for program in started:
        program.kill()
