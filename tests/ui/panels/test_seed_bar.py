"""The line of seeds: which are shown, what is around their mean, and more of them."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeRunner
from workbench.study.spread import Spread
from workbench.ui.composition import App
from workbench.ui.model.run_model import RunModel
from workbench.ui.services.spread_choice import SpreadChoice


def finish(app: App, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not app.session.is_active)


def run(app: App, qtbot: QtBot, *seeds: int) -> None:
    app.presenter.change({"seeds": seeds})
    app.controller.run()
    finish(app, qtbot)


def test_one_seed_is_offered_four_more_and_then_is_five(make_app: MakeApp, qtbot: QtBot) -> None:
    runner = FakeRunner()
    app = make_app(runner)
    run(app, qtbot, 0)
    bar = app.window.seed_bar
    assert bar.more.isVisible()
    assert not bar.choice.isVisible()
    bar.more.click()
    assert not bar.more.isVisible(), "while they train"
    finish(app, qtbot)
    assert [seed for _, seed in runner.runs] == [0, 1, 2, 3, 4]
    assert [model.seed for model in app.session.models] == [0, 1, 2, 3, 4]
    assert app.presenter.spec.seeds == (0, 1, 2, 3, 4)
    assert bar.choice.isVisible()
    assert not bar.more.isVisible()


def test_nothing_moves_as_a_run_begins_goes_on_and_ends(make_app: MakeApp, qtbot: QtBot) -> None:
    app = make_app(FakeRunner())
    window = app.window
    app.controller.show_centre()
    assert window.seed_bar.isVisible()
    assert window.seed_bar._words.text() == "Run trains one seed, which shows no spread"
    qtbot.wait(1)
    before = window.tabs.y(), window.tabs.tabBar().geometry()
    places: list[object] = []

    def look(*_: object) -> None:
        qtbot.wait(1)
        places.append((window.tabs.y(), window.tabs.tabBar().geometry()))

    app.session.seed_ended.connect(look)
    app.session.ended.connect(look)
    run(app, qtbot, 0)
    run(app, qtbot, 0, 1, 2)
    look()
    app.session.show(RunModel())
    look()
    assert window.seed_bar._words.text() == (
        "Run trains 3 seeds and shows their mean, band: 95 % interval"
    )
    assert len(places) > 5
    assert {str(place) for place in places} == {str(before)}


def test_its_words_ask_for_no_room_that_a_small_window_has_not(make_app: MakeApp) -> None:
    app = make_app(FakeRunner())
    app.window.resize(900, 600)
    app.controller.show_centre()
    app.presenter.change({"seeds": (0, 1, 2)})
    bar = app.window.seed_bar
    needed = bar.minimumSizeHint().width()
    bar._words.setText(20 * bar._words.text())
    assert bar.minimumSizeHint().width() == needed < 200


def test_a_seed_can_be_picked_and_all_of_them_again(make_app: MakeApp, qtbot: QtBot) -> None:
    app = make_app()
    app.window.tabs.setCurrentIndex(1)
    run(app, qtbot, 0, 1, 2)
    bar, forgetting = app.window.seed_bar, app.tab_area["forgetting"]
    bar.choice.setCurrentIndex(2)
    bar.choice.activated.emit(2)
    _, rows = forgetting.heatmap.table
    assert np.allclose(np.array([row[1:] for row in rows]), app.session.finished[1].matrix)
    bar.choice.setCurrentIndex(0)
    bar.choice.activated.emit(0)
    _, rows = forgetting.heatmap.table
    mean = np.mean([model.matrix for model in app.session.finished], axis=0)
    assert np.allclose(np.array([row[1:] for row in rows]), mean)


def test_the_band_is_chosen_once_and_named_where_it_is_drawn(
    make_app: MakeApp, qtbot: QtBot
) -> None:
    app = make_app()
    run(app, qtbot, 0, 1, 2)
    curves = app.tab_area["curves"]
    assert not curves._bands._loss[0].is_empty
    assert "95 %" in curves._bands.caption.text()
    for action in app.window.band_menu.actions():
        if action.text() == "standard deviation":
            action.trigger()
    assert "standard deviation" in curves._bands.caption.text()
    assert app.window.settings.value("spread") == "SD"
    run(app, qtbot, 0)
    assert curves._bands._loss[0].is_empty
    assert not curves._bands.caption.text()


def test_the_choice_of_a_band_is_kept(tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    assert SpreadChoice(settings).kind is Spread.INTERVAL
    SpreadChoice(settings).choose(Spread.RANGE)
    assert SpreadChoice(settings).kind is Spread.RANGE
    settings.setValue("spread", "nonsense")
    assert SpreadChoice(settings).kind is Spread.INTERVAL
