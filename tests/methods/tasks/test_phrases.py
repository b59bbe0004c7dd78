"""Phrases as tasks."""

from typing import Any, get_args

import pytest

from tests.methods.tasks.test_numbers import said
from workbench.engine.blocks.text import phrases
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Task
from workbench.methods.tasks.phrases import QUESTIONS, Phrases, _Code, _Kind


def tasks(**settings: Any) -> dict[str, Task]:
    given = {"sentences": 60, "held_out": 12, "vocabulary": 320, **settings}
    return {task.name: task for task in Phrases(Phrases.Settings(**given)).tasks()}


def test_every_language_and_kind_may_be_chosen():
    assert set(get_args(_Code)) == set(phrases.LANGUAGES)
    assert get_args(_Kind) == phrases.KINDS


def test_a_pair_is_a_task_whose_answers_are_translations():
    made = tasks(languages=["en", "de", "ja"], pairs="all")
    assert list(made) == ["en-de", "en-ja", "de-en", "de-ja", "ja-en", "ja-de"]
    for split in ("train", "val", "test"):
        german = dict(said(made["en-de"], split))
        back = dict(said(made["de-en"], split))
        assert len(german) == len(back) == (60 if split == "train" else 12)
        assert all(back[right] == source for source, right in german.items())


def test_what_is_held_out_is_not_learned():
    made = tasks(languages=["en", "fr", "de"], pairs="star")
    held_out = {english for split in ("val", "test") for english, _ in said(made["en-fr"], split)}
    assert len(held_out) == 24
    for task in made.values():
        assert not {text for pair in said(task, "train") for text in pair} & held_out


def test_kinds_are_chosen_and_even():
    made = tasks(kinds=["time", "unit"], questions=["kind", "past"])
    kinds = [right for _, right in said(made["en-kind"], "train")]
    assert (kinds.count("time"), kinds.count("unit")) == (30, 30)
    for source, right in said(made["en-past"], "train"):
        assert ("ago" in source) == (right == "past")
        assert source.startswith("in ") == (right == "future")
    assert len(said(made["en-past"], "test")) == 6


def test_centuries_are_told_of_dates_alone():
    made = tasks(questions=["century"])
    for source, right in said(made["en-century"], "train"):
        year = int(source[-4:])
        assert right == ("20th" if year <= 2000 else "21st")
    assert {right for _, right in said(made["fr-century"], "train")} == set(QUESTIONS["century"][0])


def test_a_question_about_phrases_that_are_not_there_is_refused():
    with pytest.raises(BadSpecError, match="century is asked of a date"):
        tasks(kinds=["time"], questions=["century"])


def test_more_phrases_than_there_are_are_refused():
    with pytest.raises(BadSpecError, match="at most 6,993 of these kinds") as caught:
        tasks(kinds=["time"], sentences=6990)
    assert caught.value.field == "sentences"
