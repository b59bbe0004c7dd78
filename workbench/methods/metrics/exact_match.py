"""exact-match: the share of answers that are right to the letter."""

from collections.abc import Sequence

from workbench.engine.roles.task import TokensOut
from workbench.engine.roles.texts.text_metric import TextMetric


class ExactMatch(TextMetric):
    """The share of written answers that are the right text, to the letter.

    It stays at 0 while single letters are wrong in every answer, then rises at once: the loss and
    the token accuracy tell of what comes before.
    """

    key = "exact-match"
    title = "Exact match"
    score_range = (0.0, 1.0)
    usual = (TokensOut,)

    def score_texts(self, written: Sequence[str], right: Sequence[str], language: str) -> float:
        del language
        return sum(a == b for a, b in zip(written, right, strict=True)) / len(right)
