"""Words of the comparison: its sentences in the language that is spoken, and names of figures."""

import math
from functools import partial

from workbench.study.comparison.experiments import Figure
from workbench.study.comparison.sentences import CONTEXT, written
from workbench.study.interval import Estimate
from workbench.study.spread import Spread
from workbench.ui.words.language import translated, translator

#: A text of `workbench.study.comparison.sentences` in the language that is spoken.
say = partial(translated, CONTEXT)

tr = translator("CompareWords")


def figure_title(figure: Figure) -> str:
    """A figure's name in a list and over a column."""
    known = {
        "acc": "ACC",
        "forgetting": tr("Forgetting"),
        "bwt": "BWT",
        "learning_accuracy": tr("Learning accuracy"),
    }
    if figure.task:
        return tr("{} on {}").format(figure.metric, figure.task)
    return known.get(figure.key, figure.key)


def spread_title(spread: Spread) -> str:
    """What a band or a ± shows."""
    words = {
        Spread.INTERVAL: tr("95 % interval of the mean"),
        Spread.SD: tr("standard deviation"),
        Spread.RANGE: tr("lowest to highest"),
    }
    return words[spread]


def number(value: float | None, places: int = 3, sign: str = "") -> str:
    """A number as people write it; a dash where there is none."""
    if value is None or not math.isfinite(value):
        return "–"
    text = written(value, places)
    has_sign = sign and value > 0 and text != written(0.0, places)
    return f"{sign}{text}" if has_sign else text


def places_of(value: float) -> int:
    """Decimals for figures of this size: three of an accuracy, more where all are small."""
    size = abs(value)
    if not size or not math.isfinite(size):
        return 3
    return max(1, min(3 - math.floor(math.log10(size) + 1), 6)) if not 0.1 <= size < 10 else 3


def interval(value: Estimate | None, places: int = 3) -> str:
    """The 95 % interval of a difference; a dash where one seed leaves it open."""
    if value is None or value.low is None or value.high is None:
        return "–"
    return tr("{} to {}").format(number(value.low, places), number(value.high, places))


def p_value(p: float | None) -> str:
    """A p value as papers write it."""
    if p is None:
        return "–"
    return "< 0.001" if p < 0.001 else number(p, 2 if p >= 0.095 else 3)
