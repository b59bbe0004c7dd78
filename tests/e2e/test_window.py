"""The window as its user meets it: mouse, keyboard and what is on the screen."""

import signal
from collections.abc import Callable
from pathlib import Path

import psutil

from tests.e2e.program import Program, has_torch
from tests.e2e.screen import Screen, eventually
from workbench.spec import preset
from workbench.spec.event import Finished
from workbench.spec.files import shipped


def test_run_with_the_mouse_watch_stop_save_and_reopen(
    start: Callable[..., Program], screen: Screen, long_preset: Path
) -> None:
    program = start(long_preset)
    window = program.window("long.yaml")
    program.click_run()
    program.see_the_curve_move()
    assert not has_torch(psutil.Process(program.process.pid))

    screen.focus(window)
    screen.key("F8")
    program.wait_until_idle()
    last = program.run().events[-1]
    assert isinstance(last, Finished)
    assert last.status == "stopped"

    saved = long_preset.with_name("mine.yaml")
    screen.key("ctrl+shift+s")
    save_as(program, saved)
    assert preset.load(saved) == preset.load(long_preset)
    program.window("mine.yaml")

    screen.key("ctrl+q")
    eventually(program.is_gone, 10, "the end of the program")
    assert program.process.returncode == 0

    start(saved).window("mine.yaml")


def test_ctrl_s_asks_for_a_name_where_the_preset_is_a_shipped_one(
    start: Callable[..., Program], screen: Screen
) -> None:
    program = start("see-forgetting")
    program.window("see-forgetting")
    saved = program.home / "forgotten.yaml"
    screen.key("ctrl+s")
    save_as(program, saved)
    assert preset.load(saved) == preset.load(shipped("presets") / "see-forgetting.yaml")

    program.window("forgotten.yaml")
    screen.key("ctrl+o")
    other = str(shipped("presets") / "two-tasks-that-fight.yaml")
    program.answer("Open a preset", other, lambda: screen.shows("two-tasks-that-fight.yaml"))


def test_ctrl_c_stops_the_run_with_a_checkpoint_and_leaves_nothing_behind(
    start: Callable[..., Program], long_preset: Path
) -> None:
    program = start(long_preset)
    program.window("long.yaml")
    program.click_run()
    eventually(program.recorded_steps, 60, "steps on the disk")
    program.children()
    program.process.send_signal(signal.SIGINT)
    eventually(program.is_gone, 6, "the end of every process")
    run = program.run()
    assert run.status == "stopped"
    assert any((run.folder / "checkpoint").iterdir())


def save_as(program: Program, path: Path) -> None:
    """Type a name into the dialog that asks for one, in the folder where it opens."""
    program.answer("Save the preset", path.name, path.is_file)
