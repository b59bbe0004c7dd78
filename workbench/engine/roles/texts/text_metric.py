"""TextMetric: a score of what is written against what should be."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import torch
from torch import Tensor

from workbench.engine.roles.metric import Metric
from workbench.engine.roles.task import Task, TokensOut
from workbench.engine.roles.texts.text import questions, references


@dataclass(slots=True, eq=False)
class TextAnswers:
    """What a model says of texts [N, L], of which all, or the first M, were written out.

    `chosen` [N, L] are the tokens that it would put at each place after the right ones before;
    `written` [M] the answers that it writes by itself, token by token.
    """

    chosen: Tensor
    written: list[list[int]]


class TextMetric(Metric):
    """A score of answers that are texts: of what was written, or of the tokens at each place.

    `reads` says which. Texts are compared as they are read, in Unicode's composed form.
    """

    outputs = (TokensOut,)
    reads: ClassVar[Literal["written", "places"]] = "written"

    def score(self, output: Tensor, target: Tensor) -> float:
        """The share of `reads` places: of tokens [N, L] against targets [N, L]."""
        raise NotImplementedError

    def signature(self, language: str) -> str:
        """How it counts in a language, where there are several ways; kept beside the score."""
        del language
        return ""

    def score_texts(self, written: Sequence[str], right: Sequence[str], language: str) -> float:
        """The score of texts in a language, as a code, against the right ones."""
        raise NotImplementedError


def text_score(metric: Metric, task: Task, answers: TextAnswers, target: Tensor) -> float:
    """A metric's score of what a model says of texts; NaN where none was written."""
    assert isinstance(metric, TextMetric)
    if metric.reads == "places":
        return metric.score(answers.chosen, target)
    n = len(answers.written)
    if not n:
        return torch.nan
    right = right_texts(task, target[:n])
    written = [in_words(task, tokens) for tokens in answers.written]
    return metric.score_texts(written, right, language_of(task))


def copied_score(metric: Metric, task: Task, split: str = "test") -> float | None:
    """The score of saying the question again, which a translation must beat; None: of no use."""
    if not isinstance(metric, TextMetric) or metric.reads == "places":
        return None
    if task.text is None or task.text.answers:
        return None
    part = task.data[split]
    copied = [task.text.question_of(tokens) for tokens in questions(part)]
    return metric.score_texts(copied, right_texts(task, part.target), language_of(task))


def right_texts(task: Task, target: Tensor) -> list[str]:
    """The right answers of examples with targets [N, L]."""
    return [in_words(task, tokens) for tokens in references(target)]


def in_words(task: Task, tokens: Sequence[int]) -> str:
    """Tokens as the text that they are; as numbers, where nobody says what they mean."""
    if task.text is None:
        return " ".join(str(token) for token in tokens if token != _end_of(task))
    return task.text.written(tokens)


def signatures(metrics: Mapping[str, Metric], tasks: Iterable[Task]) -> list[str]:
    """How the metrics of these tasks count, a sentence for each way."""
    ways: dict[str, list[str]] = {}
    for task in tasks:
        for key in (task.metric, *task.more_metrics):
            metric = metrics[key]
            if isinstance(metric, TextMetric) and (way := metric.signature(language_of(task))):
                ways.setdefault(f"{metric.title}: {way}", []).append(task.name)
    return [f"{way} ({', '.join(names)})" for way, names in ways.items()]


def language_of(task: Task) -> str:
    """The language of a task's answers, as a code."""
    return "" if task.text is None else task.text.target


def _end_of(task: Task) -> int | None:
    return task.output.end if isinstance(task.output, TokensOut) else None
