"""Text: how the tokens of a task are written and read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from torch import Tensor

from workbench.engine.roles.batch import Part
from workbench.engine.roles.kinds import NOT_ASKED, PADDING


class Vocabulary(Protocol):
    """Texts to tokens and back; made on the spot from the texts of a family."""

    @property
    def size(self) -> int:
        """The number of different tokens: ids are below."""
        ...

    @property
    def end(self) -> int:
        """The token that ends an answer."""
        ...

    @property
    def tags(self) -> Mapping[str, int]:
        """By language or question: the token that asks for it."""
        ...

    def ids(self, text: str) -> list[int]:
        """A text's tokens, none of them special."""
        ...

    def text(self, ids: Sequence[int]) -> str:
        """The text of tokens; special ones are left out."""
        ...

    def pieces(self, ids: Sequence[int]) -> list[str]:
        """Something to show for each token, special ones too."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """What a task's tokens say: from texts in `source` to texts in `target`, or answers.

    A stream of tokens is `[what is read] <tag> [the answer] end`. Where the answer is no text but
    one of `answers`, its token is that one's place among them. `reads` is the vocabulary of what is
    read, where that is another; the tokens of both are told apart. `elsewhere` gives, by split and
    language, what each held-out example is called in languages that nobody asked for: an answer in
    one of them is right and in the wrong language.
    """

    vocabulary: Vocabulary
    source: str
    target: str
    answers: tuple[str, ...] = ()
    reads: Vocabulary | None = None
    elsewhere: Mapping[str, Mapping[str, Sequence[str]]] = field(
        default_factory=dict[str, Mapping[str, Sequence[str]]]
    )

    @property
    def tag(self) -> int:
        """The token that asks for the target."""
        return self.vocabulary.tags[self.target]

    def prompt(self, text: str) -> list[int]:
        """What is read before an answer to `text` begins."""
        return [*(self.reads or self.vocabulary).ids(text), self.tag]

    def question_of(self, ids: Sequence[int]) -> str:
        """What was read, as a text."""
        return (self.reads or self.vocabulary).text(ids)

    def written(self, ids: Sequence[int]) -> str:
        """An answer as a text."""
        if self.answers:
            known = (i for i in ids if 0 <= i < len(self.answers))
            return " ".join(self.answers[i] for i in known)
        return self.vocabulary.text(ids)


def prompt_lengths(target: Tensor) -> Tensor:
    """Tokens before the answer of each example begins, [B], from targets [B, L]."""
    is_asked = target != NOT_ASKED
    return is_asked.int().argmax(1) + 1


def references(target: Tensor) -> list[list[int]]:
    """The right answer's tokens of each example, from targets [B, L]."""
    return [[token for token in row if token != NOT_ASKED] for row in target.tolist()]


def questions(part: Part) -> Iterator[list[int]]:
    """What each example of a part reads before its answer begins, without the tag."""
    (tokens,) = part.inputs.values()
    for row, n in zip(tokens.tolist(), prompt_lengths(part.target).tolist(), strict=True):
        yield row[: n - 1]


def lengths(tokens: Tensor) -> Tensor:
    """The tokens of each text [B, L] without the padding at its end, [B]."""
    n = tokens.shape[1]
    return n - (tokens != PADDING).flip(1).int().argmax(1)
