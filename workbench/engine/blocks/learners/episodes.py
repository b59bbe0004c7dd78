"""Groups: the small tasks of a batch that can be adapted to in one computation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from workbench.engine.roles.batch import Batch
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Classes, Part, Task


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """N small tasks that one model answers alike: the episodes of a distribution, or named tasks.

    `names` is one name, a distribution's, or N names. The rows are [N, s, …] in `support` and
    [N, q, …] in `query`; the model is asked for `task`.
    """

    names: tuple[str, ...]
    support: Part
    query: Part

    @property
    def task(self) -> str:
        """The task whose answer the model gives."""
        return self.names[0]

    def __len__(self) -> int:
        return len(self.query)

    def __getitem__(self, chosen: Tensor | slice) -> "Group":
        names = self.names
        if len(names) > 1:
            at = range(len(names))[chosen] if isinstance(chosen, slice) else chosen.tolist()
            names = tuple(names[i] for i in at)
        return Group(names, self.support[chosen], self.query[chosen])

    @property
    def rows(self) -> Part:
        """Support and query rows together, [N, s + q, …]."""
        inputs = {
            view: torch.cat([values, self.query.inputs[view]], 1)
            for view, values in self.support.inputs.items()
        }
        return Part(inputs, torch.cat([self.support.target, self.query.target], 1))


class Groups:
    """Cuts batches into groups. Named tasks that the same parameters answer are stacked into one.

    A named task adapts to the first half of its part of a batch and is asked the other; when it is
    only asked, it adapts to its first `shots` training examples (of each class).
    """

    def __init__(self, tasks: Mapping[str, Task], shots: int) -> None:
        self.tasks = tasks
        self._shots = shots
        self._supports: dict[str, Part] = {}

    def of(self, model: Sharing, batch: Batch) -> list[Group]:
        """The groups of a batch to learn from, in no order."""
        halves = {name: _halves(part) for name, part in self._named(batch)}
        return [*self._distributions(batch), *self._stacked(model, halves)]

    def evaluated(self, batch: Batch) -> Iterator[Group]:
        """A group for each task of a batch that is only asked, in its order."""
        drawn = {group.task: group for group in self._distributions(batch)}
        for name, part in batch.items():
            if name in drawn:
                yield drawn[name]
            else:
                support = self._support_of(name).to(part.target.device)
                yield Group((name,), _lifted(support), _lifted(part))

    def _distributions(self, batch: Batch) -> Iterator[Group]:
        for name, part in batch.items():
            episodes = self.tasks[name].episodes
            if episodes is not None:
                yield Group((name,), *_cut(part, episodes.support))

    def _named(self, batch: Batch) -> Iterator[tuple[str, Part]]:
        for name, part in batch.items():
            task = self.tasks[name]
            if task.episodes is None:
                answered = part.answered() if task.lacks_answers else part
                yield name, answered if len(answered) else part

    def _stacked(self, model: Sharing, halves: Mapping[str, tuple[Part, Part]]) -> Iterator[Group]:
        alike: dict[object, list[str]] = {}
        for name, (support, query) in halves.items():
            alike.setdefault(self._likeness(model, name, support, query), []).append(name)
        for names in alike.values():
            supports, queries = zip(*(halves[name] for name in names), strict=True)
            yield Group(tuple(names), _stack(supports), _stack(queries))

    def _likeness(self, model: Sharing, name: str, support: Part, query: Part) -> object:
        """What two named tasks have in common where one computation does for both."""
        task = self.tasks[name]
        used = tuple(map(id, model.used_parameters(name)))
        shapes = tuple((view, *values.shape) for view, values in support.inputs.items())
        sizes = (shapes, len(query), support.target.dtype)
        loss = None if task.has_usual_loss else name
        return task.head, task.output, used, sizes, loss

    def _support_of(self, name: str) -> Part:
        if name not in self._supports:
            task = self.tasks[name]
            train = task.answered("train")
            chosen = torch.arange(min(self._shots, len(train)))
            if isinstance(task.output, Classes) and train.target.dim() == 1:
                labels = train.target.unique().tolist()
                places = [(train.target == label).nonzero()[: self._shots, 0] for label in labels]
                chosen = torch.cat(places).sort().values
            self._supports[name] = train[chosen.to(train.target.device)]
        return self._supports[name]


def _cut(part: Part, n_support: int) -> tuple[Part, Part]:
    """Episodes [N, n, …] as support and query."""
    inputs = part.inputs.items()
    first = {view: values[:, :n_support] for view, values in inputs}
    second = {view: values[:, n_support:] for view, values in inputs}
    target = part.target
    return Part(first, target[:, :n_support]), Part(second, target[:, n_support:])


def _halves(part: Part) -> tuple[Part, Part]:
    """Two halves of a part; one example is both."""
    middle = len(part) // 2
    return (part[:middle], part[middle:]) if middle else (part, part)


def _lifted(part: Part) -> Part:
    """Rows as the rows of one small task."""
    inputs = {view: values.unsqueeze(0) for view, values in part.inputs.items()}
    return Part(inputs, part.target.unsqueeze(0))


def _stack(parts: Sequence[Part]) -> Part:
    inputs = {view: torch.stack([part.inputs[view] for part in parts]) for view in parts[0].inputs}
    return Part(inputs, torch.stack([part.target for part in parts]))
