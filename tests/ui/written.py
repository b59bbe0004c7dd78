"""Made-up events of what a model of texts writes, and answers to a question."""

from collections.abc import Sequence

import numpy as np

from tests.ui.whole_run import spec_of
from workbench.spec.event import Began, Evaluated, Event, StageFacts, TaskFacts, Written
from workbench.spec.question import Translate
from workbench.spec.shown.written import (
    AnswerShares,
    TranslatedText,
    TranslationAnswer,
    WrittenTexts,
    WrittenToken,
)
from workbench.ui.model.run_model import RunModel

#: Twenty-one in some languages, one of them written from the right, one without spaces.
WORDS = {
    "en": "twenty-one",
    "fr": "vingt et un",
    "de": "einundzwanzig",
    "es": "veintiuno",
    "ar": "واحد وعشرون",
    "zh": "二十一",
}


def task_of(pair: tuple[str, str]) -> str:
    """What the task of a pair is called."""
    return f"{pair[0]} → {pair[1]}"


def pairs_of(codes: Sequence[str]) -> list[tuple[str, str]]:
    """Every pair of two languages."""
    return [(a, b) for a in codes for b in codes if a != b]


def word(code: str, number: int) -> str:
    """Some text in a language."""
    return f"{WORDS.get(code, f'word-{code}')} {number}"


def written(
    step: int,
    pairs: Sequence[tuple[str, str]],
    *,
    stage: int = 0,
    ends_stage: bool = False,
    n_right: int = 2,
    n: int = 4,
    untaught: Sequence[tuple[str, str]] = (),
) -> Written:
    """`n` texts of each pair, of which the first `n_right` are right."""
    texts = tuple(
        WrittenTexts(
            *(task_of(pair), *pair),
            tuple(word(pair[0], i) for i in range(n)),
            tuple(word(pair[1], i) for i in range(n)),
            tuple(word(pair[1], i) if i < n_right else f"{word(pair[1], i)}x" for i in range(n)),
        )
        for pair in pairs
    )
    right = n_right / n
    other = (1 - right) / 4
    shares = tuple(
        AnswerShares(task_of(p), *p, right, other, 1 - right - other, 500, p not in untaught)
        for p in pairs
    )
    return Written(step, stage, "test" if ends_stage else "val", ends_stage, texts, shares)


def began(pairs: Sequence[tuple[str, str]], seed: int = 0) -> Began:
    """The beginning of a run of these pairs."""
    names = tuple(map(task_of, pairs))
    facts = tuple(
        TaskFacts(*(n, "numbers", "exact-match", True, None, n, "t", "t", 90, 9, 9)) for n in names
    )
    stages = (StageFacts("all tasks", names, 400),)
    return Began(0, seed, facts, stages, 10, 10, run_id=f"run-{seed}")


def text_model(
    events: Sequence[Event], pairs: Sequence[tuple[str, str]], seed: int = 0
) -> RunModel:
    """A run of these pairs that told this."""
    names = list(map(task_of, pairs))
    return RunModel.of([began(pairs, seed), *events], seed, spec_of(names[:1]))


def scored(step: int, n_tasks: int) -> Evaluated:
    """A validation by the tasks' own metric and by two others."""
    row = np.full(n_tasks, step / 1000, np.float32)
    more = {"token-accuracy": row + 0.25, "chrf": 100 * row}
    return Evaluated(step, 0, "val", row, row, False, more)


def answer_in(code: str, question: Translate, step: int) -> TranslatedText:
    """An answer of three tokens and the end; its first token is unsure."""
    text = f"{WORDS.get(code, f'word-{code}')} {step}"
    third = max(len(text) // 3, 1)
    pieces = [text[:third], text[third : 2 * third], text[2 * third :], ""]
    tokens = tuple(
        WrittenToken(p, 0.4 if not i else 0.96, ((p, 0.4 if not i else 0.96), ("xy", 0.03)))
        for i, p in enumerate(pieces)
    )
    read = (*question.text, f"<{code}>")
    n, n_read = len(tokens), len(read)
    random = np.random.default_rng(n_read)
    weights = random.random((2, n, n_read + n)) ** 4
    weights *= np.tril(np.ones((n, n_read + n)), n_read - 1)
    weights = (weights / weights.sum(axis=2, keepdims=True)).astype(np.float32)
    pair = (question.source, code)
    return TranslatedText(task_of(pair), *pair, text, read, tokens, weights)


def answer_to(question: Translate, codes: Sequence[str], step: int = 300) -> TranslationAnswer:
    """An answer in each language but that of the text."""
    at = question.step or step
    answers = tuple(answer_in(code, question, at) for code in codes if code != question.source)
    return TranslationAnswer(at, answers, (step - 100, step))
