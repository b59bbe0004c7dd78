"""Corpus: the same meanings in several languages, and the tasks that are made of them."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from workbench.engine.blocks.text.pairs import Pair, all_pairs, chosen_pairs, counts_of
from workbench.engine.blocks.text.tokenizer import least_size, making
from workbench.engine.blocks.text.translation_tasks import (
    HeadOf,
    Shape,
    TextTask,
    translation_tasks,
)
from workbench.engine.blocks.text.vocabulary import Kind, Vocabulary, apart
from workbench.engine.roles.loading import Loading, LoadProgress
from workbench.engine.roles.method import BadSpecError

_HELD_OUT = ("val", "test")

# Settings that all families of translations have, by their descriptions
TOKENS = "Texts in pairs of characters that are often together (bpe), or in characters."
VOCABULARY = (
    "Tokens in all, where they are pairs; the 256 bytes that every text can be written in are among"
    " them, and the tags that ask for a language."
)
SHARED_VOCABULARY = "One vocabulary for all languages; or one of that size for each, told apart."
HEAD = (
    "Whose the last layers are: everyone's, where a tag asks for the language; one a target "
    "language; or one a task."
)
ZERO_SHOT = "Pairs that are not learned are asked too: what is right there was never taught."
LONGEST = "Texts with more tokens, source and target together, are left out."

#: Whose the last layers may be.
Head = HeadOf
#: What texts may be cut into.
TokensOf = Literal["bpe", "characters"]


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a text that has one of a few answers.

    `answers` are by split those of the same rows as the texts; None where it is not asked of one.
    """

    name: str
    choices: tuple[str, ...]
    answers: Mapping[str, Sequence[str | None]]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Texts by split and language: the n-th of each language say the same.

    Of the training texts a language may have fewer than another: then they are the first ones.
    """

    texts: Mapping[str, Mapping[str, Sequence[str]]]
    questions: tuple[Question, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def languages(self) -> list[str]:
        """The codes of its languages."""
        return list(self.texts["train"])


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is to be learned of a corpus, and in which tokens: the settings of a family."""

    pairs: Sequence[Pair]
    counts: Sequence[int]
    tokens: Kind = "bpe"
    vocabulary: int = 600
    has_shared_vocabulary: bool = True
    head: HeadOf = "everyone"
    is_zero_shot: bool = False
    longest: int = 100
    metrics: tuple[str, ...] = field(default=Shape().metrics)


def wishes_of(settings: Any, languages: Sequence[str], usual: int) -> Wishes:
    """What the settings of a family ask for; `usual` sentences of a pair of which nothing is said.

    Raises BadSpecError with the setting's name as the field.
    """
    pairs = chosen_pairs(settings.pairs, languages)
    return Wishes(
        pairs,
        counts_of(settings.sentences, languages, pairs, usual),
        settings.tokens,
        settings.vocabulary,
        settings.shared_vocabulary,
        settings.head_of,
        settings.zero_shot,
        settings.longest,
    )


def loading(corpus: Corpus, wishes: Wishes) -> Loading:
    """The tasks of a corpus, by steps: a pair each, then pairs that are only asked, then questions.

    Raises BadSpecError with the setting's name as the field.
    """
    text_tasks = [
        *_taught(corpus, wishes),
        *_only_asked(corpus, wishes),
        *_questions(corpus, wishes),
    ]
    vocabularies = yield from _vocabularies(corpus, text_tasks, wishes)
    shape = Shape(wishes.longest, wishes.head, wishes.metrics)
    tasks = yield from translation_tasks(text_tasks, vocabularies, shape)
    tasks[0].notices = (*corpus.notices, *tasks[0].notices)
    return tasks


def _taught(corpus: Corpus, wishes: Wishes) -> list[TextTask]:
    return [
        _pair_of(corpus, pair, count)
        for pair, count in zip(wishes.pairs, wishes.counts, strict=True)
    ]


def _only_asked(corpus: Corpus, wishes: Wishes) -> list[TextTask]:
    if not wishes.is_zero_shot:
        return []
    return [_pair_of(corpus, p, 0) for p in all_pairs(corpus.languages) if p not in wishes.pairs]


def _pair_of(corpus: Corpus, pair: Pair, n_train: int) -> TextTask:
    source, target = pair
    texts = {
        split: list(zip(by_language[source], by_language[target], strict=False))
        for split, by_language in corpus.texts.items()
    }
    texts["train"] = texts["train"][:n_train]
    elsewhere = {
        split: {code: lines for code, lines in corpus.texts[split].items() if code != target}
        for split in _HELD_OUT
    }
    return TextTask(source, target, texts, elsewhere=elsewhere)


def _questions(corpus: Corpus, wishes: Wishes) -> list[TextTask]:
    """Each question in each language, of as many texts as the language has for its pairs."""
    return [
        TextTask(
            code,
            question.name,
            {
                split: [
                    (text, answer)
                    for text, answer in zip(
                        by_language[code], question.answers[split], strict=False
                    )
                    if answer is not None
                ]
                for split, by_language in corpus.texts.items()
            },
            question.choices,
        )
        for question in corpus.questions
        for code in corpus.languages
    ]


def _vocabularies(
    corpus: Corpus, text_tasks: Sequence[TextTask], wishes: Wishes
) -> Generator[LoadProgress, None, dict[str, Vocabulary]]:
    """The vocabulary of each language: one for all, or several that are told apart."""
    tags = [*corpus.languages, *(question.name for question in corpus.questions)]
    least = least_size(len(tags))
    if wishes.tokens == "bpe" and wishes.vocabulary < least:
        message = (
            f"is too small: {least} at least, for the bytes and {len(tags)} tags are among them"
        )
        raise BadSpecError("vocabulary", message)
    texts = _texts_of(corpus, text_tasks, is_all=wishes.tokens == "characters")
    if wishes.has_shared_vocabulary:
        everything = [text for lines in texts.values() for text in lines]
        one = yield from making(everything, tags, wishes.tokens, wishes.vocabulary)
        return dict.fromkeys(texts, one)
    made = list[Vocabulary]()
    for lines in texts.values():
        made.append((yield from making(lines, tags, wishes.tokens, wishes.vocabulary)))
    return dict(zip(texts, apart(made), strict=True))


def _texts_of(
    corpus: Corpus, text_tasks: Sequence[TextTask], *, is_all: bool
) -> dict[str, list[str]]:
    """The different texts of each language: those that are trained on, or all.

    Characters are of no use where one of a text is unknown, so all are looked at then.
    """
    texts: dict[str, dict[str, None]] = {code: {} for code in corpus.languages}
    for one in text_tasks:
        for source, answer in one.texts.get("train", ()):
            texts[one.source][source] = None
            if not one.answers:
                texts[one.target][answer] = None
    if is_all:
        for by_language in corpus.texts.values():
            for code, lines in by_language.items():
                texts[code].update(dict.fromkeys(lines))
    return {code: list(lines) for code, lines in texts.items()}
