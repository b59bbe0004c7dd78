"""chrf: how many runs of letters an answer has in common with the right one."""

from collections.abc import Sequence

from workbench.engine.roles.texts.text_metric import TextMetric


class ChrF(TextMetric):
    """The F-score, at β = 2, of runs of up to six letters, from 0 to 100.

    It needs no words, so it is fair to every script, and short texts have one too. Counted by
    sacrebleu, over the whole split.
    """

    key = "chrf"
    title = "chrF"
    paper = "Popović, chrF: character n-gram F-score for automatic MT evaluation, WMT 2015"
    link = "https://aclanthology.org/W15-3049"
    score_range = (0.0, 100.0)

    def score_texts(self, written: Sequence[str], right: Sequence[str], language: str) -> float:
        del language
        from sacrebleu.metrics.chrf import CHRF  # a third of a second, for who asks alone

        return CHRF().corpus_score(list(written), [list(right)]).score

    def signature(self, language: str) -> str:
        del language
        from sacrebleu.metrics.chrf import CHRF

        counter = CHRF()
        counter.corpus_score(["a"], [["a"]])  # it knows how many references after one
        return str(counter.get_signature())
