"""bleu: how many runs of words an answer has in common with the right one."""

import math
from collections.abc import Sequence
from typing import Any

from workbench.engine.roles.texts.text_metric import TextMetric

#: Words of a right answer, in the mean, from which on runs of four words say something.
_WORDS = 4

#: Languages that put no space between words: their letters are counted for words.
_UNSPACED = ("zh", "ja", "ko", "th", "my", "km", "lo")


class Bleu(TextMetric):
    """The geometric mean of the shares of right runs of one to four words, from 0 to 100.

    Counted by sacrebleu over the whole split, with words as `13a` parts them; in Chinese, Japanese
    and Korean letters stand for words. A right answer of under four words would have 0, so where
    the right answers are that short in the mean there is no score: look at chrF and exact match.
    """

    key = "bleu"
    title = "BLEU"
    paper = "Papineni et al., BLEU, ACL 2002; Post, A call for clarity, WMT 2018"
    link = "https://aclanthology.org/W18-6319"
    score_range = (0.0, 100.0)

    def score_texts(self, written: Sequence[str], right: Sequence[str], language: str) -> float:
        bleu = _counter(language)
        score = bleu.corpus_score(list(written), [list(right)])
        return math.nan if score.ref_len < _WORDS * len(right) else score.score

    def signature(self, language: str) -> str:
        counter = _counter(language)
        counter.corpus_score(["a b c d"], [["a b c d"]])  # it knows how many references after one
        return str(counter.get_signature())


def _counter(language: str) -> Any:
    """What counts in a language."""
    from sacrebleu.metrics.bleu import BLEU  # a third of a second, for who asks alone

    return BLEU(tokenize="char" if language.partition("-")[0] in _UNSPACED else "13a")
