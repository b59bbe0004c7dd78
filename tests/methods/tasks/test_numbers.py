"""Numbers in words as tasks: what is asked, what is right, and what is held out."""

from typing import Any, get_args

import pytest

from workbench.engine.blocks.text import number_words
from workbench.engine.blocks.text.number_words import words
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import NOT_ASKED, Task, TokensOut
from workbench.methods.tasks.numbers import QUESTIONS, Numbers, _Code, answer


def tasks(**settings: Any) -> dict[str, Task]:
    given = {"sentences": 60, "held_out": 10, "vocabulary": 320, **settings}
    return {task.name: task for task in Numbers(Numbers.Settings(**given)).tasks()}


def said(task: Task, split: str) -> list[tuple[str, str]]:
    """Each example's source and right answer, as texts."""
    assert task.text is not None
    pairs = list[tuple[str, str]]()
    part = task.data[split]
    for tokens, target in zip(part.inputs["text"].tolist(), part.target.tolist(), strict=True):
        tag = tokens.index(task.text.tag)
        right = [token for token in target if token != NOT_ASKED]
        pairs.append((task.text.question_of(tokens[:tag]), task.text.written(right)))
    return pairs


def test_every_language_of_the_library_may_be_chosen():
    assert set(get_args(_Code)) == set(number_words.LANGUAGES)


def test_a_pair_is_a_task_whose_answers_are_translations():
    made = tasks(languages=["en", "fr", "zh"], pairs="all")
    assert list(made) == ["en-fr", "en-zh", "fr-en", "fr-zh", "zh-en", "zh-fr"]
    english = {"fr-en": said(made["fr-en"], "train"), "zh-en": said(made["zh-en"], "train")}
    french = dict(said(made["en-fr"], "train"))
    assert all(french[right] == source for source, right in english["fr-en"])
    assert len(french) == 60
    assert len({right for _, right in english["zh-en"]}) == 60


def test_texts_are_the_numbers_words():
    made = tasks(languages=["en", "de"], lowest=100, highest=250)
    known = {words(n, "en"): words(n, "de") for n in range(100, 251)}
    for split in ("train", "val", "test"):
        for source, right in said(made["en-de"], split):
            assert known[source] == right


def test_what_is_held_out_is_learned_in_no_pair():
    made = tasks(languages=["en", "fr", "de"], pairs="star")
    held_out = {english for split in ("val", "test") for english, _ in said(made["en-fr"], split)}
    assert len(held_out) == 20
    for name, task in made.items():
        learned = {text for pair in said(task, "train") for text in pair}
        assert not learned & held_out, name
    assert {english for english, _ in said(made["en-de"], "test")} <= held_out


def test_each_pair_has_its_own_number_of_sentences():
    made = tasks(languages=["en", "fr", "de"], sentences={"de": 7})
    assert {name: len(task.data["train"]) for name, task in made.items()} == {
        "en-fr": 4000,
        "en-de": 7,
    }
    made = tasks(languages=["en", "fr", "de"], sentences=[50, 50, 7], pairs="star")
    assert [len(task.data["train"]) for task in made.values()] == [50, 50, 7, 7]
    rich, poor = said(made["en-fr"], "train"), said(made["en-de"], "train")
    assert [source for source, _ in poor] == [source for source, _ in rich[:7]]


def test_pairs_that_are_not_learned_may_be_asked():
    made = tasks(languages=["en", "fr", "de"], pairs="star", zero_shot=True)
    assert [name for name, task in made.items() if not task.is_taught] == ["fr-de", "de-fr"]
    asked = made["fr-de"]
    assert len(asked.data["train"]) == 0
    assert len(asked.data["test"]) == 10
    english = dict(said(made["fr-en"], "test"))
    german = dict(said(made["en-de"], "test"))
    for source, right in said(asked, "test"):
        assert german[english[source]] == right


def test_what_is_right_in_another_language_is_known():
    made = tasks(languages=["en", "fr", "de"], pairs="from-en")
    task = made["en-fr"]
    assert task.text is not None
    german = dict(said(made["en-de"], "test"))
    elsewhere = task.text.elsewhere["test"]
    assert list(elsewhere) == ["en", "de"]
    for (source, _), other in zip(said(task, "test"), elsewhere["de"], strict=True):
        assert german[source] == other


