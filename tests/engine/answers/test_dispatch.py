"""Questions are answered with plain data, or refused with a reason."""

import pickle

import pytest

from tests.engine.toys import methods
from workbench.engine.answers import dispatch as answering
from workbench.engine.answers.dispatch import answer
from workbench.engine.build import catalogue
from workbench.spec import question
from workbench.spec.experiment import TaskChoice
from workbench.spec.question import ListMethods, Preview, Question, RefusedError
from workbench.spec.shown.samples import Curve, Pictures


def nothing(done: float | None, text: str) -> None:
    del done, text


def test_a_preview_shows_the_tasks_of_a_choice():
    choice = TaskChoice(family="digits-attributes")
    previews = answer(Preview(choice, n=3), methods(), nothing)
    assert [task.name for task in previews][:2] == ["digit", "parity"]
    (pictures,) = previews[0].samples
    assert isinstance(pictures, Pictures)
    assert pictures.images.shape == (3, 8, 8)
    assert previews[0].n_train + previews[0].n_val + previews[0].n_test == 1797
    pickle.dumps(previews)


def test_a_preview_of_a_distribution_shows_one_task_of_it():
    (found,) = answer(Preview(TaskChoice(family="few-shot-sinusoids")), methods(), nothing)
    assert (found.n_train, found.n_val, found.n_test) == (20_000, 100, 500)
    (curve,) = found.samples
    assert isinstance(curve, Curve)
    assert len(curve.x) == 20


def test_a_choice_that_cannot_be_is_refused_with_its_place():
    choice = TaskChoice(family="digits-attributes", task="colour")
    with pytest.raises(RefusedError, match="no task 'colour'") as refused:
        answer(Preview(choice), methods(), nothing)
    assert refused.value.field == "tasks.0.task"
    copy = pickle.loads(pickle.dumps(refused.value))  # noqa: S301 - our own bytes
    assert (copy.message, copy.field) == (refused.value.message, refused.value.field)


def test_the_catalogue_is_an_answer_too():
    entries = answer(ListMethods(), catalogue.discover(), nothing)
    assert {"tasks", "sharing"} <= {entry.role for entry in entries}


def test_every_kind_of_question_has_one_module():
    made = [value for value in vars(question).values() if isinstance(value, type)]
    kinds = {kind for kind in made if issubclass(kind, Question) and kind is not Question}
    assert set(answering._answerers()) == kinds
