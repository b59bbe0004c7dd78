"""Translation tasks: from pairs of texts to tasks whose examples are streams of tokens."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.roles.loading import Loading
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import NOT_ASKED, PADDING, SPLITS, Part, Task, Tokens, TokensOut
from workbench.engine.roles.texts.text import Text, Vocabulary

#: Whose the last layers are: everybody's, those of one target's, or each task's own.
HeadOf = Literal["everyone", "target", "task"]

#: Examples made between two words of how far it is.
_BETWEEN = 2000

_PURPOSE = {"train": "teach", "val": "validate", "test": "test"}


@dataclass(frozen=True, slots=True)
class TextTask:
    """One question in one language: texts in `source` and what they are in `target`, by split.

    `target` is a language, or the name of a question whose answers are `answers`. Without training
    texts it is asked and never taught. `elsewhere` are, by held-out split and language, the same
    meanings in other languages.
    """

    source: str
    target: str
    texts: Mapping[str, Sequence[tuple[str, str]]]
    answers: tuple[str, ...] = ()
    elsewhere: Mapping[str, Mapping[str, Sequence[str]]] = field(
        default_factory=dict[str, Mapping[str, Sequence[str]]]
    )
    notices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The task's name: source and target."""
        return f"{self.source}-{self.target}"


@dataclass(frozen=True, slots=True)
class Shape:
    """What all tasks of a family have in common.

    A stream has at most `longest` tokens; `head` says whose the last layers are, and the first of
    `metrics` is the primary one of translations.
    """

    longest: int = 100
    head: HeadOf = "everyone"
    metrics: tuple[str, ...] = ("exact-match", "token-accuracy", "chrf", "length-ratio")


def translation_tasks(
    questions: Sequence[TextTask], vocabularies: Mapping[str, Vocabulary], shape: Shape
) -> Loading:
    """A task for each question, of streams `[source] <target> [answer] end`, by steps.

    `vocabularies` are by language: one for all, or several whose tokens are told apart. A stream
    that is too long is left out, and counted in a notice. Raises BadSpecError, with the field
    `longest`, where nothing is left of a split.
    """
    n_tokens = max(vocabulary.size for vocabulary in vocabularies.values())
    total = sum(len(texts) for text_task in questions for texts in text_task.texts.values())
    done = 0
    made: list[dict[str, _Streams]] = []
    for text_task in questions:
        text = _text(text_task, vocabularies)
        by_split: dict[str, _Streams] = {}
        for split in SPLITS:
            by_split[split] = _Streams(text, text_task.texts.get(split, ()), shape.longest)
            for n in by_split[split].making():
                yield (done + n) / max(total, 1), f"{text_task.name}: making tokens"
            done += len(text_task.texts.get(split, ()))
        made.append(by_split)
    length = max(streams.length for by_split in made for streams in by_split.values())
    return [
        _task(text_task, by_split, _text(text_task, vocabularies), shape, Tokens(n_tokens, length))
        for text_task, by_split in zip(questions, made, strict=True)
    ]


def _text(text_task: TextTask, vocabularies: Mapping[str, Vocabulary]) -> Text:
    reads = vocabularies[text_task.source]
    writes = reads if text_task.answers else vocabularies[text_task.target]
    known = None if reads is writes else reads
    return Text(writes, text_task.source, text_task.target, text_task.answers, known)


class _Streams:
    """The tokens and targets of a split's pairs, those that are short enough."""

    def __init__(self, text: Text, pairs: Sequence[tuple[str, str]], longest: int) -> None:
        self.kept: list[int] = []
        self._tokens: list[list[int]] = []
        self._targets: list[list[int]] = []
        self._text, self._pairs, self._longest = text, pairs, longest

    @property
    def n_left_out(self) -> int:
        """Pairs that are too long."""
        return len(self._pairs) - len(self.kept)

    @property
    def length(self) -> int:
        """Tokens of the longest stream."""
        return max(map(len, self._tokens), default=1)

    def making(self) -> Generator[int]:
        """Make them; yields how many pairs are done."""
        for i, (source, answer) in enumerate(self._pairs):
            if i % _BETWEEN == 0:
                yield i
            tokens, target = self._stream(source, answer)
            if len(tokens) <= self._longest:
                self.kept.append(i)
                self._tokens.append(tokens)
                self._targets.append(target)

    def _stream(self, source: str, answer: str) -> tuple[list[int], list[int]]:
        text = self._text
        prompt = text.prompt(source)
        unasked = [NOT_ASKED] * (len(prompt) - 1)
        if text.answers:
            return prompt, [*unasked, text.answers.index(answer)]
        answer_ids = text.vocabulary.ids(answer)
        return [*prompt, *answer_ids], [*unasked, *answer_ids, text.vocabulary.end]

    def part(self, length: int) -> Part:
        """The streams, filled up to a length."""
        inputs = {"text": _filled(self._tokens, length, PADDING)}
        return Part(inputs, _filled(self._targets, length, NOT_ASKED))


def _filled(rows: Sequence[Sequence[int]], length: int, filler: int) -> Tensor:
    longest = max(map(len, rows), default=0)
    lists = [[*row, *[filler] * (longest - len(row))] for row in rows]
    made = torch.tensor(lists, dtype=torch.int64).view(len(rows), longest)
    return functional.pad(made, (0, length - longest), value=filler)


def _task(
    text_task: TextTask, streams: Mapping[str, _Streams], text: Text, shape: Shape, kind: Tokens
) -> Task:
    is_taught = bool(text_task.texts.get("train"))
    for split in SPLITS:
        if not streams[split].kept and (is_taught or split != "train"):
            message = f"{text_task.name} has no text of at most {shape.longest} tokens"
            raise BadSpecError("longest", f"{message} to {_PURPOSE[split]} it with")
    elsewhere = {
        split: {name: [texts[i] for i in streams[split].kept] for name, texts in others.items()}
        for split, others in text_task.elsewhere.items()
    }
    first, *more = ("exact-match",) if text_task.answers else shape.metrics
    return Task(
        text_task.name,
        {"text": kind},
        TokensOut(len(text_task.answers), None)
        if text_task.answers
        else TokensOut(kind.vocabulary),
        {split: streams[split].part(kind.length) for split in SPLITS},
        first,
        tuple(more),
        _head(text_task, shape.head),
        text=Text(text.vocabulary, text.source, text.target, text.answers, text.reads, elsewhere),
        is_taught=is_taught,
        notices=(*text_task.notices, *_left_out(text_task, streams, shape)),
    )


def _head(text_task: TextTask, head: HeadOf) -> str:
    if head == "task":
        return text_task.name
    # Answers that are no texts have a head of their own.
    return text_task.target if head == "target" or text_task.answers else "everyone"


def _left_out(
    text_task: TextTask, streams: Mapping[str, _Streams], shape: Shape
) -> tuple[str, ...]:
    n = sum(each.n_left_out for each in streams.values())
    if not n:
        return ()
    total = sum(len(texts) for texts in text_task.texts.values())
    over = f"more than {shape.longest} tokens"
    return (f"{text_task.name}: {n:,} of {total:,} texts are left out, which have {over}",)
