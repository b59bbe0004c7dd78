"""The Boundaries tab: there where it can show something, live while seen, back through the run."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeRunner
from workbench.spec.command import WatchPlanes
from workbench.spec.event import Began, Evaluated, Event, Mapped, Plotted
from workbench.spec.experiment import Spec
from workbench.spec.shown.plane import Map, Plane
from workbench.ui.composition import App
from workbench.ui.look.theme import DARK, LIGHT
from workbench.ui.model.plane_record import PlaneRecord
from workbench.ui.model.run_model import RunModel
from workbench.ui.tabs.boundaries.panel import BoundariesPanel, columns_for
from workbench.ui.tabs.boundaries.plane_view import PlaneView


def plane(task: str) -> Plane:
    points = np.array([[0.2, 0.3], [0.7, 0.8]], dtype=np.float32)
    classes = np.array([0, 1], dtype=np.uint8)
    return Plane(task, ("x", "y"), ("no", "yes"), (0.0, 1.0), (0.0, 1.0), points, classes)


def answers(task: str, share: float) -> Map:
    """Class 1 on the right-hand `share` of the plane."""
    classes = np.zeros((8, 8), dtype=np.uint8)
    classes[:, round(8 * (1 - share)) :] = 1
    return Map(task, classes, np.full((8, 8), 230, dtype=np.uint8))


class PlaneRunner(FakeRunner):
    """Tells planes of its tasks, a map before training, and one at each stage end."""

    def run(self, spec: Spec, seed: int) -> Iterator[Event]:
        names: tuple[str, ...] = ()
        n_stages = 0
        for event in super().run(spec, seed):
            yield event
            if isinstance(event, Began):
                names = tuple(facts.name for facts in event.tasks)
            elif isinstance(event, Evaluated) and event.stage < 0:
                yield Plotted(0, tuple(plane(name) for name in names))
                yield Mapped(0, -1, tuple(answers(name, 0.5) for name in names), False)
            elif isinstance(event, Evaluated) and event.ends_stage:
                n_stages += 1
                share = n_stages / 8
                maps = tuple(answers(name, share) for name in names)
                yield Mapped(event.step, event.stage, maps, False)


@pytest.fixture
def runner() -> FakeRunner:
    return PlaneRunner()


@pytest.fixture
def panel(make_app: MakeApp, runner: FakeRunner, qtbot: QtBot) -> BoundariesPanel:
    """The tab after a run of the five tasks of split digits, in front."""
    app: App = make_app(runner)
    tab = app.tab_area["boundaries"]
    assert isinstance(tab, BoundariesPanel)
    assert not app.tab_area.has_content("boundaries")
    app.presenter.set_task("digits-split", None, True)
    app.presenter.set_task("digits-attributes", None, False)
    app.presenter.choose("curriculum", "sequential")
    app.controller.run()
    qtbot.waitUntil(lambda: app.session.model.is_over)
    assert app.tab_area.has_content("boundaries")
    app.tab_area.show("boundaries")
    qtbot.waitUntil(lambda: bool(tab.views))
    return tab


def shares(panel: BoundariesPanel) -> set[float]:
    return {float(view.map.classes.mean()) for view in panel.views if view.map is not None}


def test_the_scrubber_goes_back_through_the_stages(panel: BoundariesPanel):
    assert len(panel.views) == 5
    assert shares(panel) == {5 / 8}
    assert panel.bar.words.text() == "After 8-9, step 300"
    panel.bar.before.click()
    assert shares(panel) == {4 / 8}
    panel.bar.slider.setValue(0)
    assert panel.bar.words.text() == "Before training"
    assert not panel.bar.before.isEnabled()
    panel.bar.after.click()
    assert shares(panel) == {1 / 8}
    panel.bar.newest.click()
    assert shares(panel) == {5 / 8}
    assert not panel.bar.newest.isEnabled()


def test_tasks_keep_their_colours_and_say_what_is_seen(panel: BoundariesPanel):
    model = panel.context.session.model
    assert [view.number for view in panel.views] == list(model.colours)
    assert panel.views[0].accessibleDescription() == "no: 38 % of the plane, yes: 62 % of the plane"


def test_a_run_is_watched_only_while_the_tab_is_seen(make_app: MakeApp, qtbot: QtBot):
    runner = PlaneRunner(hold_at=20)
    app = make_app(runner)
    app.controller.run()
    qtbot.waitUntil(lambda: bool(app.session.model.planes.planes))
    assert WatchPlanes(True) not in runner.sent
    app.tab_area.show("boundaries")
    qtbot.waitUntil(lambda: WatchPlanes(True) in runner.sent)
    app.tab_area.show("curves")
    assert runner.sent[-1] == WatchPlanes(False)
    app.session.stop()
    qtbot.waitUntil(lambda: not app.session.is_active)


def moments(*steps: tuple[int, bool]) -> PlaneRecord:
    record = PlaneRecord()
    for step, is_timed in steps:
        record.add(Mapped(step, 0, (answers("a", 0.5),), is_timed))
    return record


def test_stage_ends_are_all_kept_and_timed_maps_are_thinned():
    record = moments(*((step, step % 100 != 0) for step in range(1, 1001)))
    steps = [moment.step for moment in record.moments]
    assert [step for step in steps if step % 100 == 0] == list(range(100, 1001, 100))
    assert steps[0] < 20
    assert len(steps) < 260
    assert steps == sorted(steps)


def test_a_resumed_run_tells_again_what_came_after_its_checkpoint():
    record = moments((10, False), (15, True), (20, False), (15, True), (20, False))
    assert [moment.step for moment in record.moments] == [10, 15, 20]


@pytest.mark.parametrize(
    ("n", "size", "expected"),
    [
        (1, (600, 400), 1),
        (2, (600, 400), 2),
        (4, (600, 390), 2),
        (4, (1200, 400), 4),
        (16, (600, 300), 4),
        (3, (100, 900), 1),
    ],
)
def test_pictures_are_as_large_as_can_be(n: int, size: tuple[int, int], expected: int):
    assert columns_for(n, *size) == expected


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_sure_answers_are_deeper_than_unsure_ones(qtbot: QtBot, theme: Any):
    view = PlaneView(plane("a"), 0, theme)
    qtbot.addWidget(view)
    view.resize(300, 340)
    sure = np.array([[128, 255]] * 2, dtype=np.uint8)
    view.set_map(Map("a", np.ones((2, 2), dtype=np.uint8), sure))
    image = view.grab().toImage()
    far, near = image.pixelColor(290, 60), image.pixelColor(10, 60)
    ground = view._theme.surface

    def distance(colour: QColor) -> int:
        g = QColor(ground)
        return abs(colour.red() - g.red()) + abs(colour.green() - g.green())

    assert distance(far) > distance(near) + 40


def test_the_numbers_can_be_saved(qtbot: QtBot):
    view = PlaneView(plane("a"), 0, LIGHT)
    qtbot.addWidget(view)
    view.set_map(answers("a", 0.5))
    heads, rows = view.table
    assert heads == ["x", "y", "class", "probability"]
    assert len(rows) == 64
    assert rows[0][:3] == [0.0, 0.0, "no"]


def test_of_several_seeds_it_says_which_one_is_shown(panel: BoundariesPanel):
    model = panel._model
    panel.set_models(model, [model, RunModel(4, model.spec)])
    assert panel.bar.words.text() == f"After 8-9, step 300 · seed {model.seed} of {model.seed}, 4"
