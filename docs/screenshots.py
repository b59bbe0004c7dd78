"""Screenshots of the real window for the documents, made on an X server without a screen.

    python docs/screenshots.py [--all FOLDER]

Writes docs/images/*.png: the light theme after a run of See forgetting, the dark theme in the
middle of Two tasks that fight. With --all, every stage in both languages, both themes and at two
sizes, to be looked at, goes into a folder of your choice instead.
"""

import argparse
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

from tests.e2e.program import Program  # noqa: E402 - found only once the path is set
from tests.e2e.screen import Screen  # noqa: E402

IMAGES = Path(__file__).parent / "images"
SMALL, LARGE = (1280, 800), (1920, 1080)

#: Time for what follows a change to be drawn: a picture has nobody who waits for it.
_SETTLE_SECONDS = 1.0

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
    """A run, to its end."""
    program.click_run()
    program.wait_until_idle()


def forgetting(program: Program) -> None:
    """A run to its end, and the matrix of it."""
    whole_run(program)
    program.screen.key("ctrl+2")


def half_a_run(program: Program) -> None:
    """The middle of a run."""
    program.click_run()
    program.see_the_curve_move()
    time.sleep(0.5)


SHOTS = (
    Shot("window-light", "light", SMALL, "see-forgetting", whole_run),
    Shot("forgetting-light", "light", SMALL, "see-forgetting", forgetting),
    Shot("window-dark", "dark", SMALL, "two-tasks-that-fight", half_a_run, pace=_WATCHED),
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
    with tempfile.TemporaryDirectory() as folder:
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
    folder: Path | None = parser.parse_args().all
    for shot in SHOTS if folder is None else ALL:
        take(shot, (folder or IMAGES) / f"{shot.name}.png")


if __name__ == "__main__":
    main()
