"""Batch: what one step learns from, task -> Part, and the sampler that draws them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from workbench.engine.numerics.random_streams import Streams
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.rows.on_demand import rows_at
from workbench.engine.roles.task import Part, Task, Tokens
from workbench.engine.roles.texts.text import lengths
from workbench.engine.training.read_ahead import ReadAhead
from workbench.engine.training.rows_that_count import any_of, that_count

#: Batches gathered at once: one large gather costs much less than many small ones.
_GATHERED = 32


#: Batches whose texts are sorted by length together.
_SORTED = 8


class Source:
    """The training examples of tasks that share their inputs, in shuffled batches.

    Each pass over the data is a new order; its last batch may be smaller. Examples without an
    answer to any of these tasks do not come; a task has no part in a batch that answers it nowhere.
    """

    def __init__(self, tasks: Sequence[Task], batch_size: int, generator: torch.Generator) -> None:
        parts = [task.data["train"] for task in tasks]
        self.names = [task.name for task in tasks]
        self.inputs = parts[0].inputs
        self.targets = _stacked([part.target for part in parts])
        self.row_weights = [part.row_weights for part in parts]
        #: Whether each example counts for a task, where not all do.
        self._counts = [that_count(task, part) for task, part in zip(tasks, parts, strict=True)]
        #: Positions of the examples that count for any; None: all.
        self._rows = any_of(self._counts)
        self.n = len(parts[0]) if self._rows is None else len(self._rows)
        self.n_all = len(parts[0])
        self.batch_size = batch_size
        self._lengths = _text_lengths(tasks[0])
        self.generator = generator
        self._order = torch.empty(0, dtype=torch.int64)
        self._cursor = 0
        self._is_all_shown = False
        self._ready: Iterator[Batch] = iter(())
        self._reader = ReadAhead(self.inputs)

    @property
    def steps_per_epoch(self) -> int:
        """Batches in one pass."""
        return -(-self.n // self.batch_size)

    @property
    def drawn(self) -> Tensor:
        """Positions [B] of the examples of the newest batch."""
        return self._order[self._cursor - self.batch_size : self._cursor]

    @property
    def shown(self) -> Tensor:
        """Positions of the examples that were drawn so far, each once."""
        if self._is_all_shown:
            return torch.arange(self.n) if self._rows is None else self._rows
        return self._order[: self._cursor]

    def at(self, positions: Tensor) -> Batch:
        """The examples at these positions [B]."""
        chosen = positions.to(next(iter(self.inputs.values())).device)
        inputs = {view: rows_at(values, positions) for view, values in self.inputs.items()}
        return {
            name: Part(
                inputs,
                target.index_select(0, chosen),
                row_weights=None if weights is None else weights.index_select(0, chosen),
            )
            for name, target, weights, counts in zip(
                self.names, self.targets, self.row_weights, self._counts, strict=True
            )
            if counts is None or counts[positions].any()
        }

    def draw(self) -> Batch:
        """The next batch."""
        batch = next(self._ready, None)
        if batch is None:
            self._gather()
            batch = next(self._ready)
        self._cursor += self.batch_size
        return batch

    def _gather(self) -> None:
        if self._cursor >= len(self._order):
            self._is_all_shown = len(self._order) > 0
            self._order = torch.randperm(self.n, generator=self.generator)
            if self._rows is not None:
                self._order = self._rows[self._order]
            if self._lengths is not None:
                self._order = self._by_length(self._order, self._lengths)
            self._cursor = 0
        end = self._cursor + _GATHERED * self.batch_size
        size = self.batch_size
        positions = self._order[self._cursor : end]
        chosen = positions.to(next(iter(self.inputs.values())).device)
        # Only of this pass: the next one's order is drawn when it begins, as a checkpoint expects.
        made = self._reader.at(positions, self._order[end : end + _GATHERED * size])
        views = {view: values.split(size) for view, values in made.items()}
        targets: list[tuple[Tensor, ...]]
        if isinstance(self.targets, list):
            targets = [target.index_select(0, chosen).split(size) for target in self.targets]
        else:
            targets = [row.split(size) for row in self.targets.index_select(1, chosen)]
        batches: list[dict[str, Part]] = []
        for i in range(len(targets[0])):
            inputs = {view: pieces[i] for view, pieces in views.items()}
            batches.append(
                {n: Part(inputs, t[i]) for n, t in zip(self.names, targets, strict=True)}
            )
        self._leave_out(batches, end, chosen)
        self._ready = iter(batches)

    def _leave_out(self, batches: list[dict[str, Part]], end: int, chosen: Tensor) -> None:
        """Give parts the weights of their rows, and take those away in which no row counts."""
        for name, counts, weights in zip(self.names, self._counts, self.row_weights, strict=True):
            if weights is not None:
                pieces = weights.index_select(0, chosen).split(self.batch_size)
                for batch, piece in zip(batches, pieces, strict=True):
                    batch[name] = batch[name].changed(row_weights=piece)
            if counts is not None:
                mine = counts[self._order[self._cursor : end]].numpy()
                starts = np.arange(0, len(mine), self.batch_size)
                present: list[bool] = np.logical_or.reduceat(mine, starts).tolist()
                for batch, is_present in zip(batches, present, strict=True):
                    if not is_present:
                        del batch[name]

    def _by_length(self, order: Tensor, sizes: Tensor) -> Tensor:
        """The order in which texts of about one length share a batch, so that little is padding.

        Each run of a few batches is sorted by length, and its batches are shuffled.
        """
        run = _SORTED * self.batch_size
        whole = len(order) // run * run
        pieces: list[Tensor] = []
        for piece in order[:whole].split(run):
            batches = piece[sizes[piece].argsort(stable=True)].view(_SORTED, -1)
            shuffled = torch.randperm(_SORTED, generator=self.generator)
            pieces.append(batches[shuffled].flatten())
        return torch.cat([*pieces, order[whole:]])

    def state_dict(self) -> dict[str, Any]:
        """The order of this pass and how far it is done."""
        return {
            "order": self._order,
            "cursor": self._cursor,
            "all_shown": self._is_all_shown,
            "generator": self.generator.get_state(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where `state_dict` was taken."""
        self._order = state["order"]
        self._cursor = state["cursor"]
        self._is_all_shown = state.get("all_shown", False)
        if "generator" in state:
            self.generator.set_state(state["generator"])
        self._ready = iter(())


