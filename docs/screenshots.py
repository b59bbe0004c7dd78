"""Screenshots of the real window for the documents, made on an X server without a screen.

    python docs/screenshots.py [NAME…] [--all FOLDER]

Writes docs/images/*.png, or those that are named: two of the window for README, in the light and
the dark theme, and those of the guide, which is done here as the guide says. With --all, every
stage in both languages, both themes and at two sizes, to be looked at, goes into a folder of your
choice instead.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtGui import QImage

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.e2e.program import PATIENCE_SECONDS, Program  # noqa: E402 - once the path is set
from tests.e2e.screen import Screen, eventually  # noqa: E402

IMAGES = Path(__file__).parent / "images"
SMALL, LARGE = (1280, 800), (1920, 1080)

#: Time for what follows a change to be drawn: a picture has nobody who waits for it.
_SETTLE_SECONDS = 1.0

#: A run takes some seconds, and several times as long on a busy machine.
_LONGEST_RUN_SECONDS = 240.0

#: Steps a second of a run that is to be seen in its middle.
_WATCHED = 2000


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: what is started and done, in which theme and at which size."""

    name: str
    theme: str
    size: tuple[int, int]
    preset: str | None
    act: Callable[[Program], None]
    language: str = "en"
    pace: int = 0


def nothing(program: Program) -> None:
    """The window as it opens."""


def whole_run(program: Program) -> None:
    """A run, to its end: a summary is written then."""

    def ended() -> int:
        return len(list(program.home.glob("runs/*/summary.json")))

    before = ended()
    program.click_run()
    eventually(lambda: ended() > before, _LONGEST_RUN_SECONDS, "the end of the run")
    program.wait_until_idle()


def forgetting(program: Program) -> None:
    """A run to its end, and the matrix of it."""
    whole_run(program)
    program.screen.key("ctrl+2")


def gallery(program: Program) -> None:
    """The window as it opens, once it knows its methods."""
    eventually(program.run_button, PATIENCE_SECONDS, "the catalogue")


def menu_of_the_run(program: Program) -> None:
    """The menu that duplicates the run, at its methods of retention."""
    forgetting(program)
    program.screen.do("mousemove", "--sync", *_FIRST_RUN, "click", 3)
    for place in (_DUPLICATE, _RETENTION):
        time.sleep(_SETTLE_SECONDS)
        program.screen.do("mousemove", "--sync", *place, "click", 1)


def duplicate_with_replay(program: Program) -> None:
    """A run and its duplicate with another method, compared."""
    menu_of_the_run(program)
    time.sleep(_SETTLE_SECONDS)
    program.screen.click(*_REPLAY)
    program.window(r"\*.*Workbench")  # the run's setup is read before it is changed
    whole_run(program)
    time.sleep(_SETTLE_SECONDS)


def export_menu(program: Program) -> None:
    """What a plot can be saved as."""
    whole_run(program)
    program.screen.do("mousemove", "--sync", *_PLOT, "click", 3)


def interference(program: Program) -> None:
    """A run to its end, and the gradients of its tasks."""
    whole_run(program)
    program.screen.key("ctrl+3")


def bring_data(program: Program) -> None:
    """A table with two columns to predict."""
    screen = program.screen
    table = program.home / "iris.csv"
    shutil.copy(ROOT / "presets" / "data" / "iris.csv", table)
    gallery(program)
    for keys in ("ctrl+n", "ctrl+d"):
        screen.key(keys)
        time.sleep(_SETTLE_SECONDS)
    program.window("Bring my data")
    screen.key("alt+f")
    chooser = "Choose your data"
    program.answer(chooser, str(table), lambda: not screen.shows(chooser))
    time.sleep(2 * _SETTLE_SECONDS)
    screen.click(*_PETAL_WIDTH)
    time.sleep(_SETTLE_SECONDS)
    for keys in ("Down", "Down", "Return"):
        screen.key(keys)


