"""The menu of all tabs is there where they do not fit, and brings each to the front."""

from PySide6.QtWidgets import QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from workbench.ui.widgets.tab_menu import TabMenu


def made(qtbot: QtBot, n: int) -> tuple[QTabWidget, TabMenu]:
    tabs = QTabWidget()
    qtbot.addWidget(tabs)
    menu = TabMenu(tabs)
    for i in range(n):
        tabs.addTab(QWidget(), f"Interference {i}")
    tabs.resize(500, 200)
    tabs.show()
    menu.settle()
    return tabs, menu


def test_it_comes_and_goes_with_the_room(qtbot: QtBot) -> None:
    tabs, menu = made(qtbot, 12)
    assert menu.isVisible()
    tabs.resize(3000, 200)
    qtbot.waitUntil(lambda: not menu.isVisible())
    tabs.resize(500, 200)
    qtbot.waitUntil(menu.isVisible)


def test_few_tabs_need_none(qtbot: QtBot) -> None:
    _, menu = made(qtbot, 2)
    assert not menu.isVisible()


def test_it_lists_the_visible_tabs_and_shows_the_one_that_is_chosen(qtbot: QtBot) -> None:
    tabs, menu = made(qtbot, 12)
    tabs.setTabVisible(3, False)
    menu.menu().aboutToShow.emit()
    actions = menu.menu().actions()
    assert [action.text() for action in actions] == [
        f"Interference {i}" for i in range(12) if i != 3
    ]
    actions[-1].trigger()
    assert tabs.currentIndex() == 11
