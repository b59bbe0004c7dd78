"""Inspect: what it says of a method, and of what it comes to in the setup."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.ui.fakes import entries
from workbench.spec.entry import Entry
from workbench.ui.composition import App
from workbench.ui.look.theme import LIGHT
from workbench.ui.panels.inspect.panel import InspectPanel

pytestmark = pytest.mark.tabs("curves")

TASK_FREE = "Works where nobody says where a stage ends"


@pytest.fixture
def panel(qtbot: QtBot) -> InspectPanel:
    made = InspectPanel(LIGHT)
    qtbot.addWidget(made)
    return made


def said(panel: InspectPanel) -> list[str]:
    card = panel._stack.currentWidget()
    return [item.text() for item in card.findChildren(QLabel)]


def retention(key: str, *needs: str) -> Entry:
    return Entry("retention", key, key.title(), f"What {key} does.", needs=needs)


def test_a_method_that_needs_no_boundaries_says_so(panel: InspectPanel):
    panel.show_entry(retention("replay", "stages"))
    assert TASK_FREE in said(panel)
    panel.show_entry(retention("ewc", "stages", "boundaries"))
    assert TASK_FREE not in said(panel)
    assert "A curriculum that says where a stage ends, or has a detector find it" in said(panel)


def test_a_hook_that_nothing_calls_is_told(panel: InspectPanel):
    warning = "defines 'mix', which nothing calls: it is 'augment_batch' now"
    panel.show_entry(replace(retention("near"), warnings=(warning,)))
    assert warning in said(panel)


def test_no_markup_is_shown_as_text_and_a_paper_is_a_link(panel: InspectPanel):
    linked = [entry for entry in entries().values() if entry.link]
    assert linked
    for entry in linked:
        panel.show_entry(entry)
        card = panel._stack.currentWidget()
        rich = [
            one for one in card.findChildren(QLabel) if one.textFormat() == Qt.TextFormat.RichText
        ]
        (paper,) = [one for one in rich if one.openExternalLinks()]
        plain = [one for one in card.findChildren(QLabel) if one not in rich]
        assert not [one.text() for one in plain if "</" in one.text()]
        page = QTextDocument()
        page.setHtml(paper.text())
        assert page.toPlainText() == entry.paper
        assert f'href="{entry.link}"' in paper.text()


def test_what_the_setups_method_keeps_is_said_of_it_alone(panel: InspectPanel):
    line = "Keeps up to 200 examples · 55.2 kB"
    panel.show_entry(retention("replay"))
    panel.set_retained("replay", line)
    assert line in said(panel)
    panel.show_entry(retention("der"))
    assert line not in said(panel)
    panel.show_entry(retention("replay"))
    panel.set_retained("replay", "")
    assert "IN THIS SETUP" not in said(panel)


def test_setup_is_as_wide_as_its_editors(app: App):
    setup = app.window.setup
    inner, bar = setup._area.widget(), setup._area.verticalScrollBar()
    assert setup.width() >= inner.minimumSizeHint().width() + bar.sizeHint().width()
    app.window.resize(app.window.minimumSize())
    assert setup.minimumSizeHint().width() >= inner.minimumSizeHint().width()
