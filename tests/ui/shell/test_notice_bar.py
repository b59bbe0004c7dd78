"""NoticeBar: it lies over the foot of the centre, so that its coming moves nothing."""

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QLabel, QVBoxLayout
from pytestqt.qtbot import QtBot

from workbench.ui.look.theme import LIGHT
from workbench.ui.shell.notice_bar import NoticeBar, NoticeGround


def test_it_moves_nothing_and_follows_the_size_of_its_ground(qtbot: QtBot) -> None:
    bar = NoticeBar(LIGHT)
    ground = NoticeGround(bar)
    qtbot.addWidget(ground)
    below = QLabel("what is read")
    QVBoxLayout(ground).addWidget(below)
    ground.resize(500, 300)
    ground.show()
    before = QRect(below.geometry())
    bar.offer("Something is offered", [("Take it", lambda: None)])
    qtbot.wait(1)
    assert bar.isVisible()
    assert below.geometry() == before
    ground.resize(640, 400)
    place = bar.geometry()
    assert (place.left(), place.width(), place.bottom()) == (0, 640, 399)
    assert place.height() >= bar.buttons[0].height()
    bar.buttons[0].click()
    assert not bar.isVisible()
