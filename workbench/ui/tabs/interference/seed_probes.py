"""SeedProbes: the probes of one setup's seeds as one: means, and what lies around them."""

from collections.abc import Callable, Sequence

import numpy as np

from workbench.study.spread import Bounds, Spread, spread_of
from workbench.ui.model.decimation import Values
from workbench.ui.model.probe_record import ProbeRecord, mean_of
from workbench.ui.model.run_model import RunModel
from workbench.ui.model.smoothing import smoothed

#: Reads [M, …] of one seed's probes in a layer of its own numbering.
_Read = Callable[[ProbeRecord, int], Values]


#: In place of a probe's number: the newest of each seed, however far it has come.
NEWEST = -1


class SeedProbes:
    """M probes of T tasks, at each step at which any seed was probed; a seed counts where it was.

    A number of one seed alone is its own. What is told of a whole run (`at` is None) is first
    averaged over the run of each seed: the seeds are what varies.
    """

    def __init__(self, models: Sequence[RunModel] = (), kind: Spread = Spread.INTERVAL) -> None:
        self._kind = kind
        self._records = [model.probes for model in models if model.began is not None]
        steps = [record.steps for record in self._records]
        self.steps: Values = np.unique(np.concatenate(steps)) if steps else np.empty(0)
        self._places = [np.searchsorted(self.steps, mine) for mine in steps]
        names = (name for record in self._records for name in record.layers)
        self.layers: tuple[str, ...] = tuple(dict.fromkeys(names))

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def n_seeds(self) -> int:
        """How many seeds were probed."""
        return sum(len(record) > 0 for record in self._records)

    @property
    def n_tasks(self) -> int:
        """How many tasks there are."""
        return max((record.n_tasks for record in self._records), default=0)

    @property
    def has_affinity(self) -> bool:
        """Whether affinity was probed too."""
        return any(record.has_affinity for record in self._records)

    def n_at(self, at: int | None) -> int:
        """How many seeds have a probe at this position, or any: `at` is NEWEST or None."""
        return len(self._known(0, at))

    @property
    def newest_steps(self) -> tuple[int, int]:
        """Between which steps the newest probes of the seeds lie."""
        newest = [int(record.steps[-1]) for record in self._records if len(record)]
        return min(newest, default=0), max(newest, default=0)

    # matrices

    def cosines(self, layer: int, at: int | None) -> Bounds:
        """Cosines [T, T] at probe number `at`, or the NEWEST; None: their mean over the run."""
        return self._seen(lambda record, own, k: record.cosines(own, k), layer, at)

    def affinity(self, at: int | None) -> Bounds:
        """Affinity [T, T] of row for column at probe `at`; None: the mean over the run."""
        return self._seen(lambda record, _, k: record.affinity(k), 0, at)

    def _seen(
        self, read: Callable[[ProbeRecord, int, int | None], Values], layer: int, at: int | None
    ) -> Bounds:
        rows = [
            read(record, own, k)
            for record, own, k in self._known(layer, at)
            if own < len(record.layers)
        ]
        none = np.full((self.n_tasks, self.n_tasks), np.nan)
        return spread_of(np.stack(rows or [none]), self._kind)

    def _known(self, layer: int, at: int | None) -> list[tuple[ProbeRecord, int, int | None]]:
        """The seeds that have this probe: record, the layer's and the probe's number there."""
        known: list[tuple[ProbeRecord, int, int | None]] = []
        for record, places in zip(self._records, self._places, strict=True):
            own = self._own(record, layer)
            if at in (None, NEWEST):
                known += [(record, own, at)] if len(record) else []
            elif at in places:
                known.append((record, own, int(np.searchsorted(places, at))))
        return known

    def _own(self, record: ProbeRecord, layer: int) -> int:
        """A layer's number in a seed's record: a model that grows may have met it elsewhere."""
        name = self.layers[layer] if layer < len(self.layers) else ""
        return record.layers.index(name) if name in record.layers else len(record.layers)

    def worst_pair(self, layer: int) -> tuple[int, int] | None:
        """The two tasks whose gradients point apart the most, on average."""
        means = self.cosines(layer, None).mean if len(self) else np.empty(0)
        if not np.isfinite(means).any():
            return None
        i, j = np.unravel_index(int(np.nanargmin(means)), means.shape)
        return min(int(i), int(j)), max(int(i), int(j))

    # a pair's figures

    def cosine(self, layer: int, at: int | None, i: int, j: int) -> Bounds:
        """The cosine of two tasks."""
        return self._figure(lambda r, own: r.pair_cosines(own, i, j), layer, at)

    def similarity(self, layer: int, at: int | None, i: int, j: int) -> Bounds:
        """The magnitude similarity of two tasks."""
        return self._figure(lambda r, own: r.similarities(own, i, j), layer, at)

    def pair_effect(self, at: int | None, i: int, j: int) -> Bounds:
        """What a step on task `i` alone does for task `j`."""
        return self._figure(lambda r, _: r.pair_affinity(i, j), 0, at)

    def conflict_rate(self, layer: int, i: int, j: int) -> Bounds:
        """The share of all probes in which the cosine of two tasks was below 0."""

        def below(record: ProbeRecord, own: int) -> Values:
            cosines = record.pair_cosines(own, i, j)
            return np.where(np.isfinite(cosines), cosines < 0, np.nan)

        return self._figure(below, layer, None)

    def _figure(self, read: _Read, layer: int, at: int | None) -> Bounds:
        values = [
            mean_of(read(record, own)) if k is None else float(read(record, own)[k])
            for record, own, k in self._known(layer, at)
        ]
        return spread_of(np.array(values or [np.nan]), self._kind)

    # series

    def pair_cosines(self, layer: int, i: int, j: int, window: int = 1) -> Bounds:
        """The cosine of two tasks at each probe [M], each the mean of `window` around it."""
        return self._series(lambda r, own: r.pair_cosines(own, i, j), layer, window)

    def pair_affinity(self, i: int, j: int, window: int = 1) -> Bounds:
        """What a step on task `i` alone does for task `j` at each probe, [M]."""
        return self._series(lambda r, _: r.pair_affinity(i, j), 0, window)

    def conflicts(self, layer: int, window: int = 1) -> Bounds:
        """The share of pairs whose cosine is below 0 at each probe, [M]."""
        return self._series(lambda r, own: r.conflicts(own), layer, window)

    def norms(self, layer: int, window: int = 1) -> Bounds:
        """Gradient norms [M, T]."""
        return self._series(lambda r, own: r.norms(own), layer, window)

    def _series(self, read: _Read, layer: int, window: int) -> Bounds:
        parts = [smoothed(read(r, self._own(r, layer)), window) for r in self._records]
        if not parts:
            return spread_of(np.empty((0, 0)), self._kind)
        stacked = np.full((len(parts), len(self), *parts[0].shape[1:]), np.nan)
        for row, places, part in zip(stacked, self._places, parts, strict=True):
            row[places] = part
        return spread_of(stacked, self._kind)