def _text_lengths(task: Task) -> Tensor | None:
    """Tokens of each training example [N] on the CPU; None where the inputs are no texts."""
    for view, kind in task.inputs.items():
        if isinstance(kind, Tokens):
            return lengths(task.data["train"].inputs[view]).cpu()
    return None


def _stacked(targets: list[Tensor]) -> Tensor | list[Tensor]:
    """Targets [N] of equal type as one tensor [T, N], gathered in one go; else as they are."""
    same = all(t.dtype == targets[0].dtype and t.shape == targets[0].shape for t in targets)
    return torch.stack(targets) if same and targets[0].dim() == 1 else targets


class Sampler:
    """Draws batches with a part for each of the given tasks.

    The order of a source's examples comes from a stream of its own, so a task is given the same
    batches whichever others learn beside it. `streams` are those of the whole run where a source
    comes again in a later stage; without them they follow from the generator's seed. An epoch is
    as long as the largest source; a smaller one begins anew, or where it `rests` has a part in only
    so many of an epoch's batches, evenly spread, that its examples come once too.
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        batch_size: int,
        generator: torch.Generator,
        streams: Streams | None = None,
        *,
        rests: bool = False,
    ) -> None:
        self.generator = generator
        self.rests = rests
        self.n_drawn = 0
        streams = streams or Streams(generator.initial_seed())
        groups: dict[tuple[tuple[str, int], ...], list[Task]] = {}
        for task in tasks:
            views = task.data["train"].inputs.items()
            groups.setdefault(tuple((view, id(x)) for view, x in views), []).append(task)
        self.sources = [
            Source(group, batch_size, streams.of(group[0].source, key))
            for key, group in groups.items()
        ]
        self.names = [task.name for task in tasks]
        self._in_order = [name for s in self.sources for name in s.names] == self.names

    @property
    def steps_per_epoch(self) -> int:
        """Batches in one pass over the largest source."""
        return max(source.steps_per_epoch for source in self.sources)

    def own_steps(self, task: str) -> int:
        """Batches in one pass over a task's own examples."""
        return next(s.steps_per_epoch for s in self.sources if task in s.names)

    def draw(self) -> Batch:
        """The next batch, with tasks in the order given."""
        if len(self.sources) == 1:
            return self.sources[0].draw()
        batch: Batch = {}
        for source in self._present() if self.rests else self.sources:
            batch.update(source.draw())
        self.n_drawn += 1
        return batch if self._in_order else {n: batch[n] for n in self.names if n in batch}

    @property
    def drawn(self) -> dict[str, Tensor]:
        """Positions of the examples of the newest batch, by task."""
        return {name: source.drawn for source in self.sources for name in source.names}

    def _present(self) -> list[Source]:
        """The sources that have a part in the next batch."""
        total = self.steps_per_epoch
        at = self.n_drawn % total
        return [
            source
            for source in self.sources
            if (at + 1) * source.steps_per_epoch // total > at * source.steps_per_epoch // total
        ]

    @property
    def shown(self) -> dict[str, Tensor]:
        """Positions of the examples that were drawn so far, each once, by task."""
        return {name: source.shown for source in self.sources for name in source.names}

    @property
    def is_all_shown(self) -> bool:
        """Whether every example was drawn."""
        return all(len(source.shown) == source.n for source in self.sources)

    def fresh(self) -> Batch:
        """Another batch, beside those that are learned from."""
        return self.draw()

    def state_dict(self) -> dict[str, Any]:
        """Everything that decides the batches to come."""
        return {
            "n_drawn": self.n_drawn,
            "sources": [source.state_dict() for source in self.sources],
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where `state_dict` was taken."""
        self.n_drawn = state.get("n_drawn", 0)
        for source, saved in zip(self.sources, state["sources"], strict=True):
            if "generator" not in saved:  # an earlier version drew all orders from one stream
                source.generator = self.generator
            source.load_state_dict(saved)
        if "generator" in state:
            self.generator.set_state(state["generator"])
