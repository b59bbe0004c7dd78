"""Tasks are made of others in a dialog that shows what would be made."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.contracts.faces import CATALOGUE
from tests.engine.toys import methods
from workbench.engine.answers.preview import answer
from workbench.engine.roles.method import BadSpecError
from workbench.spec.experiment import TaskChoice
from workbench.spec.question import Preview, RefusedError
from workbench.ui.dialogs.make_tasks.dialog import MakeTasksDialog
from workbench.ui.dialogs.make_tasks.plan_picture import answers_of
from workbench.ui.look.theme import LIGHT

DIGITS = TaskChoice(family="digits-attributes", task="digit")


class Answering:
    """Answers at once, as the training process would."""

    def ask(self, topic: str, question: Preview, then: Any, refused: Any) -> None:
        del topic
        try:
            then(answer(question, methods(), lambda share, text: None))
        except BadSpecError as error:
            refused(RefusedError(error.message, error.field))

    def cancel(self, topic: str) -> None:
        del topic


@pytest.fixture
def dialog(qtbot: QtBot) -> Iterator[MakeTasksDialog]:
    parent = QWidget()
    parent.resize(900, 700)
    qtbot.addWidget(parent)
    questions: Any = Answering()
    yield MakeTasksDialog(questions, CATALOGUE, LIGHT, parent, seed=2)
    parent.close()


def test_it_begins_with_what_is_chosen_and_shows_which_task_has_what(dialog: MakeTasksDialog):
    dialog.start(DIGITS)
    assert dialog.choice.family == "split"
    assert dialog.choice.settings["of"] == {"family": "digits-attributes", "task": "digit"}
    assert not dialog.use.isEnabled()
    dialog.look()
    tasks = dialog.picture._tasks  # pyright: ignore[reportPrivateUsage]  # what is drawn
    assert [task.name for task in tasks] == ["0-1", "2-3", "4-5", "6-7", "8-9"]
    assert answers_of(tasks[1]) == "2, 3"
    assert dialog.says.text() == "5 tasks, with 1,258 examples to learn from"
    assert not dialog.picture.grab().isNull()
    told: list[Any] = []
    dialog.made.connect(lambda choice, keeps: told.append((choice, keeps)))
    dialog.use.click()
    assert told == [(dialog.choice, False)]


def test_another_way_keeps_what_tasks_are_made_of(dialog: MakeTasksDialog):
    dialog.start(DIGITS)
    dialog.way.activated.emit(dialog.way.findData("joined"))
    within = {"family": "digits-attributes", "task": "digit"}
    assert dialog.choice.settings["of"] == [within]
    dialog.way.activated.emit(dialog.way.findData("rotated"))
    assert dialog.choice.settings["of"] == within
    dialog.look()
    assert dialog.use.isEnabled()


def test_a_way_that_is_chosen_is_gone_on_with(dialog: MakeTasksDialog):
    dialog.start(TaskChoice(family="split", n_tasks=2, of={"family": "iris", "task": "species"}))
    assert dialog.choice.settings["n_tasks"] == 2
    dialog.look()
    assert answers_of(dialog.picture._tasks[1])  # pyright: ignore[reportPrivateUsage]


def test_what_makes_no_sense_is_said_and_cannot_be_used(dialog: MakeTasksDialog):
    dialog.start(TaskChoice(family="rotated", of={"family": "iris"}))
    dialog.look()
    assert "rotated takes pictures" in dialog.reason.text()
    assert not dialog.use.isEnabled()
    assert dialog.form is not None
    dialog.form.edited.emit("angles", [10.0, 10.0])
    assert "must differ" in dialog.reason.text()
    assert not dialog.use.isEnabled()
    dialog.form.refused.emit("makeTasks.rotated.angles", "x", "wanted: numbers, with commas")
    assert dialog.reason.text() == "wanted: numbers, with commas"
