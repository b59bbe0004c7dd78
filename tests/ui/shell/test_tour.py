"""The tour of a first start: shown once, moved on by what is done, left without a trace."""

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import PATIENCE_MS, MakeApp
from workbench.ui.composition import App
from workbench.ui.shell.tour.bubble import TourBubble, place_beside
from workbench.ui.shell.tour.steps import tour_steps
from workbench.ui.shell.tour.tour import SEEN

pytestmark = pytest.mark.tabs("curves", "forgetting")

ROOM = QRect(0, 0, 1280, 800)


def click_run(app: App, qtbot: QtBot) -> None:
    qtbot.mouseClick(app.window.findChild(QToolButton, "runButton"), Qt.MouseButton.LeftButton)


def wait_for_step(app: App, qtbot: QtBot, step: int | None) -> None:
    qtbot.waitUntil(lambda: app.tour.at == step, timeout=PATIENCE_MS)


def test_the_first_start_shows_it_and_the_second_does_not(make_app: MakeApp) -> None:
    app = make_app(sees_tour=True)
    assert app.tour.at == 0
    assert app.tour.bubble is not None
    assert app.tour.bubble.isVisible()
    app.tour.end()
    assert app.window.settings.value(SEEN)
    assert make_app(sees_tour=True).tour.at is None


def test_a_preset_that_is_asked_for_is_not_talked_over(make_app: MakeApp) -> None:
    app = make_app(sees_tour=True, preset="see-forgetting")
    assert app.tour.at is None
    assert not app.window.settings.contains(SEEN)


def test_its_button_does_each_step(app: App, qtbot: QtBot) -> None:
    window = app.window
    window.actions_["tour"].trigger()
    bubble = app.tour.bubble
    assert bubble is not None
    assert app.tour.at == 0
    QTest.keyClick(bubble.act, Qt.Key.Key_Return)  # Enter, as Space and the mouse
    assert app.presenter.spec.name == "See forgetting"
    assert app.tour.at == 1
    bubble.act.click()
    wait_for_step(app, qtbot, 3)  # a made-up run is soon over, and the step of watching with it
    assert len(app.session.models) == 1
    bar, head = tour_steps(window, app.tab_area["curves"].context, app.tab_area)[3].target()
    assert bar.rect().intersects(head), "the light is on the tab"
    bubble.act.click()
    assert app.tab_area.front == "forgetting"
    assert app.tour.at == 4
    assert bubble.skip.isHidden()
    bubble.act.click()
    assert app.tour.at is None


def test_what_the_user_does_himself_moves_it_on(app: App, qtbot: QtBot) -> None:
    window = app.window
    window.actions_["tour"].trigger()
    card = window.findChild(QWidget, "card.see-forgetting")
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    wait_for_step(app, qtbot, 1)
    click_run(app, qtbot)
    wait_for_step(app, qtbot, 3)
    window.actions_["show_forgetting"].trigger()
    wait_for_step(app, qtbot, 4)


def test_a_run_from_before_is_not_taken_for_its_own(app: App, qtbot: QtBot) -> None:
    next(c for c in app.window.gallery.cards if c.text() == "See forgetting").click()
    click_run(app, qtbot)
    qtbot.waitUntil(lambda: not app.session.is_active, timeout=PATIENCE_MS)
    app.controller.settle()
    app.window.actions_["tour"].trigger()
    assert app.tour.bubble is not None
    app.tour.bubble.act.click()
    app.tour.look()
    assert app.tour.at == 1


def test_esc_ends_it_wherever_the_keyboard_is_and_nothing_stays(app: App, qtbot: QtBot) -> None:
    window, before = app.window, app.presenter.spec
    for where in (None, window.setup.tasks.search):
        window.actions_["tour"].trigger()
        focused: QWidget = where or app.tour.bubble.act  # pyright: ignore
        focused.setFocus()
        QTest.keyClick(focused, Qt.Key.Key_Escape)
        assert app.tour.at is None
    qtbot.waitUntil(lambda: not window.findChildren(TourBubble))
    assert not window.findChildren(QWidget, "tourLight")
    assert app.presenter.spec == before
    assert not app.presenter.can_undo


def test_skip_ends_it(app: App) -> None:
    app.window.actions_["tour"].trigger()
    assert app.tour.bubble is not None
    app.tour.bubble.skip.click()
    assert app.tour.at is None


def test_its_light_lets_the_pointer_through_to_the_control(app: App) -> None:
    app.window.actions_["tour"].trigger()
    card = app.window.findChild(QWidget, "card.see-forgetting")
    middle = card.mapTo(app.window, card.rect().center())
    assert app.window.childAt(middle) is card


@pytest.mark.parametrize(
    "target",
    [
        QRect(20, 20, 60, 30),
        QRect(1200, 20, 60, 30),
        QRect(1200, 760, 60, 30),
        QRect(20, 760, 60, 30),
        QRect(360, 100, 640, 420),
        QRect(5, 5, 1270, 790),
    ],
)
def test_the_bubble_is_in_the_window_and_beside_its_control(target: QRect) -> None:
    size = QSize(300, 170)
    corner = place_beside(target, size, ROOM)
    assert ROOM.contains(QRect(corner, size))
    if target.width() < 1000:
        assert not QRect(corner, size).intersects(target)
