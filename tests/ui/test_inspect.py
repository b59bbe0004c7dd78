"""Inspect shows what is known of a method, and draws only what it can draw truthfully."""

import pytest
from pytestqt.qtbot import QtBot

from workbench.spec.entry import Entry
from workbench.ui.panels.inspect import InspectPanel
from workbench.ui.picture import SharingPicture
from workbench.ui.theme import LIGHT


@pytest.mark.parametrize(("key", "is_drawn"), [("hard", True), ("separate", True), ("mmoe", False)])
def test_a_sharing_strategy_is_drawn_only_as_it_is(qtbot: QtBot, key: str, is_drawn: bool):
    panel = InspectPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.show_entry(Entry("sharing", key, key.title(), "A strategy."))
    assert bool(panel.findChildren(SharingPicture)) == is_drawn
