"""Answers are told apart: right, right in another language, wrong."""

from dataclasses import replace

import pytest
import torch
from torch.nn import functional

from tests.engine.toys import methods
from workbench.engine.measure.evaluation import Answered, Evaluator, _Places
from workbench.engine.measure.translations import SHOWN, copied_scores, shares, shown_texts
from workbench.engine.roles.task import NOT_ASKED, Task
from workbench.engine.roles.texts.text import questions, references
from workbench.engine.roles.texts.text_metric import TextAnswers, right_texts, signatures
from workbench.spec.work import finished


@pytest.fixture(scope="module")
def tasks() -> dict[str, Task]:
    family = methods().find("tasks", "numbers", "tasks")
    settings = family.Settings(
        languages=["en", "fr", "de"], pairs=["en-fr", "en-de"], zero_shot=True, sentences=30,
        held_out=20, vocabulary=300, highest=999, questions=["even"],
    )  # fmt: skip
    return {task.name: task for task in finished(family(settings).loading())}


def saying(tasks: dict[str, Task], name: str, texts: list[str]) -> Evaluator:
    """An evaluator whose newest answers of one task are these."""
    task = tasks[name]
    assert task.text is not None
    written = [task.text.vocabulary.ids(text) for text in texts]
    evaluator = Evaluator.__new__(Evaluator)
    evaluator.tasks = tasks
    target = task.data["val"].target
    evaluator.answered = {name: Answered(TextAnswers(target, written), target, 0.0)}
    return evaluator


def right(tasks: dict[str, Task], name: str) -> list[str]:
    task = tasks[name]
    assert task.text is not None
    return [task.text.written(row) for row in references(task.data["val"].target)]


def test_pairs_that_are_not_taught_have_no_training_texts(tasks: dict[str, Task]):
    taught = {name for name, task in tasks.items() if task.is_taught}
    assert {"en-fr", "en-de"} <= taught
    assert "fr-de" in tasks
    assert "fr-de" not in taught
    assert not len(tasks["fr-de"].data["train"])


def test_the_right_meaning_in_another_language_is_told_apart(tasks: dict[str, Task]):
    french, german = right(tasks, "en-fr"), right(tasks, "en-de")
    written = [*french[:10], *german[10:15], *(["quoi"] * 5)]
    (share,) = shares(saying(tasks, "en-fr", written), "val")
    assert (share.source, share.target, share.n, share.is_taught) == ("en", "fr", 20, True)
    assert (share.right, share.other_language, share.wrong) == (0.5, 0.25, 0.25)


def test_saying_the_source_again_is_another_language(tasks: dict[str, Task]):
    english = right(tasks, "fr-en")
    (share,) = shares(saying(tasks, "fr-de", english), "val")
    assert share.other_language == 1.0
    assert not share.is_taught


def test_what_is_shown_is_what_was_read_and_written(tasks: dict[str, Task]):
    french = right(tasks, "en-fr")
    (shown,) = shown_texts(saying(tasks, "en-fr", french[:15]), "val")
    assert shown.right == shown.written == tuple(french[:SHOWN])
    english = right(tasks, "fr-en")
    assert shown.read == tuple(english[:SHOWN])


def test_saying_the_text_again_is_scored_beside_a_translation(tasks: dict[str, Task]):
    evaluator = saying(tasks, "en-fr", [])
    keys = {key for task in tasks.values() for key in (task.metric, *task.more_metrics)}
    evaluator.metrics = {key: methods().find("metric", key)() for key in keys}
    copied = copied_scores(evaluator, "test")
    assert "en-even" not in copied
    assert "token-accuracy" not in copied["en-fr"]
    part = tasks["en-fr"].data["test"]
    text = tasks["en-fr"].text
    assert text is not None
    again = [text.question_of(tokens) for tokens in questions(part)]
    french = right_texts(tasks["en-fr"], part.target)
    same = sum(a == b for a, b in zip(again, french, strict=True)) / len(french)
    assert copied["en-fr"]["exact-match"] == pytest.approx(same)
    lengths = sum(map(len, again)) / sum(map(len, french))
    assert copied["en-fr"]["length-ratio"] == pytest.approx(lengths)


def test_how_a_metric_counts_is_kept(tasks: dict[str, Task]):
    metrics = {key: methods().find("metric", key)() for key in ("exact-match", "chrf", "bleu")}
    first, second = tasks["en-fr"], replace(tasks["fr-en"], metric="bleu", more_metrics=())
    first = replace(first, more_metrics=("chrf",))
    said = signatures(metrics, [first, second])
    assert len(said) == 2
    assert said[0].startswith("chrF: ")
    assert "version:" in said[0]
    assert said[0].endswith("(en-fr)")
    assert "tok:13a" in said[1]


def test_texts_beside_longer_ones_keep_their_own_places(tasks: dict[str, Task]):
    task = tasks["en-fr"]
    target = task.data["val"].target
    places = _Places(task, "val")
    longer = functional.pad(target, (0, 3), value=NOT_ASKED)
    output = functional.one_hot(longer.clamp_min(0), task.output.n).float()
    places.add(output, longer)
    assert torch.equal(places.tokens, target)
