"""Texts in several languages on their way into the setup: languages and pairs to tick."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QTableView
from pytestqt.qtbot import QtBot

from tests.contracts.dirty import CATALOGUE, told
from tests.engine.toys import methods
from tests.ui.dialogs.data import asked_of, catalogue, opened, settled
from tests.ui.fakes import FakeRunner, schema
from workbench.engine.build.tasks import select
from workbench.spec.check import problems
from workbench.spec.entry import Catalogue, Entry
from workbench.spec.experiment import Spec
from workbench.spec.question import Columns, RefusedError, Tell
from workbench.spec.user_files.file_facts import ColumnFacts, FileFacts, ReadSetting
from workbench.spec.user_files.text_facts import LanguageFacts, LeftOut, TextFacts
from workbench.ui.dialogs.data_words import small_splits
from workbench.ui.dialogs.texts.text_choice import TextChoice, plans_of
from workbench.ui.dialogs.texts.texts_page import READING

CODES = ("en", "fr", "ar")


def facts(*chosen: str, n_kept: int = 95, **changes: object) -> FileFacts:
    chosen = chosen or CODES
    languages = (*(LanguageFacts(code, 97) for code in CODES), LanguageFacts("old", None, False))
    left_out = (
        LeftOut("a side is empty", 3, (4, 9, 20)),
        LeftOut("longer than 400 characters", 2, (7, 8)),
    )
    texts = TextFacts(languages, chosen, 100, n_kept, left_out)
    made = FileFacts(
        "/data/mine.tsv",
        "sentences",
        "TSV",
        100,
        tuple(ColumnFacts(code, "text") for code in chosen),
        (tuple({"en": "one", "fr": "un", "ar": "واحد"}.get(code, "") for code in chosen),),
        sha256="ab" * 32,
        reading=(ReadSetting("encoding", "utf-8"),),
        others=("table",),
        texts=texts,
    )
    return replace(made, **changes)  # pyright: ignore[reportArgumentType]


def known() -> Catalogue:
    settings = schema(
        file={"type": "string", "default": ""},
        encoding={"enum": ["auto", "utf-8", "cp1251"], "type": "string", "default": "utf-8"},
        most_characters={"type": "integer", "default": 400},
        vocabulary={"type": "integer", "default": 2000},
        val={"type": "number", "default": 0.1},
        test={"type": "number", "default": 0.1},
    )
    entry = Entry("tasks", "sentences", "Your sentences", "Texts.", settings=settings)
    return {**catalogue(), ("tasks", "sentences"): entry}


def answered(question: Columns, _tell: Tell) -> FileFacts:
    """As the training process answers: of the languages that are asked for."""
    if question.family == "table":
        columns = tuple(ColumnFacts(code, "text", "classes") for code in CODES)
        return replace(facts(), family="table", columns=columns, texts=None, others=("sentences",))
    if question.is_quick:
        return facts(*question.texts.languages, is_whole=False, sha256="")
    return facts(*question.texts.languages)


@pytest.fixture
def runner() -> FakeRunner:
    made = FakeRunner()
    made.answers[Columns] = answered
    return made


# what is chosen


def test_few_languages_are_learned_both_ways_and_many_with_the_first():
    choice = TextChoice.of(facts())
    assert choice.languages == list(CODES)
    assert (choice.plan, choice.n_tasks) == ("all", 6)
    many = TextFacts(tuple(LanguageFacts(c) for c in "abcde"), tuple("abcde"), 9, 9)
    assert TextChoice.of(facts(texts=many)).plan == "star"


@pytest.mark.parametrize("plan", ["all", "star", "from-en", "to-en", "ring"])
def test_pairs_of_a_plan_are_written_as_the_plan(plan: str):
    choice = TextChoice.of(facts())
    choice.set_plan(plan)
    assert choice.pairs == plans_of(CODES)[plan]
    (entry,) = choice.entries()
    assert entry.settings["pairs"] == plan
    assert entry.settings["languages"] == list(CODES)


def test_pairs_of_no_plan_are_written_one_by_one_in_order():
    choice = TextChoice.of(facts())
    for pair in (("en", "fr"), ("ar", "fr")):
        choice.set_pair(pair, is_on=False)
    assert choice.plan == ""
    assert choice.entries()[0].settings["pairs"] == ["en-ar", "fr-en", "fr-ar", "ar-en"]


def test_a_language_takes_its_pairs_with_it_and_a_plan_holds_for_a_new_one():
    choice = TextChoice.of(facts())
    choice.set_language("fr", is_on=False)
    assert (choice.languages, choice.n_tasks, choice.plan) == (["en", "ar"], 2, "all")
    choice.set_language("fr", is_on=True)
    assert (choice.languages, choice.n_tasks) == (list(CODES), 6)
    choice.set_pair(("fr", "ar"), is_on=False)
    choice.set_language("old", is_on=True)
    assert {("en", "old"), ("old", "en")} < set(choice.pairs)
    assert ("fr", "ar") not in choice.pairs


def test_a_hub_that_is_not_learned_any_more_leaves_the_next_one():
    choice = TextChoice.of(facts())
    choice.set_plan("from-en")
    choice.set_language("en", is_on=False)
    assert choice.languages == ["fr", "ar"]
    assert choice.pairs == [("fr", "ar"), ("ar", "fr")]


@pytest.mark.parametrize(
    ("lacks", "change"),
    [
        ("languages", lambda one: [one.set_language(code, is_on=False) for code in ("en", "fr")]),
        ("pairs", lambda one: [one.set_pair(pair, is_on=False) for pair in list(one.pairs)]),
        ("rows", lambda one: setattr(one, "facts", facts(n_kept=0))),
        ("columns", lambda one: setattr(one, "facts", facts(problem="line 3: no"))),
    ],
)
def test_what_is_still_to_be_chosen_is_said(lacks: str, change: Callable[[TextChoice], object]):
    choice = TextChoice.of(facts())
    assert choice.lacks == ""
    change(choice)
    assert choice.lacks == lacks


def test_few_sentences_to_judge_by_are_told():
    choice = TextChoice.of(facts(n_kept=95))
    assert small_splits(choice, {"val": 0.2, "test": 0.05}) == "Few rows to judge by: test: 5"


def test_what_is_brought_is_what_the_family_takes(tmp_path: Path):
    for code in ("en", "fr", "de"):
        lines = "".join(f"{code} {'x' * (i % 5)} {i}\n" for i in range(60))
        (tmp_path / f"news.{code}").write_text(lines)
    known = told(tmp_path / "news.en")
    choice = TextChoice.of(known)
    choice.set_language("de", is_on=False)
    choice.settings["vocabulary"] = 280
    choice = choice.read_anew(replace(known, beside_sha256=""))
    spec = Spec(tasks=choice.entries())
    assert problems(spec, CATALOGUE) == []
    assert list(select(spec, methods(), torch.device("cpu"))) == ["en-fr", "fr-en"]


# the dialog


def test_sentences_are_proposed_as_such_and_their_report_is_read(qtbot: QtBot, runner: FakeRunner):
    with opened(qtbot, runner, known()) as dialog:
        dialog.open_path("/data/mine.tsv")
        qtbot.waitUntil(settled(dialog))
        page = dialog.texts
        assert page.isVisible()
        items = [page.languages.item(i) for i in range(page.languages.count())]
        assert items[1].text() == "fr · 97 · français"
        assert items[3].text() == "old · no language that is known"
        checked = Qt.CheckState.Checked
        assert [item.checkState() == checked for item in items] == [True, True, True, False]
        assert page.left.text().splitlines() == [
            "95 of 100 rows stay",
            "3 left out: a side is empty (line 4, 9, 20)",
            "2 left out: longer than 400 characters (line 7, 8)",
        ]
        assert dialog.use.text() == "Use as 6 tasks"
        assert dialog.task() == TextChoice.of(facts()).entries()[0]
        assert dialog.words.text() == "TSV · 100 rows · 4 languages"
        assert dialog.family.form is not None
        assert list(dialog.family.form.editors) == ["vocabulary", "val", "test"]


def test_text_that_runs_from_right_to_left_stands_right(qtbot: QtBot, runner: FakeRunner):
    with opened(qtbot, runner, known()) as dialog:
        dialog.open_path("/data/mine.tsv")
        qtbot.waitUntil(settled(dialog))
        model = dialog.texts.rows.model()
        sides = [
            Qt.AlignmentFlag(model.index(0, at).data(Qt.ItemDataRole.TextAlignmentRole))
            & Qt.AlignmentFlag.AlignHorizontal_Mask
            & ~Qt.AlignmentFlag.AlignAbsolute
            for at in range(3)
        ]
        left, right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        assert sides == [left, left, right]


def test_pairs_are_ticked_by_the_mouse_by_a_head_and_by_a_plan(qtbot: QtBot, runner: FakeRunner):
    with opened(qtbot, runner, known()) as dialog:
        dialog.open_path("/data/mine.tsv")
        qtbot.waitUntil(settled(dialog))
        page = dialog.texts
        tick(qtbot, dialog.texts.pairs, 0, 1)
        assert dialog.use.text() == "Use as 5 tasks"
        assert page.plan.currentText() == "As ticked"
        head = page.pairs.verticalHeader()
        middle = QPoint(10, head.sectionViewportPosition(0) + head.sectionSize(0) // 2)
        qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=middle)
        assert page.plan.currentData() == "all"
        page.plan.setCurrentIndex(page.plan.findData("to-en"))
        page.plan.activated.emit(page.plan.currentIndex())
        assert dialog.use.text() == "Use as 2 tasks"
        assert len(asked_of(runner)) == 2  # first and whole: pairs ask for no other reading


def test_languages_and_lengths_are_counted_anew(qtbot: QtBot, runner: FakeRunner):
    with opened(qtbot, runner, known()) as dialog:
        dialog.open_path("/data/mine.tsv")
        qtbot.waitUntil(settled(dialog))
        dialog.texts.languages.item(1).setCheckState(Qt.CheckState.Unchecked)
        qtbot.waitUntil(settled(dialog))
        assert asked_of(runner)[-1].texts.languages == ("en", "ar")
        dialog.texts.longest.setValue(120)
        qtbot.waitUntil(settled(dialog))
        assert asked_of(runner)[-1].texts.most_characters == 120
        task = dialog.task()
        assert task is not None
        assert task.settings["most_characters"] == 120
        n_asked = len(asked_of(runner))
        dialog.texts.languages.item(0).setCheckState(Qt.CheckState.Unchecked)
        assert dialog.reason.text() == "Choose two languages or more"
        assert not dialog.use.isEnabled()
        assert len(asked_of(runner)) == n_asked  # there is nothing to read


def test_a_file_that_may_be_a_table_can_be_taken_for_one_and_back(qtbot: QtBot, runner: FakeRunner):
    with opened(qtbot, runner, known()) as dialog:
        dialog.open_path("/data/mine.tsv")
        qtbot.waitUntil(settled(dialog))
        assert dialog.taken_as.isVisible()
        dialog.taken_as.chosen.emit("table")
        qtbot.waitUntil(settled(dialog))
        assert dialog.page.isVisible()
        assert dialog.taken_as.currentText() == "A table"
        assert dialog.family.form is not None
        assert "missing" in dialog.family.form.editors
        dialog.taken_as.chosen.emit("sentences")
        qtbot.waitUntil(settled(dialog))
        assert dialog.texts.isVisible()


def test_what_cannot_be_read_leads_to_how_it_is_read(qtbot: QtBot, runner: FakeRunner):
    why = "mine.tsv, line 2: is not UTF-8 text"

    def answer(question: Columns, tell: Tell) -> FileFacts:
        if question.texts.encoding != "cp1251":
            empty = facts(problem=why, texts=TextFacts(), columns=(), rows=(), sha256="")
            if question.is_quick:
                return empty
            raise RefusedError("DataError", why)
        return answered(question, tell)

    runner.answers[Columns] = answer
    with opened(qtbot, runner, known()) as dialog:
        dialog.open_path("/data/mine.tsv")
        qtbot.waitUntil(settled(dialog))
        assert dialog.words.text() == why
        assert dialog.texts.currentIndex() == READING
        assert dialog.reason.text() == "Change how it is read"
        dialog.texts.reading.edited.emit("encoding", "cp1251")
        qtbot.waitUntil(settled(dialog))
        task = dialog.task()
        assert task is not None
        assert task.settings["encoding"] == "cp1251"
        assert task.settings["languages"] == list(CODES)


def tick(qtbot: QtBot, view: QTableView, row: int, column: int) -> None:
    index = view.model().index(row, column)
    option = QStyleOptionViewItem()
    view.initViewItemOption(option)
    option.rect = view.visualRect(index)
    option.features |= QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
    part = QStyle.SubElement.SE_ItemViewItemCheckIndicator
    place = view.style().subElementRect(part, option, view).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
