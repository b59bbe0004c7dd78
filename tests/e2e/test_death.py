"""Whatever dies, nothing is left running and what was recorded can be read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.program import Program
from tests.e2e.screen import Screen, eventually


@pytest.fixture
def training(start: Callable[..., Program], long_preset: Path) -> Program:
    """The program in the middle of a run."""
    program = start(long_preset)
    program.window("long.yaml")
    program.click_run()
    eventually(program.recorded_steps, 60, "steps on the disk")
    program.children()
    return program


def test_killing_the_window_ends_the_training_and_keeps_the_run(training: Program) -> None:
    before = training.recorded_steps()
    training.process.kill()
    eventually(training.is_gone, 3, "the end of every process")
    assert training.run().status == "interrupted"
    assert training.recorded_steps() >= before


def test_killing_the_training_is_shown_and_the_next_run_starts(training: Program) -> None:
    before = training.danger()
    training.training().kill()
    eventually(lambda: training.danger() > before, 10, "something said of the failure")
    training.wait_until_idle()
    assert training.run().status in ("failed", "interrupted")
    training.click_run()
    training.see_the_curve_move()


def test_closing_the_display_ends_every_process_and_keeps_the_run(
    training: Program, screen: Screen
) -> None:
    before = training.recorded_steps()
    screen.close()
    eventually(training.is_gone, 5, "the end of every process")
    assert training.run().status in ("interrupted", "stopped")
    assert training.recorded_steps() >= before
