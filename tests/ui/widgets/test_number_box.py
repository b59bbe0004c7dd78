"""Numbers are read and shown as people write them, and no digit is dropped on the way."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from workbench.spec.text import number_of, number_text
from workbench.ui.widgets.editors import IntEditor, NumberEditor, shown_value


@pytest.mark.parametrize(
    ("value", "text"),
    [(1e7, "1e7"), (1e-5, "1e-5"), (-2.5e8, "-2.5e8"), (0.001, "0.001"), (64.0, "64")],
)
def test_a_number_is_written_without_padding(value: float, text: str) -> None:
    assert number_text(value) == text
    assert number_of(text) == value
    assert shown_value([value]) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [("10,000,000", 1e7), ("1,234.5", 1234.5), ("0,125", 0.125), ("10,5", 10.5), ("1e7", 1e7)],
)
def test_commas_part_thousands_or_decimals(text: str, value: float) -> None:
    assert number_of(text) == value


def typed(editor: NumberEditor, text: str) -> list[object]:
    """What an editor tells of a text typed into it."""
    told: list[object] = []
    editor.edited.connect(told.append)
    editor.selectAll()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    return told


@pytest.mark.parametrize("text", ["10,000,000", "1e7", "10000000"])
def test_a_large_whole_number_stays_as_it_was_typed(text: str, qtbot: QtBot) -> None:
    editor = IntEditor({"minimum": 1})
    qtbot.addWidget(editor)
    assert typed(editor, text) == [10_000_000]
    assert editor.text() == text
    editor.set_value(20_000_000)
    assert editor.text() == "20000000"


def test_a_large_number_is_never_padded(qtbot: QtBot) -> None:
    editor = NumberEditor({"minimum": 0})
    qtbot.addWidget(editor)
    assert typed(editor, "1e+07") == [1e7]
    assert editor.text() == "1e7"


def test_a_fraction_is_no_whole_number_of_its_digits(qtbot: QtBot) -> None:
    editor = IntEditor({"minimum": 1})
    qtbot.addWidget(editor)
    refused: list[str] = []
    editor.refused.connect(refused.append)
    assert typed(editor, "1.5") == []
    assert refused == ["1.5"]
    assert editor.text() == "1.5"
