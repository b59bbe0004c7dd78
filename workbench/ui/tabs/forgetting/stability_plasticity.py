"""Trade-off: how well runs learn what is new, and how well they keep what is old (Qt-free)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.spec.run_row import RunRow


@dataclass(frozen=True, slots=True)
class Place:
    """One setup: plasticity and stability of each of its runs, [N] and [N]."""

    name: str
    plasticity: tuple[float, ...]
    stability: tuple[float, ...]
    seeds: tuple[int, ...]
    fingerprint: str
    is_shown: bool = False
    #: The number of its colour where its eye is open among the runs.
    number: int | None = None

    @property
    def middle(self) -> tuple[float, float]:
        """Mean stability and plasticity."""
        return float(np.mean(self.stability)), float(np.mean(self.plasticity))


def stability(forgetting: float | None, bwt: float | None, is_share: bool) -> float | None:
    """1 − forgetting where scores are shares, else the backward transfer."""
    if not is_share:
        return bwt
    return None if forgetting is None else 1.0 - forgetting


def places(
    rows: Iterable[RunRow],
    tasks: Sequence[str],
    is_share: bool,
    besides: Collection[str] = (),
    eyes: Mapping[str, int] | None = None,
) -> list[Place]:
    """The setups of finished runs of the same tasks, the newest first.

    Of several runs on one seed the newest counts; setups of the fingerprints `besides` are left
    out. `eyes` are the numbers of colours by fingerprint.
    """
    wanted = set(tasks)
    by_setup: dict[str, dict[int, tuple[RunRow, float, float]]] = {}
    for row in rows:
        retained = stability(row.forgetting, row.bwt, is_share)
        learned = row.learning_accuracy
        is_same = {score.task for score in row.scores} == wanted
        if row.status != "done" or not is_same or retained is None or learned is None:
            continue
        if row.fingerprint not in besides:
            by_setup.setdefault(row.fingerprint, {}).setdefault(row.seed, (row, learned, retained))
    result: list[Place] = []
    for key, by_seed in by_setup.items():
        values = list(by_seed.values())
        result.append(
            Place(
                values[0][0].name,
                tuple(learned for _, learned, _ in values),
                tuple(retained for _, _, retained in values),
                tuple(by_seed),
                key,
                number=(eyes or {}).get(key),
            )
        )
    return result
