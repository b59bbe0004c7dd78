"""Stream: the examples of several stages in one order, in which tasks give way to each other."""

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from workbench.engine.numerics.random_streams import Streams
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.curriculum import Mixture, Stage
from workbench.engine.roles.task import Task
from workbench.engine.training.sampler import Source

#: A stage's odds are looked up at so many points at most.
_POINTS = 4096

_Places = npt.NDArray[np.float64]


class Stream:
    """Batches of one task each, in the order that the stages' mixtures ask for.

    Every example comes once in each pass over its task's data, and a pass begins when the last one
    is done: a stream of one epoch shows each example once and none twice. Of how many batches a
    stage is follows from its own tasks and epochs; which of them come early or late, across the
    stages' boundaries, from the odds. A task's batches are laid along the stream by its odds, each
    at a random place in a stretch that holds as much of the odds as any other batch's, so that any
    stretch has as many as its odds say, to less than one.
    """

    def __init__(
        self,
        tasks: Mapping[str, Task],
        stages: Sequence[Stage],
        batch_size: int,
        generator: torch.Generator,
        streams: Streams | None = None,
    ) -> None:
        """Lay out the stream. Raises ValueError where a stage's own task has no chance to come."""
        self.generator = generator
        self.names = list(dict.fromkeys(name for stage in stages for name in stage.tasks))
        sizes = {name: s.batch_size or batch_size for s in reversed(stages) for name in s.tasks}
        streams = streams or Streams(generator.initial_seed())
        self.sources = {
            n: Source([tasks[n]], sizes[n], streams.of(tasks[n].source, n)) for n in self.names
        }
        self._per_pass = {n: -(-s.n // s.batch_size) for n, s in self.sources.items()}
        self._stages = list(stages)
        #: Batches of each stage.
        self.steps = [sum(counts.values()) for counts in self._counts()]
        self.n_drawn = 0
        self.seed = int(torch.randint(2**62, (1,), generator=generator))
        self._order = self._laid_out()
        self._newest = self.names[0]
        # Whether each example came, by task: a long stream takes no more room than a short one.
        self._arrived: dict[str, Tensor] = {}

    def _counts(self) -> list[dict[str, int]]:
        """Batches of each stage's own tasks; parts of an epoch add up to whole ones."""
        epochs = dict.fromkeys(self.names, 0.0)
        counts: list[dict[str, int]] = []
        for stage in self._stages:
            now: dict[str, int] = {}
            for name in stage.tasks:
                before, epochs[name] = epochs[name], epochs[name] + stage.epochs
                n = self._per_pass[name]
                now[name] = max(1, round(epochs[name] * n) - round(before * n))
            counts.append(now)
        return counts

    def _laid_out(self) -> npt.NDArray[np.int32]:
        """The task of each batch [S], by its number."""
        random = np.random.default_rng(self.seed)
        totals = {
            name: sum(counts.get(name, 0) for counts in self._counts()) for name in self.names
        }
        odds = self._odds()
        places = [_places(name, odds[name], totals[name], random) for name in self.names]
        numbers = np.repeat(np.arange(len(places), dtype=np.int32), [len(p) for p in places])
        return numbers[np.concatenate(places).argsort(kind="stable")]

    def _odds(self) -> dict[str, list[tuple[float, float, float]]]:
        """Stretches of the stream where each task may come: start, end and its odds there."""
        stretches: dict[str, list[tuple[float, float, float]]] = {name: [] for name in self.names}
        ends = list(accumulate(self.steps, initial=0))
        for stage, (start, end) in zip(self._stages, pairwise(ends), strict=True):
            mixture = stage.mixture or _alike(stage.tasks)
            edges = np.linspace(start, end, min(end - start, _POINTS) + 1)
            for a, b in pairwise(edges.tolist()):
                for name, share in mixture(((a + b) / 2 - start) / (end - start)).items():
                    if share > 0 and name in stretches:
                        stretches[name].append((a, b, share))
        return stretches

    @property
    def drawn(self) -> dict[str, Tensor]:
        """Positions of the examples of the newest batch, by task."""
        return {self._newest: self.sources[self._newest].drawn}

    @property
    def sizes(self) -> dict[str, int]:
        """How many examples there are, by task."""
        return {name: source.n for name, source in self.sources.items()}

    @property
    def arrived(self) -> dict[str, Tensor]:
        """Positions of the examples that came and were not taken yet, each once, by task."""
        return {name: marks.nonzero().squeeze(1) for name, marks in self._arrived.items()}

    def take(self, names: Sequence[str]) -> dict[str, Tensor]:
        """What came of these tasks since it was taken last."""
        arrived = self.arrived
        return {n: arrived[n] for n in names if self._arrived.pop(n, None) is not None}

    @property
    def steps_per_epoch(self) -> int:
        """Batches in a pass over the data of the stage that is on."""
        ends = accumulate(self.steps)
        last = len(self.steps) - 1
        on = next((i for i, end in enumerate(ends) if self.n_drawn < end), last)
        return sum(self._per_pass[name] for name in self._stages[on].tasks)

    def draw(self) -> Batch:
        """The next batch of the stream; past its end it begins anew."""
        self._newest = self.names[self._order[self.n_drawn % len(self._order)]]
        self.n_drawn += 1
        source = self.sources[self._newest]
        batch = source.draw()
        if self._newest not in self._arrived:
            self._arrived[self._newest] = torch.zeros(source.n_all, dtype=torch.bool)
        self._arrived[self._newest][source.drawn] = True
        return batch

    def fresh(self) -> Batch:
        """As many examples as the newest batch has, drawn anew from those of its task that came."""
        source = self.sources[self._newest]
        pool = source.shown
        n = len(source.drawn)
        return source.at(pool[torch.randint(len(pool), (n,), generator=self.generator)])

    def state_dict(self) -> dict[str, Any]:
        """Everything that decides the batches to come."""
        return {
            "generator": self.generator.get_state(),
            "seed": self.seed,
            "n_drawn": self.n_drawn,
            "newest": self._newest,
            "came": self.arrived,
            "sources": {name: source.state_dict() for name, source in self.sources.items()},
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where `state_dict` was taken."""
        self.generator.set_state(state["generator"])
        self.n_drawn, self._newest = state["n_drawn"], state["newest"]
        if self.seed != state["seed"]:
            self.seed = state["seed"]
            self._order = self._laid_out()
        self._arrived = {}
        for name, positions in state["came"].items():
            self._arrived[name] = torch.zeros(self.sources[name].n_all, dtype=torch.bool)
            self._arrived[name][positions] = True
        for name, saved in state["sources"].items():
            self.sources[name].load_state_dict(saved)


def _places(
    name: str, odds: Sequence[tuple[float, float, float]], n: int, random: np.random.Generator
) -> _Places:
    """Places of `n` batches along the stream, each at random in its equal part of the odds."""
    if not odds:
        raise ValueError(f"the mixtures of the stages give {name} no chance")
    stretches: _Places = np.asarray(odds, dtype=np.float64).T
    starts, ends, shares = stretches
    mass = np.concatenate([[0.0], np.cumsum((ends - starts) * shares)])
    at = (np.arange(n) + random.random(n)) / n * mass[-1]
    after: npt.NDArray[np.int64] = np.searchsorted(mass, at, side="right")
    cell = (after - 1).clip(max=len(starts) - 1)
    return np.minimum(starts[cell] + (at - mass[cell]) / shares[cell], ends[cell])


def _alike(tasks: Sequence[str]) -> Mixture:
    def mixture(progress: float) -> Mapping[str, float]:
        del progress
        return dict.fromkeys(tasks, 1 / len(tasks))

    return mixture
