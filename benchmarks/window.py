"""What an open window costs the training, and what training costs the window.

    xvfb-run -s "-screen 0 1280x800x24" python benchmarks/window.py [--rounds 3] [--boundaries]

The same preset runs headless (`workbench run --json`) and in the real window with its child
process, in turn. Printed are the ratio of their training speeds, and how late a 1 ms timer of the
window's thread came while the run was shown: the longest stall, and the 99th percentile. It also
prints the time from the start of the process to a window on the screen, the longest stall in the
seconds after that (while plots are loaded and the training process starts), and whether torch was
imported in the window's process. With --boundaries four tasks of points in the plane are learned
and the Boundaries tab is in front: 64 × 64 places of each are drawn about twice a second.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

PRESET = """
version: 1
name: Speed with the window open
tasks:
  - {family: digits-attributes, task: digit}
  - {family: digits-attributes, task: parity}
  - {family: digits-attributes, task: prime}
optimizer: {kind: adam, lr: 0.001}
training: {epochs: 600, batch_size: 64, evaluate_every: 50, threads: 1}
"""

BOUNDARIES = """
version: 1
name: Four boundaries
tasks:
  - {family: boundaries-2d, n_tasks: 4, rotation: 30}
training: {epochs: 400, batch_size: 64, evaluate_every: 50, threads: 1}
"""


def headless(preset: Path) -> float:
    """Steps a second of a run without a window."""
    command = [sys.executable, "-m", "workbench", "run", str(preset), "--json", "--quiet"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["runs"][0]["steps_per_second"]


def shown(preset: Path) -> dict[str, float]:
    """Steps a second and stalls of a run in the window, measured in a process of its own."""
    # both processes read the one monotonic clock of the machine
    command = [sys.executable, __file__, "--inside", str(preset), "--since", str(perf_counter())]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    return json.loads(done.stdout.splitlines()[-1])


def inside(preset: str, since: float) -> None:
    """Open the window, run the preset, print what was measured."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from workbench.runner.isolated import IsolatedRunner
    from workbench.spec.event import LAST, Finished
    from workbench.store import catalogue
    from workbench.ui.application import settings_file
    from workbench.ui.composition import App
    from workbench.ui.services.history_backend import StoredHistory

    application = QApplication(sys.argv[:1])
    runner = IsolatedRunner()
    app = App(application, runner, catalogue.cached(), preset, settings_file(), StoredHistory())
    app.start()
    while not app.window.windowHandle().isExposed():
        application.processEvents()
    visible = perf_counter() - since
    late: list[float] = []
    starting: list[float] = []
    last = [perf_counter()]
    ended: list[Finished] = []

    def beat() -> None:
        now = perf_counter()
        late.append(now - last[0] - 0.001)
        last[0] = now

    def seen(event: object) -> None:
        if isinstance(event, LAST):
            ended.append(event)  # pyright: ignore[reportArgumentType]
            QTimer.singleShot(300, finish)

    def finish() -> None:
        timer.stop()  # what closing takes is no stall of a run
        application.quit()

    app.session.event_seen.connect(seen)
    timer = QTimer()
    timer.timeout.connect(beat)
    timer.start(1)

    def press() -> None:
        if not app.window.actions_["run"].isEnabled():  # the catalogue is still being read
            QTimer.singleShot(1000, press)
            return
        starting.extend(late)
        late.clear()
        last[0] = perf_counter()
        if app.presenter.spec.name == "Four boundaries":
            app.tab_area.show("boundaries")
        app.window.actions_["run"].trigger()

    QTimer.singleShot(4000, press)  # the child imports what it needs until then
    application.exec()
    (event,) = ended
    runner.close()
    milliseconds = np.maximum(np.array(late), 0) * 1000
    facts = {
        "steps_per_second": event.step / event.train_seconds,
        "longest_ms": float(milliseconds.max()),
        "p99_ms": float(np.percentile(milliseconds, 99)),
        "visible_s": visible,
        "start_ms": max(starting) * 1000,
        "maps_per_second": n_maps(app.session.model.planes.moments) / event.seconds,
        "torch": "torch" in sys.modules,
    }
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()
    os._exit(0)


def n_maps(moments: list[Any]) -> int:
    """Maps that came between stage ends."""
    return sum(moment.is_timed for moment in moments)


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description="Speed and stalls with the window open.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--boundaries", action="store_true", help="the Boundaries tab in front")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    parser.add_argument("--since", type=float, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        inside(options.inside, options.since)
        return
    with tempfile.TemporaryDirectory() as home:
        os.environ["WORKBENCH_HOME"] = home
        preset = Path(home) / "speed.yaml"
        preset.write_text(BOUNDARIES if options.boundaries else PRESET)
        headless(preset)
        pairs = [(headless(preset), shown(preset)) for _ in range(options.rounds)]
    for alone, facts in pairs:
        ratio = facts["steps_per_second"] / alone
        print(
            f"headless {alone:.0f} steps/s, with the window {facts['steps_per_second']:.0f} "
            f"(ratio {ratio:.2f}); longest stall {facts['longest_ms']:.0f} ms, "
            f"p99 {facts['p99_ms']:.1f} ms; window visible after {facts['visible_s']:.2f} s, "
            f"longest stall after that {facts['start_ms']:.0f} ms; "
            f"{facts['maps_per_second']:.1f} maps a second of each task; "
            f"torch in its process: {'yes' if facts['torch'] else 'no'}"
        )
    print(
        f"median ratio {statistics.median(f['steps_per_second'] / alone for alone, f in pairs):.2f}"
    )


if __name__ == "__main__":
    main()
