"""PairCells: a number for each two tasks, as a matrix to draw: cosines, or affinity."""

from dataclasses import dataclass
from math import floor, log10

import numpy as np

from workbench.ui.model.decimation import Values
from workbench.ui.model.run_model import RunModel
from workbench.ui.words.language import translator

tr = translator("Interference")


@dataclass(frozen=True, slots=True)
class PairCells:
    """Values [T, T] of row for column; NaN where there is none.

    `colours` are the tasks' colour numbers. `limit` is the value with the strongest colour, and
    `low` and `high` say what the two ends mean. `is_symmetric` says that a pair has no direction:
    then the diagonal means nothing.
    `explains` is the tooltip, with places for both names and the number.
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


NO_PAIRS = PairCells((), (), np.empty((0, 0)), 1.0, "", "", True, "{} {} {}")


def digits_for(limit: float) -> int:
    """Digits after the point with which a number as large as `limit` has two that tell something.

    Never fewer than two, nor more than five.
    """
    return 2 + min(max(-1 - floor(log10(limit)), 0), 3) if limit > 0 else 2


def cosine_cells(model: RunModel, layer: int, at: int | None) -> PairCells:
    """The cosines of each two tasks' gradients in a layer, of one probe; None: their mean."""
    names = tuple(facts.name for facts in model.tasks)
    values, explains = model.probes.cosines(layer, at), tr("{} × {}: cosine {}")
    ends = tr("conflict"), tr("agreement")
    return PairCells(names, model.colours, values, 1.0, *ends, True, explains)


def affinity_cells(model: RunModel, at: int | None) -> PairCells:
    """What a step on one task alone does to another's loss, in percent."""
    names = tuple(facts.name for facts in model.tasks)
    values = 100 * model.probes.affinity(at)
    apart = values[~np.eye(len(names), dtype=bool)]
    known = np.abs(apart[np.isfinite(apart)])
    limit = float(known.max()) if len(known) and known.max() > 0 else 1.0
    explains = tr("A step on {} alone lowers the loss of {} by {}")
    ends = tr("harms"), tr("helps")
    return PairCells(names, model.colours, values, limit, *ends, False, explains, " %")
