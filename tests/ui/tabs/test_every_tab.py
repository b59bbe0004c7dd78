"""Every tab of the centre, whatever is shown after whatever was shown."""

import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeRunner, entries
from tests.ui.whole_run import UNBOUNDED, spec_of, whole_model
from workbench.spec.entry import Catalogue
from workbench.spec.event import Intervened, Replanned
from workbench.ui.composition import App
from workbench.ui.look.theme import DARK, LIGHT
from workbench.ui.model.run_model import RunModel
from workbench.ui.plots.line_plot import Plot
from workbench.ui.shell.tab_area import find_tabs
from workbench.ui.tab import Tab
from workbench.ui.tabs.forgetting.panel import TIME, ForgettingPanel

TABS = [kind.name for kind in find_tabs()]

FIVE, TWO, ONE = ("a", "b", "c", "d", "e"), ("c", "x"), ("a",)


Make = Callable[[], RunModel]


def nothing() -> RunModel:
    """A setup whose run has not begun."""
    return RunModel(3, spec_of(TWO))


def run(*names: str, metric: str = "accuracy", seed: int = 0, joint: bool = False) -> Make:
    """Makes a run of these tasks."""
    return partial(whole_model, names, metric, seed, joint)


#: What is shown one after the other.
SEQUENCES: dict[str, list[Make]] = {
    "a second run": [run(*FIVE), run(*FIVE, seed=1), run(*FIVE, seed=2)],
    "fewer tasks": [run(*FIVE), run(*TWO), run(*ONE)],
    "more tasks": [run(*ONE), run(*TWO, joint=True), run(*FIVE)],
    "another metric": [run(*TWO), run(*TWO, metric="rmse"), run(*TWO)],
    "scores without bounds": [run(*FIVE, metric=UNBOUNDED), run(*FIVE, metric=UNBOUNDED, seed=1)],
    "nothing to show": [RunModel, run(*FIVE), RunModel, run(*TWO), nothing],
}


@pytest.fixture(scope="module")
def app(make_shared_app: MakeApp) -> App:
    """A wide window, so that every tab has its room."""
    made = make_shared_app()
    made.window.resize(1280, 800)
    made.controller.show_centre()
    return made


@pytest.mark.parametrize("name", SEQUENCES)
def test_every_tab_shows_what_comes_after_something_else(name: str, app: App, qtbot: QtBot) -> None:
    """Also what comes while another tab is in front, and what it is looked at with afterwards."""
    for tab in TABS:
        for make in SEQUENCES[name]:
            model = make()
            app.tab_area.show(tab)
            app.session.show(model)
            look_at(app.tab_area[tab])
            app.window.tabs.setCurrentIndex(0)
        app.session.show(RunModel())
    qtbot.wait(1)


def look_at(tab: Tab) -> None:
    """Have a tab draw, change its theme, its size, and be asked what it shows."""
    tab.refresh()
    tab.redraw()
    tab.set_theme(DARK)
    tab.resize(tab.width() - 3, tab.height() - 3)
    tab.set_theme(LIGHT)
    tab.grab()
    for part in tab.findChildren(QWidget):
        table = getattr(part, "table", None)
        if callable(table):
            heads, rows = table()  # pyright: ignore[reportGeneralTypeIssues]
            assert all(len(row) == len(heads) for row in rows)


@pytest.mark.parametrize("name", ["curves", "forgetting", "inside", "interference"])
def test_every_plot_over_steps_marks_every_change_once(name: str, app: App, qtbot: QtBot) -> None:
    model = whole_model(FIVE)
    app.session.show(model)
    app.tab_area.show(name)
    tab = app.tab_area[name]
    qtbot.waitUntil(tab.isVisible)
    if isinstance(tab, ForgettingPanel):
        tab.views.choose(TIME)
    look_at(tab)
    assert model.began is not None
    weight, plan = Intervened(120, "a", 2.0), Replanned(160, model.began.stages, first=4)
    for event in (weight, plan, weight, plan):  # a resumed run tells them again
        model.feed(event)
    tab.refresh()
    qtbot.wait(1)
    assert [(change.task, change.step) for change in model.changes] == [
        ("a", 200),
        ("a", 120),
        (None, 160),
    ]
    shown = [plot.backdrop for plot in tab.findChildren(Plot) if plot.isVisible()]
    assert shown
    assert all(backdrop._marks == [120.0, 160.0, 200.0] for backdrop in shown if backdrop._bands)


@pytest.mark.parametrize("kind", find_tabs(), ids=TABS)
def test_a_tab_is_shown_before_it_has_joined_the_session(kind: type[Tab], qtbot: QtBot) -> None:
    tab = kind(LIGHT)
    qtbot.addWidget(tab)
    tab.resize(600, 400)
    tab.show()
    look_at(tab)


class SlowRunner(FakeRunner):
    """Reads the catalogue when it is let to."""

    def __init__(self) -> None:
        super().__init__()
        self.may_read = threading.Event()

    def catalogue(self) -> Catalogue:
        """The catalogue, once it may be read."""
        assert self.may_read.wait(60)
        return entries()


@pytest.fixture
def slow() -> Iterator[SlowRunner]:
    runner = SlowRunner()
    yield runner
    runner.may_read.set()


def test_every_tab_is_shown_before_the_catalogue_is_read(
    make_app: MakeApp, slow: SlowRunner, qtbot: QtBot
) -> None:
    app = make_app(slow, has_catalogue=False, waits_for_catalogue=False)
    app.controller.show_centre()
    for model in (RunModel(), whole_model(FIVE), whole_model(TWO, "rmse")):
        for tab in TABS:
            app.tab_area.show(tab)
            app.session.show(model)
            look_at(app.tab_area[tab])
    assert not app.presenter.catalogue
    slow.may_read.set()
    qtbot.waitUntil(lambda: bool(app.presenter.catalogue), timeout=60_000)
    for tab in TABS:
        app.tab_area.show(tab)
        look_at(app.tab_area[tab])
