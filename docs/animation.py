"""The animation of README: See forgetting as it runs, in the real window without a screen.

    python docs/animation.py

Writes docs/images/see-forgetting.webp: the run from its first step to its last, then the matrix of
what was forgotten. Smaller than 3 MB, and as long as it says here, however busy the machine is.
"""

import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QSettings

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.e2e.program import Program  # noqa: E402 - once the path is set
from tests.e2e.screen import Screen  # noqa: E402

TARGET = Path(__file__).parent / "images" / "see-forgetting.webp"

#: Size of the window, and of the pictures.
_WINDOW, _SHOWN = (1280, 800), (960, 600)
#: Steps a second: the 8,000 of the run take some sixteen seconds.
_PACE = 500
#: A picture is taken this often, shown for so long, and the last one longer.
_EVERY_SECONDS, _SHOWN_MS, _LAST_MS = 0.2, 100, 2500
#: A run that takes longer than this is not waited for.
_LONGEST_SECONDS = 120.0
#: How like the window a picture is, from 0 to 100.
_QUALITY = 60


def pictures(program: Program) -> list[Image.Image]:
    """The window while the preset runs, and its matrix at the end."""
    program.click_run()
    program.see_the_curve_move()
    taken: list[Image.Image] = []
    began = time.monotonic()
    while time.monotonic() - began < _LONGEST_SECONDS:
        taken.append(picture(program.screen))
        if list(program.home.glob("runs/*/summary.json")):
            break
        time.sleep(_EVERY_SECONDS)
    program.wait_until_idle()
    time.sleep(1.0)  # until the sentence is there
    taken += [picture(program.screen)] * 12
    program.screen.key("ctrl+2")
    time.sleep(1.0)
    taken.append(picture(program.screen))
    return taken


def picture(screen: Screen) -> Image.Image:
    """What is on a screen, in the size of the animation."""
    return Image.fromarray(screen.pixels().copy()).resize(_SHOWN, Image.Resampling.LANCZOS)


def main() -> None:
    """Run the preset and write what was seen."""
    with tempfile.TemporaryDirectory(prefix="workbench-") as folder:
        home = Path(folder) / "home"
        home.mkdir()
        settings = QSettings(str(home / "window.ini"), QSettings.Format.IniFormat)
        for name, value in (("theme", "light"), ("language", "en"), ("pace", _PACE)):
            settings.setValue(name, value)
        settings.sync()
        screen = Screen(Path(folder) / "screen", _WINDOW)
        program = Program(screen, home, "see-forgetting")
        try:
            window = program.window("Workbench")
            screen.do("windowsize", "--sync", window, *_WINDOW)
            first, *others = pictures(program)
        finally:
            program.kill()
            screen.close()
    durations = [_SHOWN_MS] * len(others) + [_LAST_MS]
    first.save(
        TARGET, save_all=True, append_images=others, duration=durations, loop=0, quality=_QUALITY,
        method=4,
    )  # fmt: skip
    print(f"{TARGET}: {len(durations)} pictures, {TARGET.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