def half_a_run(program: Program) -> None:
    """The middle of a run."""
    program.click_run()
    program.see_the_curve_move()
    time.sleep(0.5)


#: Where the mouse goes in a window of the small size: the only run in Runs, the entries of its
#: menu, a plot of Curves, and the role of the fourth column of the table.
_FIRST_RUN, _DUPLICATE, _RETENTION, _REPLAY = (100, 680), (190, 531), (320, 531), (445, 727)
_PLOT, _PETAL_WIDTH = (700, 260), (465, 328)

SHOTS = (
    Shot("window-light", "light", SMALL, "see-forgetting", whole_run),
    Shot("forgetting-light", "light", SMALL, "see-forgetting", forgetting),
    Shot("window-dark", "dark", SMALL, "two-tasks-that-fight", half_a_run, pace=_WATCHED),
    Shot("guide-gallery", "light", SMALL, None, gallery),
    Shot("guide-duplicate", "light", SMALL, "see-forgetting", menu_of_the_run),
    Shot("guide-compare", "light", SMALL, "see-forgetting", duplicate_with_replay),
    Shot("guide-export", "light", SMALL, "see-forgetting", export_menu),
    Shot("guide-bring-data", "light", SMALL, None, bring_data),
    Shot("guide-replay", "light", SMALL, "replay-remembers", forgetting),
    Shot("guide-interference", "light", SMALL, "two-tasks-that-fight", interference),
)

ALL = tuple(
    Shot(f"{language}-{theme}-{size[0]}-{name}", theme, size, preset, act, language, pace)
    for language in ("en", "zh_CN")
    for theme in ("light", "dark")
    for size in (SMALL, LARGE)
    for name, preset, act, pace in (
        ("gallery", None, nothing, 0),
        ("opened", "see-forgetting", nothing, 0),
        ("fight", "two-tasks-that-fight", half_a_run, _WATCHED),
        ("curves", "see-forgetting", whole_run, 0),
        ("matrix", "see-forgetting", forgetting, 0),
    )
)


def take(shot: Shot, target: Path) -> None:
    """Start the program, do what the shot says, and write what is on the screen."""
    with tempfile.TemporaryDirectory(prefix="workbench-") as folder:
        home = Path(folder) / "home"
        home.mkdir()
        settings = QSettings(str(home / "window.ini"), QSettings.Format.IniFormat)
        settings.setValue("theme", shot.theme)
        settings.setValue("language", shot.language)
        settings.setValue("pace", shot.pace)
        settings.sync()
        screen = Screen(Path(folder) / "screen", shot.size)
        program = Program(screen, home, *([shot.preset] if shot.preset else []), theme=shot.theme)
        try:
            window = program.window("Workbench")
            screen.do("windowsize", "--sync", window, *shot.size)
            shot.act(program)
            time.sleep(_SETTLE_SECONDS)
            save(screen, target)
        finally:
            program.kill()
            screen.close()


def save(screen: Screen, target: Path) -> None:
    """Write what is on a screen as PNG."""
    pixels = screen.pixels().copy()
    height, width, _ = pixels.shape
    image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    target.parent.mkdir(parents=True, exist_ok=True)
    if not image.save(str(target)):
        raise SystemExit(f"{target} could not be written")
    print(target)


def main() -> None:
    """Take the pictures that were asked for."""
    parser = argparse.ArgumentParser(description="Screenshots of the real window.")
    parser.add_argument(
        "--all", type=Path, metavar="FOLDER", help="every stage, theme and size, into FOLDER"
    )
    names = [shot.name for shot in SHOTS]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of {', '.join(names)}")
    given = parser.parse_args()
    if unknown := set(given.names) - set(names):
        parser.error(f"there is no picture {', '.join(sorted(unknown))}")
    folder: Path | None = given.all
    for shot in SHOTS if folder is None else ALL:
        if folder is not None or not given.names or shot.name in given.names:
            take(shot, (folder or IMAGES) / f"{shot.name}.png")


if __name__ == "__main__":
    main()
