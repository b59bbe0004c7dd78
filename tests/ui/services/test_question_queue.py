"""Questions in the background: one at a time, the newest of each topic, never in the way."""

import threading
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.fakes import FakeRunner
from workbench.spec.experiment import TaskChoice
from workbench.spec.question import CancelledError, ListMethods, Preview, RefusedError
from workbench.ui.services.question_queue import QuestionQueue


class Heard:
    """What came of questions."""

    def __init__(self) -> None:
        self.answers: list[Any] = []
        self.reasons: list[str] = []

    def refuse(self, error: RefusedError) -> None:
        self.reasons.append(error.message)


def preview(family: str) -> Preview:
    return Preview(TaskChoice(family=family))


@pytest.fixture
def runner() -> FakeRunner:
    return FakeRunner()


@pytest.fixture
def questions(qtbot: QtBot, runner: FakeRunner) -> Any:
    made = QuestionQueue(runner)
    yield made
    assert made.wait(5000)
    qtbot.waitUntil(lambda: not made._calls._threads)


def test_an_answer_and_a_refusal_come_back(
    questions: QuestionQueue, runner: FakeRunner, qtbot: QtBot
):
    answers = Heard()
    runner.answers[ListMethods] = ["entry"]
    runner.answers[Preview] = RefusedError("there is no such family", "tasks.0.family")
    questions.ask("methods", ListMethods(), answers.answers.append, answers.refuse)
    questions.ask("preview", preview("x"), answers.answers.append, answers.refuse)
    qtbot.waitUntil(lambda: bool(answers.reasons))
    assert answers.answers == [["entry"]]
    assert answers.reasons == ["there is no such family"]


def test_an_error_of_the_runner_is_a_refusal(
    questions: QuestionQueue, runner: FakeRunner, qtbot: QtBot
):
    answers = Heard()
    runner.answers[ListMethods] = ChildProcessError("the training process ended")
    questions.ask("methods", ListMethods(), answers.answers.append, answers.refuse)
    qtbot.waitUntil(lambda: answers.reasons == ["the training process ended"])


def test_of_one_topic_only_the_newest_question_is_answered(
    questions: QuestionQueue, runner: FakeRunner, qtbot: QtBot
):
    answers, go = Heard(), threading.Event()

    def answer(question: Preview, tell: Any) -> str:
        tell(0.5, "half")
        assert go.wait(10)
        return question.choice.family

    runner.answers[Preview] = answer
    received: list[Any] = []
    questions.progressed.connect(lambda *values: received.append(values))
    for family in ("first", "second", "third"):
        questions.ask("preview", preview(family), answers.answers.append, answers.refuse)
    assert questions.is_busy("preview")
    qtbot.waitUntil(lambda: received == [("preview", 0.5, "half")])
    go.set()
    qtbot.waitUntil(lambda: answers.answers == ["third"])
    families = [q.choice.family for q in runner.asked if isinstance(q, Preview)]
    assert families == ["first", "third"]
    assert not questions.is_busy("preview")


def test_what_is_cancelled_is_never_told(
    questions: QuestionQueue, runner: FakeRunner, qtbot: QtBot
):
    answers = Heard()

    def answer(question: Preview, tell: Any) -> Any:
        with runner._news:
            assert runner._news.wait_for(lambda: runner.n_cancelled, 10)
        return CancelledError()

    runner.answers[Preview] = answer
    runner.answers[ListMethods] = "methods"
    questions.ask("preview", preview("slow"), answers.answers.append, answers.refuse)
    qtbot.waitUntil(lambda: len(runner.asked) == 1)
    questions.cancel("preview")
    questions.cancel("preview")
    questions.ask("methods", ListMethods(), answers.answers.append, answers.refuse)
    qtbot.waitUntil(lambda: answers.answers == ["methods"])
    assert runner.n_cancelled == 1
    assert answers.reasons == []
