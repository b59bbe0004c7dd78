"""Spread words: what a mean over seeds and the band around it are called."""

from collections.abc import Sequence

from workbench.study.spread import Spread
from workbench.ui.words.language import translator

tr = translator("Spread")


def spread_title(kind: Spread) -> str:
    """What a band, a whisker or a ± shows."""
    return {
        Spread.INTERVAL: tr("95 % interval"),
        Spread.SD: tr("standard deviation"),
        Spread.RANGE: tr("lowest to highest"),
    }[kind]


def band_words(n_seeds: int, kind: Spread) -> str:
    """What a curve with a band is; empty for one seed."""
    if n_seeds < 2:
        return ""
    return tr("Mean of {} seeds, band: {}").format(n_seeds, spread_title(kind))


def figure_words(n_seeds: int, kind: Spread) -> str:
    """What a figure with a ± is; empty for one seed."""
    if n_seeds < 2:
        return ""
    if kind is Spread.RANGE:
        return tr("Mean of {} seeds, with the lowest and the highest").format(n_seeds)
    return tr("Mean of {} seeds ± {}").format(n_seeds, spread_title(kind))


def part_words(n_known: int, n_seeds: int, kind: Spread) -> str:
    """The same where not all seeds have got there."""
    if n_known == n_seeds:
        return figure_words(n_seeds, kind)
    some = tr("{} of {} seeds").format(n_known, n_seeds)
    return " · ".join(filter(None, (figure_words(n_known, kind), some)))


def seeds_words(n: int) -> str:
    """So many seeds: an experiment may have one that was run twice."""
    return tr("1 seed") if n == 1 else tr("{} seeds").format(n)


def one_of_words(shown: int, seeds: Sequence[int]) -> str:
    """Which of several seeds a picture is of; empty where there is one."""
    several = len(set(seeds)) > 1
    return tr("seed {} of {}").format(shown, ", ".join(map(str, seeds))) if several else ""


def alone_words(seeds: Sequence[int], shown: int) -> str:
    """Which seed is shown where a mean makes no sense; empty for one seed."""
    return tr("what has no mean: seed {}").format(shown) if len(seeds) > 1 else ""