def test_questions_are_asked_in_each_language():
    made = tasks(languages=["en", "ko"], questions=["even", "length"], lowest=0, highest=999)
    assert list(made) == ["en-ko", "en-even", "ko-even", "en-length", "ko-length"]
    for code in ("en", "ko"):
        number = {words(n, code): n for n in range(1000)}
        for question in ("even", "length"):
            task = made[f"{code}-{question}"]
            assert task.output == TokensOut(len(QUESTIONS[question][0]), None)
            for source, right in said(task, "test"):
                assert right == answer(question, number[source])


@pytest.mark.parametrize(
    ("question", "number", "right"),
    [("even", 0, "even"), ("even", 7, "odd"), ("length", 0, "1"), ("length", 999_999, "6"),
     ("threes", 5, "2"), ("threes", 9, "0")],
)  # fmt: skip
def test_answers_are_right(question: str, number: int, right: str):
    assert answer(question, number) == right
    assert right in QUESTIONS[question][0]


@pytest.mark.parametrize("tokens", ["bpe", "characters"])
@pytest.mark.parametrize("is_shared", [True, False])
def test_vocabularies_are_shared_or_told_apart(tokens: str, is_shared: bool):
    made = tasks(languages=["en", "ar"], pairs="all", tokens=tokens, shared_vocabulary=is_shared)
    task = made["en-ar"]
    assert task.text is not None
    assert task.text.question_of(task.text.prompt("one")[:-1]) == "one"
    english, arabic = set[int](), set[int]()
    for name, target_tokens, source_tokens in (
        ("en-ar", arabic, english),
        ("ar-en", english, arabic),
    ):
        text = made[name].text
        assert text is not None
        for tokens_, target in zip(
            made[name].data["train"].inputs["text"].tolist(),
            made[name].data["train"].target.tolist(),
            strict=True,
        ):
            source_tokens.update(tokens_[: tokens_.index(text.tag)])
            target_tokens.update(token for token in target if token > 3)
    assert bool(english & arabic) == is_shared  # both have spaces
    for pair in (said(made["en-ar"], "test"), said(made["ar-en"], "test")):
        assert len(dict(pair)) == 10


@pytest.mark.parametrize(
    ("head", "heads"),
    [
        ("everyone", ["everyone", "everyone", "even", "even"]),
        ("target", ["fr", "en", "even", "even"]),
        ("task", ["en-fr", "fr-en", "en-even", "fr-even"]),
    ],
)
def test_heads_are_everyones_or_a_languages_or_a_tasks(head: str, heads: list[str]):
    made = tasks(languages=["en", "fr"], pairs="all", head_of=head, questions=["even"])
    assert [task.head for task in made.values()] == heads


def test_the_seed_draws_other_numbers():
    one, same, other = (said(tasks(data_seed=seed)["en-fr"], "test") for seed in (0, 0, 1))
    assert one == same
    assert set(one).isdisjoint(other)


@pytest.mark.parametrize(
    ("settings", "field", "message"),
    [
        ({"pairs": "from-it"}, "pairs", "'it' is not among"),
        ({"sentences": [1, 2]}, "sentences", "are 2 numbers"),
        ({"highest": 50}, "sentences", "there are 51 from 0 to 50"),
        ({"vocabulary": 262}, "vocabulary", "264 at least"),
        ({"longest": 4}, "longest", "no text of at most 4 tokens"),
    ],
)
def test_what_cannot_be_met_is_refused(settings: dict[str, Any], field: str, message: str):
    with pytest.raises(BadSpecError, match=message) as caught:
        tasks(**settings)
    assert caught.value.field == field


def test_progress_is_told():
    told = list(Numbers(Numbers.Settings(sentences=300, held_out=100)).loading())
    assert {text for _, text in told} > {
        "writing numbers: en",
        "reading texts",
        "en-fr: making tokens",
    }
    assert all(share is None or 0 <= share <= 1 for share, _ in told)
