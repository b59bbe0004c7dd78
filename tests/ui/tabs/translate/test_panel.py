"""The Translate tab: there for texts, what was written through the run, and the user's own text."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.conftest import MakeApp
from tests.ui.fakes import FakeHistory, FakeRow, FakeRunner
from tests.ui.written import WORDS, answer_to, pairs_of, task_of, text_model, word, written
from workbench.spec.event import CheckpointSaved, Event, Failed
from workbench.spec.experiment import TaskChoice
from workbench.spec.question import RefusedError, Translate
from workbench.spec.shown.written import TranslationAnswer
from workbench.study.spread import Spread, spread_of
from workbench.ui.composition import App
from workbench.ui.look.theme import DARK, LIGHT
from workbench.ui.model.run_model import RunModel
from workbench.ui.tabs.translate.panel import TranslatePanel
from workbench.ui.tabs.translate.token_strip import token_words

CODES = tuple(WORDS)
PAIRS = pairs_of(CODES)
TASK = task_of(PAIRS[0])

OVER = Failed(400, "it is over")


def told(*steps: int) -> list[Event]:
    """What was written at these steps, ever more of it right."""
    return [written(step, PAIRS, n_right=min(i, 4)) for i, step in enumerate(steps)]


class Answers:
    """Answers as a training process would."""

    def __init__(self) -> None:
        self.asked: list[Translate] = []
        self.refusal = ""
        self.step = 300

    def __call__(self, question: Translate, tell: object) -> TranslationAnswer:
        self.asked.append(question)
        if self.refusal:
            raise RefusedError(self.refusal)
        return answer_to(question, CODES, self.step)


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def panel(qtbot: QtBot) -> TranslatePanel:
    """The tab by itself, as it is before it has joined a session."""
    made = TranslatePanel(LIGHT)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def tab_of(app: App) -> TranslatePanel:
    """The tab of a window."""
    found = app.tab_area["translate"]
    assert isinstance(found, TranslatePanel)
    return found


Open = Callable[[RunModel], TranslatePanel]


@pytest.fixture
def open_run(make_app: MakeApp, answers: Answers, qtbot: QtBot) -> Open:
    """Shows a run in the tab, in front; one of the name run-0 is in the history."""
    runner = FakeRunner()
    runner.answers[Translate] = answers
    app = make_app(runner, FakeHistory([FakeRow("run-0", path="/runs/0")]))
    app.window.resize(1280, 800)
    qtbot.waitUntil(lambda: bool(app.run_history.rows))

    def show(model: RunModel) -> TranslatePanel:
        app.session.show(model)
        app.tab_area.show("translate")
        panel = tab_of(app)
        qtbot.waitUntil(panel.isVisible)
        panel.redraw()
        return panel

    return show


def ask(panel: TranslatePanel, text: str, qtbot: QtBot) -> None:
    """Type a text and press Enter."""
    panel.line.text.setText(text)
    qtbot.keyClick(panel.line.text, Qt.Key.Key_Return)


def test_it_is_there_for_families_of_texts_and_for_runs_that_wrote(make_app: MakeApp) -> None:
    app = make_app()
    panel, presenter = tab_of(app), app.presenter
    app.tab_area.settle()
    assert not app.tab_area.has_content("translate")
    app.session.show(text_model(told(0), PAIRS))
    assert app.tab_area.has_content("translate")
    known = presenter.catalogue[("tasks", "digits-split")]
    texts = replace(known, key="texts", gives=("tokens",))
    presenter.catalogue = {**presenter.catalogue, ("tasks", "texts"): texts}
    spec = presenter.spec.model_copy(update={"tasks": (TaskChoice(family="texts"),)})
    assert panel.applies(spec, RunModel())
    assert not panel.applies(presenter.spec, RunModel())


def test_before_anything_is_written_it_says_what_comes(panel: TranslatePanel) -> None:
    panel.set_models(text_model([], PAIRS))
    assert panel._stack.currentIndex() == 0
    panel.set_models(text_model(told(0), PAIRS))
    assert panel._stack.currentIndex() == 1


def shown(panel: TranslatePanel) -> list[tuple[str, str, str]]:
    """The marks, texts and written answers of the examples."""
    rows = panel.examples.rows
    return [(r.mark.text(), r.read.text(), r.written.accessibleName()) for r in rows]


def test_what_is_wrong_comes_first_unless_it_is_not_wanted(panel: TranslatePanel) -> None:
    panel.set_models(text_model(told(0, 100, 200), PAIRS))
    assert [mark for mark, _, _ in shown(panel)] == ["✗", "✗", "✓", "✓"]
    panel.examples.wrong_first.setChecked(False)
    assert [mark for mark, _, _ in shown(panel)] == ["✓", "✓", "✗", "✗"]
    mark, read, text = shown(panel)[2]
    assert (mark, read, text) == ("✗", word("en", 2), f"{word('fr', 2)}x")
    assert panel.examples.rows[2].written.marked == ["x"]
    assert panel.examples.rows[2].right.marked == []


def test_the_bar_goes_back_through_the_run_and_follows_it(panel: TranslatePanel) -> None:
    model = text_model(told(0, 100, 200), PAIRS)
    panel.set_models(model)
    panel.bar.slider.setValue(0)
    assert [mark for mark, _, _ in shown(panel)] == ["✗"] * 4
    assert "step 0" in panel.bar.words.text()
    assert "0.0 % right" in panel.examples.shares.text()
    model.feed(written(300, PAIRS, n_right=3))
    panel.refresh()
    assert [mark for mark, _, _ in shown(panel)] == ["✗"] * 4
    panel.bar.newest.click()
    assert [mark for mark, _, _ in shown(panel)] == ["✗", "✓", "✓", "✓"]
    model.feed(written(400, PAIRS, n_right=4))
    panel.refresh()
    assert [mark for mark, _, _ in shown(panel)] == ["✓"] * 4
    assert "100.0 % right" in panel.matrix.accessibleDescription()


def test_a_cell_of_the_matrix_chooses_its_task(panel: TranslatePanel) -> None:
    panel.set_models(text_model(told(0, 100), PAIRS))
    task = task_of(("zh", "ar"))
    panel.matrix.chosen.emit(task)
    assert panel.examples.name == task
    assert panel.examples.rows[0].read.text().startswith("二十一")
    assert panel.examples.rows[0].written.layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert panel.examples.rows[0].read.layoutDirection() == Qt.LayoutDirection.LeftToRight
    panel.set_theme(DARK)
    panel.grab()


def test_a_text_is_answered_in_every_language(
    open_run: Open, answers: Answers, qtbot: QtBot
) -> None:
    panel = open_run(text_model([*told(0, 100), OVER], PAIRS))
    ask(panel, " twenty-one ", qtbot)
    qtbot.waitUntil(lambda: panel.asker.answer is not None)
    (question,) = answers.asked
    assert (question.folder, question.text, question.source) == ("/runs/0", "twenty-one", "en")
    assert (question.width, question.to, question.step) == (1, (), None)
    rows = panel.answers.rows
    assert [each.content.target for each in rows] == ["fr", "de", "es", "ar", "zh"]
    assert [each.text.text() for each in rows] == [f"{WORDS[code]} 300" for code in CODES[1:]]
    right_to_left = [each.text.layoutDirection() == Qt.LayoutDirection.RightToLeft for each in rows]
    assert right_to_left == [False, False, False, True, False]
    assert rows[3].accessibleName() == f"Arabic: {WORDS['ar']} 300"
    assert "step 300" in panel.status.text()


def test_tokens_show_their_alternatives_and_where_they_look(open_run: Open, qtbot: QtBot) -> None:
    panel = open_run(text_model([*told(0), OVER], PAIRS))
    ask(panel, "twenty-one", qtbot)
    qtbot.waitUntil(lambda: panel.asker.answer is not None)
    assert panel.asker.answer is not None
    panel.answers.rows[0].setFocus()
    for _ in range(3):
        QTest.keyClick(panel.answers.rows[panel.answers.at], Qt.Key.Key_Down)
    arabic = panel.asker.answer.answers[3]
    assert panel.answers.at == 3
    assert "".join(b.text() for b in panel.tokens.buttons[:3]).replace("␣", " ") == arabic.text
    buttons = panel.tokens.buttons
    qtbot.waitUntil(lambda: buttons[1].x() < buttons[0].x())  # from the right
    panel.tokens.buttons[1].click()
    assert panel.tokens.words.text() == token_words(arabic.tokens[1])
    assert "96.0 %" in panel.tokens.words.text()
    assert "xy 3.0 %" in panel.tokens.words.text()
    assert panel.tokens.buttons[0].property("unsure")
    assert not panel.tokens.buttons[1].property("unsure")
    canvas = panel.attention.canvas
    assert canvas.columns == (*arabic.read, *(token.piece for token in arabic.tokens))
    mean = canvas.weights.copy()
    panel.attention.block.setCurrentIndex(2)
    panel.attention.block.activated.emit(2)
    assert canvas.weights.tolist() == arabic.attention[1].tolist()
    assert mean.tolist() != canvas.weights.tolist()
    assert "looks most at" in canvas.accessibleDescription()


def test_another_search_is_asked_at_once(open_run: Open, answers: Answers, qtbot: QtBot) -> None:
    panel = open_run(text_model([*told(0), OVER], PAIRS))
    assert not panel.line.penalty.isEnabled()
    panel.line.width_.setValue(3)  # no text yet: nothing is asked
    ask(panel, "twenty-one", qtbot)
    qtbot.waitUntil(lambda: len(answers.asked) == 1)
    assert (answers.asked[-1].width, answers.asked[-1].penalty) == (3, 1.0)
    panel.line.penalty.setValue(0.6)
    qtbot.waitUntil(lambda: answers.asked[-1].penalty == 0.6)
    qtbot.waitUntil(lambda: panel.line.checkpoint.count() == 3)
    panel.line.checkpoint.setCurrentIndex(2)
    panel.line.checkpoint.activated.emit(2)
    qtbot.waitUntil(lambda: answers.asked[-1].step == 200)
    qtbot.waitUntil(lambda: "step 200" in panel.status.text())
    panel.line.source.setCurrentIndex(panel.line.source.findData("de"))
    panel.line.source.activated.emit(0)
    qtbot.waitUntil(lambda: answers.asked[-1].source == "de")


def test_a_refusal_is_told_in_every_row_and_not_asked_again(
    open_run: Open, answers: Answers, qtbot: QtBot
) -> None:
    answers.refusal = "no task reads <b>this</b>"
    panel = open_run(text_model([*told(0), OVER], PAIRS))
    ask(panel, "twenty-one", qtbot)
    qtbot.waitUntil(lambda: bool(panel.asker.reason))
    assert panel.status.text() == answers.refusal
    assert [each.text.text() for each in panel.answers.rows] == [answers.refusal] * 5
    panel.asker.rest.stop()
    panel.redraw()
    assert len(answers.asked) == 1


def test_while_training_newer_checkpoints_are_asked_after_a_rest(
    open_run: Open, answers: Answers, qtbot: QtBot
) -> None:
    model = text_model(told(0), PAIRS)
    panel = open_run(model)
    ask(panel, "twenty-one", qtbot)
    assert "no checkpoint yet" in panel.answers.rows[0].text.text()
    assert answers.asked == []
    model.feed(CheckpointSaved(100, "/runs/live/checkpoint/100"))
    panel.refresh()
    qtbot.waitUntil(lambda: panel.asker.answer is not None)
    assert answers.asked[-1].folder == "/runs/live"
    assert panel.asker.rest.isActive()
    answers.step = 400
    model.feed(CheckpointSaved(200, "/runs/live/checkpoint/200"))
    panel.refresh()
    assert len(answers.asked) == 1  # it rests
    panel.asker.rest.stop()
    panel.asker.rest.timeout.emit()
    qtbot.waitUntil(lambda: "step 400" in panel.status.text())
    panel.asker.rest.stop()
    panel.refresh()
    assert len(answers.asked) == 2  # nothing newer


def test_unseen_it_asks_nothing(open_run: Open, answers: Answers, qtbot: QtBot) -> None:
    model = text_model([*told(0), CheckpointSaved(100, "/runs/live/checkpoint/100")], PAIRS)
    panel = open_run(model)
    ask(panel, "twenty-one", qtbot)
    qtbot.waitUntil(lambda: panel.asker.answer is not None)
    panel.hide()
    model.feed(CheckpointSaved(200, "/runs/live/checkpoint/200"))
    panel.asker.rest.stop()
    panel.asker.follow()
    assert not panel.asker.is_asking
    assert len(answers.asked) == 1


def test_another_run_is_asked_the_same(open_run: Open, answers: Answers, qtbot: QtBot) -> None:
    panel = open_run(text_model([*told(0), OVER], PAIRS))
    ask(panel, "twenty-one", qtbot)
    qtbot.waitUntil(lambda: panel.asker.answer is not None)
    panel = open_run(text_model([*told(0), OVER], PAIRS, seed=5))
    assert panel.asker.answer is None
    assert "not in the history" in panel.answers.rows[0].text.text()
    panel.asker.rest.stop()
    panel = open_run(text_model([*told(0, 100), OVER], PAIRS))
    qtbot.waitUntil(lambda: panel.asker.answer is not None)
    assert len(answers.asked) == 2


def test_what_the_user_types_is_never_markup(open_run: Open, qtbot: QtBot) -> None:
    evil = "<b>x</b>"
    pair = ("en", "fr")
    event = written(0, [pair])
    texts = replace(event.texts[0], read=(evil,), right=(evil,), written=("<i>\u202ey",))
    model = text_model([replace(event, texts=(texts,)), OVER], [pair])
    panel = open_run(model)
    ask(panel, evil, qtbot)
    qtbot.waitUntil(lambda: panel.asker.answer is not None)
    row = panel.examples.rows[0]
    assert row.read.text() == evil
    assert row.right.text() == evil
    assert all(part.textFormat() == Qt.TextFormat.PlainText for part in row.parts)
    assert row.written.text() == "<i>\\u202ey"


def test_shares_are_means_of_all_seeds_and_texts_those_of_one(panel: TranslatePanel) -> None:
    rights = ([0, 1], [0, 3], [0, 4])
    models = [
        text_model([written(100 * i, PAIRS, n_right=n) for i, n in enumerate(each)], PAIRS, seed)
        for seed, each in enumerate(rights)
    ]
    panel.set_models(models[1], models)
    around = spread_of(np.array([0.25, 0.75, 1.0]), Spread.INTERVAL)
    pair = panel.matrix.pairs[PAIRS[0]]
    assert pair.right == pytest.approx(float(around.mean))
    assert pair.high == pytest.approx(float(around.high))
    assert f"± {100 * float(around.high - around.mean):.1f} %" in pair.in_words()
    assert panel.caption.text() == "Mean of 3 seeds ± 95 % interval"
    assert panel.examples.shares.text().endswith("the texts are those of seed 1")
    assert "Mean of 3 seeds ± 95 % interval" in panel.examples.shares.text()
    heads, rows = panel.matrix.table
    assert dict(zip(heads, rows[0], strict=True))["seeds"] == 3
    panel.bar.slider.setValue(0)
    assert panel.matrix.pairs[PAIRS[0]].right == 0
    panel.bar.followed.emit()
    panel.set_models(models[2], models[2:])
    assert panel.matrix.pairs[PAIRS[0]].right == 1
    assert not panel.caption.isVisible()
    assert "seed" not in panel.examples.shares.text()
