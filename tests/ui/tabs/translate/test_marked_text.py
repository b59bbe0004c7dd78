"""A text in lines: long words go on in the next; marks stand where they belong."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.written import WORDS
from workbench.ui.tabs.translate.marked_text import MarkedText

LONG = "siebenhundertsiebenundsiebzigtausendsiebenhundertsiebenundsiebzig"


def made(qtbot: QtBot) -> MarkedText:
    label = MarkedText()
    qtbot.addWidget(label)
    return label


def test_a_word_longer_than_a_line_goes_on_in_the_next(qtbot: QtBot) -> None:
    label = made(qtbot)
    label.show_text(LONG)
    whole = label.fontMetrics().horizontalAdvance(LONG)
    assert label.heightForWidth(whole + 4) < label.heightForWidth(whole // 3)
    layout = label._laid_out(whole // 3)
    assert layout.lineCount() >= 3
    widest = max(layout.lineAt(i).naturalTextWidth() for i in range(layout.lineCount()))
    assert widest <= whole // 3


def test_marks_are_counted_as_qt_counts(qtbot: QtBot) -> None:
    label = made(qtbot)
    label.show_stretches([("😀a", False), ("b😀", True), ("c", False), ("\n", True)], "#ff0000")
    assert label.text() == "😀ab😀c\\n"
    assert label.marked == ["b😀", "\\n"]


def test_a_mark_is_drawn_where_it_stands(qtbot: QtBot) -> None:
    label = made(qtbot)
    label.resize(200, 30)
    label.show_stretches([("mmm", False), ("mmm", True)], "#ff0000")
    reds = red_columns(label)
    assert reds
    assert min(reds) > label.fontMetrics().horizontalAdvance("mm")


def test_a_text_from_the_right_stands_on_the_right(qtbot: QtBot) -> None:
    label = made(qtbot)
    label.resize(400, 30)
    label.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    label.show_stretches([(WORDS["ar"], True)], "#ff0000")
    reds = red_columns(label)
    assert min(reds) > 200
    assert max(reds) >= 395


def red_columns(label: MarkedText) -> list[int]:
    """The columns of pixels in which there is red ground."""
    image = label.grab().toImage()
    y = image.height() // 2
    return [
        x
        for x in range(image.width())
        if any(image.pixelColor(x, v).name() == "#ff0000" for v in (2, y))
    ]
