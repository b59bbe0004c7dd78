"""What the window takes to answer while somebody clicks through all of it, and what it keeps.

    xvfb-run -s "-screen 0 1280x800x24" python benchmarks/clicking.py [--minutes 5] [--cycles 200]

Five seeds train side by side in child processes while every tab is opened, every box, switch and
slider in it used, methods are chosen and taken back, runs are picked, filtered and drawn over the
plots, menus, dialogs and looks come and go: one of these every quarter of a second. A 1 ms timer of
the window's thread tells how late it comes; printed are the longest stall, the 99th percentile and
what was being done in the longest ones (asked: under 100 ms, under 33 ms).

After it, runs, presets and tabs are opened and closed again and again; printed is by how much the
memory of the process (its own, not shared) grew from a tenth of the cycles to their end (asked:
within 20 MB).
"""

import argparse
import os
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np
import psutil
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QRadioButton,
    QSlider,
    QTreeView,
    QWidget,
)

from workbench.runner.isolated import IsolatedRunner
from workbench.spec.files import shipped
from workbench.store import catalogue
from workbench.ui.application import settings_file
from workbench.ui.composition import App
from workbench.ui.panels.runs.filter_bar import FilterField
from workbench.ui.services.history_backend import StoredHistory

PRESET = """
version: 1
name: Five seeds in the background
seeds: [0, 1, 2, 3, 4]
tasks: [{family: digits-split, n_tasks: 5}]
curriculum: {kind: sequential}
training: {epochs: 400, batch_size: 32, evaluate_every: 20, threads: 1}
"""

#: Between two clicks, in milliseconds.
PAUSE_MS = 250

#: How many of the worst moments are named.
N_NAMED = 12

Step = tuple[str, Callable[[], object]]


