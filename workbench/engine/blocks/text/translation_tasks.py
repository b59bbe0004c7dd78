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
class Asked:
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
    questions: Sequence[Asked], vocabularies: Mapping[str, Vocabulary], shape: Shape
) -> Loading:
    """A task for each question, of streams `[source] <target> [answer] end`, by steps.

    `vocabularies` are by language: one for all, or several whose tokens are told apart. A stream
    that is too long is left out, and counted in a notice. Raises BadSpecError, with the field
    `longest`, where nothing is left of a split.
    """
    n_tokens = max(vocabulary.size for vocabulary in vocabularies.values())
    total = sum(len(texts) for asked in questions for texts in asked.texts.values())
    done = 0
    made: list[dict[str, _Streams]] = []
    for asked in questions:
        text = _text(asked, vocabularies)
        by_split: dict[str, _Streams] = {}
        for split in SPLITS:
            by_split[split] = _Streams(text, asked.texts.get(split, ()), shape.longest)
            for n in by_split[split].making():
                yield (done + n) / max(total, 1), f"{asked.name}: making tokens"
            done += len(asked.texts.get(split, ()))
        made.append(by_split)
    length = max(streams.length for by_split in made for streams in by_split.values())
    return [
        _task(asked, by_split, _text(asked, vocabularies), shape, Tokens(n_tokens, length))
        for asked, by_split in zip(questions, made, strict=True)
    ]


def _text(asked: Asked, vocabularies: Mapping[str, Vocabulary]) -> Text:
    reads = vocabularies[asked.source]
    writes = reads if asked.answers else vocabularies[asked.target]
    known = None if reads is writes else reads
    return Text(writes, asked.source, asked.target, asked.answers, known)


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
        said = text.vocabulary.ids(answer)
        return [*prompt, *said], [*unasked, *said, text.vocabulary.end]

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
    asked: Asked, streams: Mapping[str, _Streams], text: Text, shape: Shape, kind: Tokens
) -> Task:
    is_taught = bool(asked.texts.get("train"))
    for split in SPLITS:
        if not streams[split].kept and (is_taught or split != "train"):
            message = f"{asked.name} has no text of at most {shape.longest} tokens"
            raise BadSpecError("longest", f"{message} to {_PURPOSE[split]} it with")
    elsewhere = {
        split: {name: [texts[i] for i in streams[split].kept] for name, texts in others.items()}
        for split, others in asked.elsewhere.items()
    }
    first, *more = ("exact-match",) if asked.answers else shape.metrics
    return Task(
        asked.name,
        {"text": kind},
        TokensOut(len(asked.answers), None) if asked.answers else TokensOut(kind.vocabulary),
        {split: streams[split].part(kind.length) for split in SPLITS},
        first,
        tuple(more),
        _head(asked, shape.head),
        text=Text(text.vocabulary, text.source, text.target, text.answers, text.reads, elsewhere),
        is_taught=is_taught,
        notices=(*asked.notices, *_left_out(asked, streams, shape)),
    )


def _head(asked: Asked, head: HeadOf) -> str:
    if head == "task":
        return asked.name
    # Answers that are no texts have a head of their own.
    return asked.target if head == "target" or asked.answers else "everyone"


def _left_out(asked: Asked, streams: Mapping[str, _Streams], shape: Shape) -> tuple[str, ...]:
    n = sum(each.n_left_out for each in streams.values())
    if not n:
        return ()
    total = sum(len(texts) for texts in asked.texts.values())
    over = f"more than {shape.longest} tokens"
    return (f"{asked.name}: {n:,} of {total:,} texts are left out, which have {over}",)
