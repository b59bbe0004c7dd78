"""length-ratio: how long answers are beside the right ones."""

from collections.abc import Sequence

from workbench.engine.roles.texts.text_metric import TextMetric


class LengthRatio(TextMetric):
    """The letters of all written answers, as a share of those of the right ones.

    1 is as long as it should be; below, answers stop early; above, they do not find their end.
    """

    key = "length-ratio"
    title = "Length ratio"
    score_range = (0.0, None)
    has_zero = False

    def score_texts(self, written: Sequence[str], right: Sequence[str], language: str) -> float:
        del language
        return sum(map(len, written)) / max(sum(map(len, right)), 1)
