"""A point is typed as two numbers, however they are set apart."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from workbench.ui.tabs.adaptation.point_field import PointField, point_of


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("1.5 -2", (1.5, -2.0)),
        (" 1.5, -2 ", (1.5, -2.0)),
        ("1,-2", (1.0, -2.0)),
        ("1,5; -2", (1.5, -2.0)),
        ("1e2;3", (100.0, 3.0)),
        ("1", None),
        ("1 2 3", None),
        ("a b", None),
        ("nan 1", None),
        ("inf; 1", None),
        ("1e30 1", None),
        ("", None),
    ],
)
def test_a_text_gives_a_point_or_none(text: str, point: tuple[float, float] | None):
    assert point_of(text) == point


def test_enter_gives_the_point_and_what_is_none_stays_and_is_said(qtbot: QtBot):
    field = PointField()
    qtbot.addWidget(field)
    given: list[tuple[float, float]] = []
    said: list[str] = []
    field.submitted.connect(lambda x, y: given.append((x, y)))
    field.refused.connect(said.append)
    assert "point of your own" in field.accessibleName()
    qtbot.keyClicks(field, "1.5 x")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (given, field.text(), field.property("invalid")) == ([], "1.5 x", True)
    assert "two numbers" in said[0]
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert not field.property("invalid")
    qtbot.keyClicks(field, "-2")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (given, field.text()) == ([(1.5, -2.0)], "")
