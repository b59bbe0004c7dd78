"""PairShares: of one pair of languages how many answers are right, and how the others are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from workbench.spec.shown.written import AnswerShares
from workbench.study.spread import Bounds, Spread, spread_of
from workbench.ui.widgets.figure_card import spread_text
from workbench.ui.words.language import translator

tr = translator("Translate")


@dataclass(frozen=True, slots=True)
class PairShares:
    """The shares of a pair, over all tasks that have it; `tasks` are their names.

    Of several seeds they are means, and `low` and `high` lie around the share that is right.
    """

    source: str
    target: str
    right: float
    other_language: float
    wrong: float
    n: int
    is_taught: bool
    tasks: tuple[str, ...]
    low: float = np.nan
    high: float = np.nan
    n_seeds: int = 1
    spread: str = ""

    def in_words(self) -> str:
        """Everything that the cell shows, exactly."""
        sentence = tr("{} → {}: {} right, {} right in another language, {} wrong, of {}")
        shares = [f"{100 * x:.1f} %" for x in (self.right, self.other_language, self.wrong)]
        if self.spread:
            shares[0] = f"{100 * self.right:.1f} {self.spread} %"
        text = sentence.format(self.source, self.target, *shares, f"{self.n:,}")
        return text if self.is_taught else tr("{} (never taught)").format(text)


def shares_by_pair(shares: Iterable[AnswerShares]) -> dict[tuple[str, str], PairShares]:
    """The shares of each pair; tasks of one pair count by their numbers of answers."""
    groups: dict[tuple[str, str], list[AnswerShares]] = {}
    for each in shares:
        groups.setdefault((each.source, each.target), []).append(each)
    return {pair: _together(*pair, group) for pair, group in groups.items()}


def _together(source: str, target: str, group: Sequence[AnswerShares]) -> PairShares:
    n = sum(each.n for each in group)

    def mean(values: Iterable[float]) -> float:
        pairs = zip(values, group, strict=True)
        return sum(value * each.n for value, each in pairs) / max(n, 1)

    return PairShares(
        *(source, target),
        mean(each.right for each in group),
        mean(each.other_language for each in group),
        mean(each.wrong for each in group),
        n,
        any(each.is_taught for each in group),
        tuple(each.task for each in group),
    )


def pairs_over_seeds(
    seeds: Sequence[Iterable[AnswerShares]], kind: Spread
) -> dict[tuple[str, str], PairShares]:
    """The shares of each pair: means over the seeds, which count alike."""
    by_seed = [shares_by_pair(shares) for shares in seeds]
    pairs = dict.fromkeys(pair for each in by_seed for pair in each)
    return {pair: _mean([e[pair] for e in by_seed if pair in e], kind) for pair in pairs}


def _mean(seeds: Sequence[PairShares], kind: Spread) -> PairShares:
    parts = np.array([(one.right, one.other_language, one.wrong) for one in seeds])
    around = spread_of(parts, kind)
    right, other, wrong = around.mean.tolist()
    ends = Bounds(around.mean[0], around.low[0], around.high[0], around.n[0])
    percent = Bounds(100 * ends.mean, 100 * ends.low, 100 * ends.high, ends.n)
    return replace(
        seeds[0],
        right=right,
        other_language=other,
        wrong=wrong,
        low=float(ends.low),
        high=float(ends.high),
        n_seeds=len(seeds),
        spread=spread_text(percent, kind, 1),
    )
