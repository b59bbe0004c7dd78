"""PairCells: a number for each two tasks, as a matrix to draw: cosines, or affinity."""

from dataclasses import dataclass
from math import floor, log10

import numpy as np

from workbench.study.spread import Bounds, Spread
from workbench.ui.model.decimation import Values
from workbench.ui.model.run_model import RunModel
from workbench.ui.tabs.interference.seed_probes import SeedProbes
from workbench.ui.widgets.figure_card import spread_text
from workbench.ui.words.language import translator

tr = translator("Interference")


@dataclass(frozen=True, slots=True)
class PairCells:
    """Values [T, T] of row for column; NaN where there is none.

    `colours` are the tasks' colour numbers. `limit` is the value with the strongest colour, and
    `low` and `high` say what the two ends mean. `is_symmetric` says that a pair has no direction:
    then the diagonal means nothing.
    `explains` is the tooltip, with places for both names and the number; `spreads` [T][T] say what
    lies around each mean over seeds.
    """

    names: tuple[str, ...]
    colours: tuple[int, ...]
    values: Values
    limit: float
    low: str
    high: str
    is_symmetric: bool
    explains: str
    unit: str = ""
    spreads: tuple[tuple[str, ...], ...] = ()

    def text(self, i: int, j: int, digits: int = 3) -> str:
        """The number in a cell."""
        value = round(float(self.values[i, j]), digits) + 0.0  # never −0
        return f"{value:.{digits}f}".replace("-", "−") + self.unit

    def spread(self, i: int, j: int) -> str:
        """What lies around it; empty for one seed."""
        return self.spreads[i][j] if self.spreads else ""

    def in_words(self, i: int, j: int, digits: int = 3) -> str:
        """What a cell shows, in a sentence."""
        number = " ".join(filter(None, (self.text(i, j, digits), self.spread(i, j))))
        return self.explains.format(self.names[i], self.names[j], number)


NO_PAIRS = PairCells((), (), np.empty((0, 0)), 1.0, "", "", True, "{} {} {}")


def digits_for(limit: float) -> int:
    """Digits after the point with which a number as large as `limit` has two that tell something.

    Never fewer than two, nor more than five.
    """
    return 2 + min(max(-1 - floor(log10(limit)), 0), 3) if limit > 0 else 2


def cosine_cells(
    model: RunModel, probes: SeedProbes, layer: int, at: int | None, kind: Spread
) -> PairCells:
    """The cosines of each two tasks' gradients in a layer, of one probe; None: their mean."""
    names = tuple(facts.name for facts in model.tasks)
    around, explains = probes.cosines(layer, at), tr("{} × {}: cosine {}")
    ends = tr("conflict"), tr("agreement")
    spreads = _spreads(around, kind, 2)
    return PairCells(
        *(names, model.colours, around.mean, 1.0, *ends, True, explains), spreads=spreads
    )


def affinity_cells(model: RunModel, probes: SeedProbes, at: int | None, kind: Spread) -> PairCells:
    """What a step on one task alone does to another's loss, in percent."""
    names = tuple(facts.name for facts in model.tasks)
    found = probes.affinity(at)
    around = Bounds(100 * found.mean, 100 * found.low, 100 * found.high, found.n)
    apart = around.mean[~np.eye(len(names), dtype=bool)]
    known = np.abs(apart[np.isfinite(apart)])
    limit = float(known.max()) if len(known) and known.max() > 0 else 1.0
    explains = tr("A step on {} alone lowers the loss of {} by {}")
    ends, spreads = (tr("harms"), tr("helps")), _spreads(around, kind, digits_for(limit))
    return PairCells(
        *(names, model.colours, around.mean, limit, *ends, False, explains, " %"), spreads=spreads
    )


def _spreads(around: Bounds, kind: Spread, digits: int) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(spread_text(Bounds(*cell), kind, digits) for cell in zip(*row, strict=True))
        for row in zip(around.mean, around.low, around.high, around.n, strict=True)
    )