class Session:
    """The window, somebody who clicks, and a clock."""

    def __init__(self, app: App, application: QApplication, minutes: float, cycles: int) -> None:
        self.app = app
        self.application = application
        self.minutes = minutes
        self.cycles = cycles
        self.random = random.Random(0)
        self.late: list[tuple[float, str]] = []
        self.doing = "start"
        self._last = perf_counter()
        self.timer = QTimer()
        self.timer.timeout.connect(self._beat)

    def _beat(self) -> None:
        now = perf_counter()
        self.late.append((now - self._last - 0.001, self.doing))
        self._last = perf_counter()

    def begin(self) -> None:
        """Start the run, then click for so long."""
        if not self.app.is_ready or not self.app.window.actions_["run"].isEnabled():
            QTimer.singleShot(500, self.begin)
            return
        self.app.window.actions_["run"].trigger()
        self._steps = self._clicks()
        self._until = perf_counter() + 60 * self.minutes
        self._last = perf_counter()
        self.timer.start(1)
        QTimer.singleShot(PAUSE_MS, self._click)

    def _click(self) -> None:
        self._close_dialogs()
        if perf_counter() > self._until:
            self.timer.stop()
            QTimer.singleShot(0, self._cycle)
            return
        self.doing, do = next(self._steps)
        do()
        QTimer.singleShot(PAUSE_MS, self._click)

    def _close_dialogs(self) -> None:
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QDialog) and widget.isVisible():
                widget.reject()

    def _clicks(self) -> Iterator[Step]:
        """Everything in the window, again and again, in an order of its own each time."""
        app, window = self.app, self.app.window
        while True:
            for tab in self.random.sample(list(app.tab_area), len(list(app.tab_area))):
                name = type(tab).name
                if not app.tab_area.has_content(type(tab).name):
                    continue
                yield f"tab {name}", partial(app.tab_area.show, name)
                yield f"pointing in {name}", partial(self._point, tab)
                for control in self._controls(tab):
                    yield f"{name}: {_name(control)}", partial(self._use, control)
            for dock in ("runs", "log", "problems"):
                yield f"dock {dock}", window.actions_[f"show_{dock}"].trigger
            yield "dock runs", window.actions_["show_runs"].trigger
            for view in window.runs.findChildren(QTreeView):
                yield "a run is picked", partial(self._pick, view)
            for text in ("acc>0.1", "seed:2", ""):
                yield "filter", partial(self._filter, text)
            for role, key in (("retention", "ewc"), ("balancing", "pcgrad"), ("sharing", "mmoe")):
                yield f"choose {key}", partial(self._choose, role, key)
                yield "undo", window.actions_["undo"].trigger
            for name in ("palette", "shortcuts", "guide", "about"):
                yield name, partial(QTimer.singleShot, 0, window.actions_[name].trigger)
            for mode in ("dark", "light"):
                yield f"theme {mode}", window.actions_[f"theme_{mode}"].trigger

    def _controls(self, tab: QWidget) -> list[QWidget]:
        kinds = (QCheckBox, QRadioButton, QComboBox, QSlider)
        found: list[QWidget] = []
        for kind in kinds:
            found += tab.findChildren(kind)
        switches = [b for b in tab.findChildren(QAbstractButton) if b.isCheckable()]
        found += [button for button in switches if button not in found]
        usable = [each for each in found if each.isVisible() and each.isEnabled()]
        return self.random.sample(usable, min(len(usable), 6))

    def _use(self, control: QWidget) -> None:
        if not control.isVisible() or not control.isEnabled():
            return
        if isinstance(control, QComboBox):
            control.setCurrentIndex(self.random.randrange(max(control.count(), 1)))
            control.activated.emit(control.currentIndex())
        elif isinstance(control, QSlider):
            control.setValue(self.random.randint(control.minimum(), control.maximum()))
        else:
            QTest.mouseClick(control, Qt.MouseButton.LeftButton)

    def _point(self, tab: QWidget) -> None:
        for child in tab.findChildren(QWidget):
            if child.isVisible() and child.hasMouseTracking():
                for i in range(1, 6):
                    place = QPointF(child.width() * i / 6, child.height() / 2).toPoint()
                    QTest.mouseMove(child, QPoint(place))

    def _pick(self, view: QTreeView) -> None:
        model = view.model()
        n = model.rowCount() if model is not None else 0
        if n:
            row = self.random.randrange(n)
            place = view.visualRect(model.index(row, 1)).center()
            QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def _filter(self, text: str) -> None:
        self.app.window.runs.findChild(FilterField).setText(text)

    def _choose(self, role: str, key: str) -> None:
        self.app.presenter.choose(role, key)

    def _cycle(self) -> None:
        """Runs, presets and tabs, opened and closed."""
        app, window = self.app, self.app.window
        window.actions_["stop"].trigger()
        self._wait(lambda: not app.session.is_active)
        presets = sorted((shipped("presets")).glob("*.yaml"))[:6]
        sizes: list[float] = []
        for i in range(self.cycles):
            app.files.load(str(presets[i % len(presets)]))
            for view in window.runs.findChildren(QTreeView):
                self._pick(view)
            for tab in app.tab_area:
                if app.tab_area.has_content(type(tab).name):
                    app.tab_area.show(type(tab).name)
                    self.application.processEvents()
            window.actions_["gallery"].trigger()
            self._wait_ms(50)
            sizes.append(psutil.Process().memory_full_info().uss / 1e6)
        self.report(sizes)
        self.application.quit()

    def _wait(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._wait_ms(50)

    def _wait_ms(self, milliseconds: int) -> None:
        until = perf_counter() + milliseconds / 1000
        while perf_counter() < until:
            self.application.processEvents()

    def report(self, sizes: list[float]) -> None:
        """Print what was measured."""
        milliseconds = np.maximum([late for late, _ in self.late], 0) * 1000
        print(
            f"{len(milliseconds):,} beats in {self.minutes:g} minutes: longest stall "
            f"{milliseconds.max():.0f} ms, p99 {np.percentile(milliseconds, 99):.1f} ms, "
            f"{(milliseconds > 100).sum()} over 100 ms"
        )
        for place in np.argsort(-milliseconds)[:N_NAMED]:
            print(f"  {milliseconds[place]:6.0f} ms  {self.late[place][1]}")
        if sizes:
            settled = sizes[len(sizes) // 10]
            print(f"memory {settled:.0f} MB after a tenth of {len(sizes)} cycles, ", end="")
            print(f"{sizes[-1]:.0f} MB at the end: {sizes[-1] - settled:+.1f} MB")
        sys.stdout.flush()


def _name(widget: QWidget) -> str:
    return widget.accessibleName() or widget.objectName() or type(widget).__name__


def main() -> None:
    """Open the window, click, print."""
    parser = argparse.ArgumentParser(description="Stalls and memory of somebody who clicks.")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--cycles", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["WORKBENCH_HOME"] = home
        preset = Path(home) / "five.yaml"
        preset.write_text(PRESET)
        application = QApplication(sys.argv[:1])
        runner = IsolatedRunner()
        known = catalogue.cached() or runner.catalogue()
        app = App(application, runner, known, str(preset), settings_file(), StoredHistory())
        session = Session(app, application, options.minutes, options.cycles)
        app.start()
        QTimer.singleShot(500, session.begin)
        application.exec()
        runner.close()
    os._exit(0)


if __name__ == "__main__":
    main()
