"""The glossary: every measure is there, found by its words, opened by the mark beside it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from tests.ui.fakes import entries
from workbench.spec.entry import Entry
from workbench.spec.measures import MEASURES
from workbench.ui.dialogs.glossary_window import GlossaryWindow
from workbench.ui.dialogs.guide import GuideWindow
from workbench.ui.look.theme import CurrentTheme
from workbench.ui.widgets.help_button import HelpButton
from workbench.ui.words.glossary import glossary
from workbench.ui.words.measure_names import main_measures, more_measures

pytestmark = pytest.mark.tabs("forgetting")

SCORE = Entry(
    "metric", "new-score", "New score", "How new it is.", gives=("lower-is-better",), helps="Often."
)


def test_every_measure_of_a_run_has_a_formula_and_its_own_text() -> None:
    by_key = {entry.key: entry for entry in glossary(entries())}
    for key, words in {**main_measures(), **more_measures()}.items():
        assert by_key[key].formula
        assert by_key[key].reading == " ".join(words.meaning.split("\n"))
    assert {"cosine", "conflict_rate", "magnitude", "affinity", "delta_m", "paired"} <= {*by_key}


def test_a_score_that_is_added_to_the_catalogue_has_its_entry() -> None:
    before = glossary(entries())
    after = glossary({**entries(), ("metric", "new-score"): SCORE})
    (added,) = set(after) - set(before)
    assert (added.title, added.picture) == ("New score", "lower")
    assert added.reading == "How new it is. Lower is better. Often."
    broken = replace(SCORE, broken="cannot be imported")
    assert glossary({**entries(), ("metric", "new-score"): broken}) == before


def test_a_measure_is_found_by_words_of_its_text(qtbot: QtBot, qapp: QApplication) -> None:
    over = QWidget()
    over.resize(1280, 800)
    qtbot.addWidget(over)
    look = CurrentTheme(qapp, "light")
    look.setParent(over)
    window = GlossaryWindow(glossary(entries()), look, over)
    window.search.setText("worse off together")
    shown = [window.list.item(i).text().strip() for i in range(window.list.count())]
    assert shown[1:] == ["Negative transfer"]
    assert window.title.text() == "Negative transfer"
    window.search.setText("no such words")
    assert window.list.count() == 1
    for entry in glossary(entries()):
        window.show_measure(entry.key)
        assert window.title.text() == entry.title
        assert window.caption.isHidden() == (entry.group != "What is kept and lost")
        picture = window.picture.grab().toImage()
        assert picture.pixelColor(120, 75).isValid()
        assert len({picture.pixel(x, y) for x in range(0, 240, 3) for y in range(0, 150, 3)}) > 2
    window.close()


def test_a_question_mark_opens_what_it_stands_beside(make_app: MakeApp, qtbot: QtBot) -> None:
    app = make_app()
    marks = {mark.topic: mark for mark in app.window.findChildren(HelpButton)}
    assert {f"measure:{key}" for key in main_measures()} <= {*marks}
    qtbot.mouseClick(marks["measure:bwt"], Qt.MouseButton.LeftButton)
    (window,) = app.window.findChildren(GlossaryWindow)
    assert window.title.text().startswith("BWT")
    marks["measure:fwt"].click()
    assert app.window.findChildren(GlossaryWindow) == [window]
    assert window.title.text().startswith("FWT")
    window.close()
    marks["page:methods/retention.md"].click()
    (guide,) = app.window.findChildren(GuideWindow)
    assert guide.page.path.name == "retention.md"
    guide.close()


def test_every_section_has_a_mark_and_every_mark_a_page(make_app: MakeApp) -> None:
    app = make_app()
    sections = (app.window.setup.tasks, *app.window.setup.choices.values())
    for section in (*sections, app.window.setup.training):
        assert len(section.findChildren(HelpButton)) == 1
    for mark in app.window.findChildren(HelpButton):
        kind, _, name = mark.topic.partition(":")
        if kind == "page":
            assert app.commands.page_of(name).is_file(), mark.topic


def test_help_shows_what_is_new(make_app: MakeApp) -> None:
    app = make_app()
    app.window.actions_["news"].trigger()
    (guide,) = app.window.findChildren(GuideWindow)
    assert guide.page.document().begin().text() == "Changelog"
    guide.close()


def test_measures_of_a_run_are_those_that_are_worked_out() -> None:
    assert {*MEASURES, "intransigence"} == {*main_measures(), *more_measures()}
