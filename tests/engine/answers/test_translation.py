"""What a recorded run's model answers to a text, token by token."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.engine.toys import Run, methods, spec, split_digits, training
from workbench.engine.answers.dispatch import answer
from workbench.spec.experiment import Choice, Optimizer, Spec, TaskChoice
from workbench.spec.question import RefusedError, Translate
from workbench.spec.shown.written import TranslationAnswer

NUMBERS = TaskChoice(
    family="numbers", languages=["en", "fr", "de"], pairs="from-en", sentences=40, held_out=10,
    highest=99, vocabulary=300, questions=["even"],
)  # fmt: skip


def small(**changes: Any) -> Spec:
    fields = {
        "tasks": (NUMBERS,),
        "encoder": Choice(kind="transformer", width=16, heads=2, blocks=2),
        "optimizer": Optimizer(kind="adamw", lr=0.01),
        "training": training(epochs=1, batch_size=8),
    }
    return spec(**{**fields, **changes})


@pytest.fixture(scope="module")
def question(tmp_path_factory: pytest.TempPathFactory) -> Translate:
    folder = tmp_path_factory.mktemp("run")
    Run(small(), folder=folder / "checkpoint").to_the_end()
    return Translate(small(), 0, str(folder), "twenty-one")


def ask(question: Translate, **changes: Any) -> TranslationAnswer:
    return answer(replace(question, **changes), methods(), lambda done, text: None)


def test_every_target_answers(question: Translate):
    told = ask(question)
    assert [each.target for each in told.answers] == ["fr", "de", "even"]
    assert told.checkpoints[-1] == told.step > 0
    for each in told.answers:
        assert each.source == "en"
        assert "".join(each.read).startswith("twenty-one")
        n = len(each.tokens)
        assert each.attention.shape == (2, n, len(each.read) + n)
        np.testing.assert_allclose(each.attention.sum(2), 1.0, rtol=1e-5)
        for token in each.tokens:
            shares = [share for _, share in token.alternatives]
            assert shares == sorted(shares, reverse=True)
            assert (token.piece, token.probability) in [
                (piece, pytest.approx(share)) for piece, share in token.alternatives
            ]
    assert told.answers[2].text in ("even", "odd")
    assert len(told.answers[2].tokens) == 1


def test_some_targets_and_a_wider_search(question: Translate):
    (told,) = ask(question, to=("de",), width=4, penalty=0.6).answers
    assert told.target == "de"


def test_asked_twice_it_says_the_same(question: Translate):
    first, second = ask(question), ask(question)
    assert [each.text for each in first.answers] == [each.text for each in second.answers]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"text": "  \n"}, "there is no text"),
        ({"text": "x" * 10_001}, "at most 10,000 letters; this has 10,001"),
        ({"source": "xx"}, "no task of this run reads 'xx' .there is: en."),
        ({"to": ("it",)}, "answers 'en' in 'it': fr, de, even are"),
        ({"width": 0}, "1 to 64 answers side by side; not 0"),
        ({"penalty": float("nan")}, "from 0 to 10; nan is not"),
        ({"step": 3}, "was not saved at step 3; it was at"),
        ({"text": "a\ud800b"}, "half a character"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    question: Translate, changes: dict[str, Any], reason: str
):
    with pytest.raises(RefusedError, match=reason):
        ask(question, **changes)


def test_a_run_without_texts_and_one_without_a_checkpoint(tmp_path: Path):
    folder = tmp_path / "digits"
    folder.mkdir()
    Run(split_digits(), folder=folder / "checkpoint").to_the_end()
    with pytest.raises(RefusedError, match="no task of this run answers in texts"):
        answer(Translate(split_digits(), 0, str(folder), "one"), methods(), lambda d, t: None)
    with pytest.raises(RefusedError, match="no checkpoint to ask"):
        answer(Translate(small(), 0, str(tmp_path), "one"), methods(), lambda d, t: None)
