"""The tabs: each in its place, whatever there is to show."""

import pytest
from PySide6.QtWidgets import QLabel

from tests.ui.conftest import MakeApp
from workbench.ui.composition import App


def places(app: App) -> list[tuple[str, bool, int]]:
    bar = app.window.tabs.tabBar()
    left = bar.tabRect(0).x()  # the row may be scrolled
    return [
        (bar.tabText(i), bar.isTabVisible(i), bar.tabRect(i).x() - left) for i in range(bar.count())
    ]


@pytest.mark.tabs
def test_tabs_keep_their_places_and_say_what_would_fill_them(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    before = places(app)
    assert all(is_there for _, is_there, _ in before)
    empty = [tab.name for tab in app.tab_area if not app.tab_area.has_content(tab.name)]
    assert {"translate", "boundaries", "landscape", "adaptation"} <= set(empty)
    for name in empty:
        app.tab_area.show(name)
        assert app.tab_area.front == name
        page = app.window.tabs.currentWidget()
        words = [part for part in page.findChildren(QLabel) if part.isVisibleTo(page)]
        title = app.tab_area[name].absence()
        assert title is None or title[0] in [part.text() for part in words]
        assert any(len(part.text()) > 15 for part in words), name
    monkeypatch.setattr(app.tab_area["adaptation"], "applies", lambda spec, model: True)
    app.tab_area.settle()
    assert app.tab_area.has_content("adaptation")
    app.tab_area.show("adaptation")
    assert app.tab_area["adaptation"].isVisibleTo(app.window)
    assert places(app) == before
