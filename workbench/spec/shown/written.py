"""Written: what a model writes of texts that it has not seen."""

from dataclasses import dataclass


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
