"""A table of the user's own becomes a task that is learned: by menu key, file dialog and mouse."""

from collections.abc import Callable

import numpy as np

from tests.e2e.program import PATIENCE_SECONDS, Program
from tests.e2e.screen import Screen, eventually
from tests.e2e.test_window import save_as
from workbench.spec import preset


def use_button(program: Program) -> tuple[float, float] | None:
    """The middle of the filled button at the foot of the dialog, once it can be clicked."""
    pixels = program.screen.pixels().astype(int)
    wanted = np.array([int(program.theme.accent[i : i + 2], 16) for i in (1, 3, 5)])
    is_filled = (np.abs(pixels - wanted) <= 8).all(axis=-1)
    is_filled[:550] = False
    rows, columns = np.nonzero(is_filled)
    return (columns.mean(), rows.mean()) if len(rows) > 1000 else None


def test_a_csv_file_becomes_a_task_and_is_learned(
    start: Callable[..., Program], screen: Screen
) -> None:
    program = start()
    table = program.home / "flowers.csv"
    rows = [f"{i % 7},{i % 11},{'tall' if i % 7 > 3 else 'short'}" for i in range(200)]
    table.write_text("\n".join(["leaves,petals,kind", *rows]) + "\n")
    window = program.window("Workbench")
    eventually(program.run_button, PATIENCE_SECONDS, "the catalogue")
    screen.focus(window)
    screen.key("ctrl+d")
    program.window("Bring my data")
    screen.key("alt+f")
    chooser = "Choose your data"
    program.answer(chooser, str(table), lambda: not screen.shows(chooser))
    program.window("Bring my data")
    where = eventually(lambda: use_button(program), PATIENCE_SECONDS, "a button to use the file")
    screen.click(*where)
    program.click_run()
    program.wait_until_idle()
    assert program.run().status == "done"
    saved = program.home / "mine.yaml"
    screen.focus(window)
    screen.key("ctrl+s")
    save_as(program, saved)
    (task,) = preset.load(saved).tasks
    assert (task.family, task.settings["targets"]) == ("table", {"kind": "classes"})
    assert "file: flowers.csv" in saved.read_text()
