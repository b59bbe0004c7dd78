"""Translations: what was written in the newest evaluation, and how much of it is right."""

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from workbench.engine.measure.evaluation import Answered, Evaluator
from workbench.engine.roles.task import Task
from workbench.engine.roles.texts.text import Text, questions
from workbench.engine.roles.texts.text_metric import (
    TextAnswers,
    copied_score,
    in_words,
    right_texts,
)
from workbench.spec.event import Split
from workbench.spec.shown.written import AnswerShares, WrittenTexts

#: Texts of each task that are shown.
SHOWN = 12


def has_texts(tasks: Mapping[str, Task]) -> bool:
    """Whether any task's answers are texts that somebody can read."""
    return any(task.text is not None for task in tasks.values())


def shown_texts(evaluator: Evaluator, split: Split) -> tuple[WrittenTexts, ...]:
    """The first answers of each task in the newest evaluation, which was of a split."""
    shown: list[WrittenTexts] = []
    for name, text, answered in _texts(evaluator):
        task, (right, written) = evaluator.tasks[name], _in_words(evaluator, name, answered, SHOWN)
        read = questions(task.data[split][: len(written)])
        read_texts = tuple(text.question_of(tokens) for tokens in read)
        sides = tuple(right), tuple(written)
        shown.append(WrittenTexts(name, text.source, text.target, read_texts, *sides))
    return tuple(shown)


def shares(evaluator: Evaluator, split: Split) -> tuple[AnswerShares, ...]:
    """How the answers of each task in the newest evaluation are, which was of a split."""
    made: list[AnswerShares] = []
    for name, text, answered in _texts(evaluator):
        right, written = _in_words(evaluator, name, answered, None)
        if not written:
            continue
        others = text.elsewhere.get(split, {})
        n = len(written)
        is_right = [a == b for a, b in zip(right, written, strict=True)]
        is_other = [
            not said_right and any(texts[i] == said for texts in others.values())
            for i, (said, said_right) in enumerate(zip(written, is_right, strict=True))
        ]
        n_right, n_other = sum(is_right), sum(is_other)
        of = (n_right / n, n_other / n, (n - n_right - n_other) / n)
        is_taught = evaluator.tasks[name].is_taught
        made.append(AnswerShares(name, text.source, text.target, *of, n, is_taught))
    return tuple(made)


def copied_scores(evaluator: Evaluator, split: Split) -> dict[str, dict[str, float | None]]:
    """The scores of saying each text of a split again, by task and metric of what is written."""
    scores: dict[str, dict[str, float | None]] = {}
    for name, task in evaluator.tasks.items():
        by_metric: dict[str, float | None] = {}
        for key in (task.metric, *task.more_metrics) if task.text is not None else ():
            metric = evaluator.metrics.get(key)
            score = None if metric is None else copied_score(metric, task, split)
            if score is not None and math.isfinite(score):
                by_metric[key] = float(np.float32(score))
        if by_metric:
            scores[name] = by_metric
    return scores


def _texts(evaluator: Evaluator) -> Iterator[tuple[str, Text, Answered]]:
    for name, answered in evaluator.answered.items():
        text = evaluator.tasks[name].text
        if text is not None and isinstance(answered.output, TextAnswers):
            yield name, text, answered


def _in_words(
    evaluator: Evaluator, name: str, answered: Answered, n: int | None
) -> tuple[Sequence[str], Sequence[str]]:
    """The right answers and the written ones, of the first `n`."""
    assert isinstance(answered.output, TextAnswers)
    task, tokens = evaluator.tasks[name], answered.output.written[:n]
    right = right_texts(task, answered.target[: len(tokens)])
    return right, [in_words(task, row) for row in tokens]
