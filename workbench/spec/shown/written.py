"""Written: what a model writes of texts that it has not seen."""

from dataclasses import dataclass

from workbench.spec.facts import Floats


@dataclass(frozen=True, slots=True)
class WrittenTexts:
    """Answers of one task, [N] each: what was read, what is right, and what was written.

    `source` and `target` are the languages, or the question, as codes.
    """

    task: str
    source: str
    target: str
    read: tuple[str, ...]
    right: tuple[str, ...]
    written: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerShares:
    """How the answers of one task are: shares of `n` that sum to 1.

    `other_language` are those that are right, and in a language that was not asked for. `is_taught`
    says whether the task has training examples: of one that has none the answers are zero-shot.
    """

    task: str
    source: str
    target: str
    right: float
    other_language: float
    wrong: float
    n: int
    is_taught: bool


@dataclass(frozen=True, slots=True, eq=False)
class WrittenToken:
    """One token of an answer: the `piece` of text, and others that might have stood there.

    `alternatives` are the likeliest pieces with their probabilities, the likeliest first.
    """

    piece: str
    probability: float
    alternatives: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, eq=False)
class TranslatedText:
    """An answer to one text: of the task, in a language or to a question, `target`.

    `read` are the pieces of what is read, the tag last; `tokens` those of the answer, its end last.
    `attention` [blocks, tokens, read + tokens] is how much each token that is written looks at each
    place before it, a mean over heads; places that it cannot see are 0.
    """

    task: str
    source: str
    target: str
    text: str
    read: tuple[str, ...]
    tokens: tuple[WrittenToken, ...]
    attention: Floats


@dataclass(frozen=True, slots=True, eq=False)
class TranslationAnswer:
    """What the model says at a step; `checkpoints` are the steps at which it can be asked."""

    step: int
    answers: tuple[TranslatedText, ...]
    checkpoints: tuple[int, ...]
