"""The matrix of shares: two languages or fifty, exactly, on hover and in words."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from pytestqt.qtbot import QtBot

from tests.ui.written import pairs_of, task_of, written
from workbench.spec.shown.written import AnswerShares
from workbench.ui.look.theme import DARK, LIGHT
from workbench.ui.tabs.translate.pair_shares import PairShares, shares_by_pair
from workbench.ui.tabs.translate.share_matrix import ShareMatrix


@pytest.fixture
def matrix(qtbot: QtBot) -> ShareMatrix:
    made = ShareMatrix(LIGHT)
    qtbot.addWidget(made)
    made.resize(420, 300)
    return made


def centre(matrix: ShareMatrix, pair: tuple[str, str]) -> QPoint:
    """The middle of a pair's cell."""
    inner, width, height = matrix._frame(QRectF(matrix.rect()))
    j, i = matrix.targets.index(pair[1]), matrix.sources.index(pair[0])
    return QPoint(round(inner.left() + (j + 0.5) * width), round(inner.top() + (i + 0.5) * height))


@pytest.mark.parametrize("n", [2, 20, 50])
def test_every_pair_has_its_numbers(n: int, matrix: ShareMatrix, qtbot: QtBot) -> None:
    pairs = pairs_of([f"l{i}" for i in range(n)])
    told = written(10, pairs, untaught=pairs[:1])
    matrix.show_shares([{each.task: each for each in told.shares}])
    matrix.set_chosen(task_of(pairs[1]))
    for theme in (DARK, LIGHT):
        matrix.set_theme(theme)
        matrix.grab()
    for pair in (pairs[0], pairs[-1]):
        at = centre(matrix, pair)
        words = matrix._explained(QRectF(matrix.rect()), at.x(), at.y())
        assert words.startswith(f"{pair[0]} → {pair[1]}: 50.0 % right, 12.5 % right in another")
        assert "37.5 % wrong, of 500" in words
        assert words.endswith("(never taught)") == (pair == pairs[0])
        assert words in matrix.accessibleDescription()
        with qtbot.waitSignal(matrix.chosen) as signal:
            qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=at)
        assert signal.args == [task_of(pair)]
    assert matrix._explained(QRectF(matrix.rect()), 1, 1) == ""
    heads, rows = matrix.table
    assert len(rows) == len(pairs)
    assert {len(row) for row in rows} == {len(heads)}


def test_a_pair_that_was_never_taught_is_outlined(matrix: ShareMatrix) -> None:
    share = AnswerShares("t", "en", "fr", 0.0, 0.0, 1.0, 9, True)
    pictures = []
    for is_taught in (True, False):
        one = AnswerShares("t", "en", "fr", 0.0, 0.0, 1.0, 9, is_taught)
        matrix.show_shares([{"t": one}])
        pictures.append(matrix.grab().toImage())
    assert pictures[0] != pictures[1]
    matrix.show_shares([{"t": share}])
    assert matrix.grab().toImage() == pictures[0]


def test_languages_stand_in_one_order_and_questions_after_them(matrix: ShareMatrix) -> None:
    pairs = [("en", "even"), ("en", "fr"), ("fr", "en")]
    matrix.show_shares([{each.task: each for each in written(10, pairs).shares}])
    assert matrix.sources == ["en", "fr"]
    assert matrix.targets == ["en", "fr", "even"]


def test_tasks_of_one_pair_count_by_their_answers() -> None:
    first = AnswerShares("a", "en", "fr", 1.0, 0.0, 0.0, 300, False)
    second = AnswerShares("b", "en", "fr", 0.0, 0.5, 0.5, 100, True)
    (pair,) = shares_by_pair([first, second]).values()
    assert (pair.right, pair.other_language, pair.wrong) == (0.75, 0.125, 0.125)
    assert (pair.n, pair.is_taught, pair.tasks) == (400, True, ("a", "b"))


def test_nothing_to_show_is_drawn_too(matrix: ShareMatrix) -> None:
    matrix.show_shares([{}])
    matrix.grab()
    assert matrix.table[1] == []
    assert matrix.accessibleDescription() == ""


def test_a_cell_too_small_for_a_bar_has_its_mean_colour(matrix: ShareMatrix) -> None:
    pair = PairShares("a", "b", 1.0, 0.0, 0.0, 9, True, ("t",))
    right, other, wrong = (brush.color() for brush in matrix._brushes())
    assert matrix._mean_colour(pair) == right
    assert matrix._mean_colour(replace(pair, right=0.0, other_language=1.0)) == other
    assert matrix._mean_colour(replace(pair, right=0.0, wrong=1.0)) == wrong
    pairs = pairs_of([f"l{i}" for i in range(50)])
    told = written(10, pairs, n_right=4)
    matrix.show_shares([{each.task: each for each in told.shares}])
    picture = matrix.grab().toImage()
    at = centre(matrix, pairs[700])
    assert picture.pixelColor(at).name() == right.name()
