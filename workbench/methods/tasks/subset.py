"""subset: any tasks with few training examples, unequal classes or wrong answers."""

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from workbench.engine.blocks.tasks.made.inputs import n_bytes
from workbench.engine.blocks.tasks.made.picked import Picked
from workbench.engine.blocks.tasks.made.rows import disturbed, few
from workbench.engine.numerics.random_streams import derived
from workbench.engine.roles.made import Maker, Source, source
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.task import Classes, Task
from workbench.spec.settings import Settings, setting


class Subset(Maker):
    """The same tasks with part of their training examples, or some of them taught wrongly.

    What validates and tests stays as it is. Tasks that share their inputs keep the same examples;
    classes are then those of the first task that has some. Imbalance falls exponentially from the
    first class to the last (Cui et al., Class-balanced loss, CVPR 2019).
    """

    key = "subset"
    title = "Subset"
    paper = "Cui et al., Class-balanced loss based on effective number of samples, CVPR 2019"
    link = "https://arxiv.org/abs/1901.05555"
    helps = "Few examples, rare classes, wrong labels: what of a method survives them?"

    class Settings(Settings):
        """How many training examples are left, and how many are wrong."""

        of: Source = source()
        samples: int = setting(0, "Training examples in all; 0: all.", ge=0, le=100_000_000)
        per_class: int = setting(
            0, "Training examples of each class at most; 0: all.", ge=0, le=1_000_000
        )
        imbalance: float = setting(
            1.0,
            "How many times as many examples the first class has as the last; 1: all alike.",
            ge=1,
            le=10_000,
        )
        wrong: float = setting(
            0.0, "Share of the training answers that are another class, drawn.", ge=0, le=1
        )
        data_seed: int = setting(0, "Which draw of them.", ge=0, le=2**31 - 1)

    def make(self, sources: Sequence[Sequence[Task]]) -> list[Task]:
        (tasks,) = sources
        kept: dict[tuple[int, ...], Tensor] = {}
        picked = Picked()
        made: list[Task] = []
        for task in tasks:
            if not task.is_taught:
                made.append(replace(task, identity="", source=""))
                continue
            key = _key(task)
            if key not in kept:
                beside = [one for one in tasks if _key(one) == key]
                kept[key] = self._rows(beside, task)
            one = picked.of(task, "subset", {"train": kept[key]})
            part = one.data["train"]
            taught = replace(part, target=self._taught(task, part.target))
            one.data = {**one.data, "train": taught}
            made.append(one)
        return made

    def n_made(self, sources: Sequence[Sequence[Task]]) -> int:
        return n_bytes(sources[0])

    def _rows(self, beside: Sequence[Task], task: Task) -> Tensor:
        """Positions of the training rows that are kept, of tasks with the same inputs."""
        settings = self.settings
        generator = self._generator("rows", task)
        n = len(task.data["train"])
        rows = torch.arange(n)
        if settings.per_class or settings.imbalance > 1:
            by = next((one for one in beside if isinstance(one.output, Classes)), None)
            if by is None or not isinstance(by.output, Classes):
                field = "per_class" if settings.per_class else "imbalance"
                message = f"counts by classes; {task.name} answers with values: use samples"
                raise BadSpecError(field, message)
            target = by.data["train"].target
            rows = few(target, by.output.n, settings.per_class, settings.imbalance, generator)
        if settings.samples and settings.samples < len(rows):
            chosen = torch.randperm(len(rows), generator=generator)[: settings.samples]
            rows = rows[chosen.sort().values]
        return rows

    def _taught(self, task: Task, target: Tensor) -> Tensor:
        if not self.settings.wrong:
            return target
        if not isinstance(task.output, Classes):
            kind = type(task.output).__name__
            raise BadSpecError("wrong", f"is of classes; {task.name} answers with {kind}")
        codes = torch.tensor(task.classes or range(task.output.n))
        if len(codes) < 2:
            message = f"{task.name} has one class alone: there is no other to be wrong with"
            raise BadSpecError("wrong", message)
        codes = codes.sort().values
        # A row without an answer is not taught one.
        known = (target >= 0).nonzero().squeeze(1)
        places = torch.searchsorted(codes, target[known])
        generator = self._generator("wrong", task)
        wrong = disturbed(places, self.settings.wrong, len(codes), generator)
        return target.index_copy(0, known, codes[wrong])

    def _generator(self, purpose: str, task: Task) -> torch.Generator:
        drawn = derived(self.settings.data_seed, purpose, task.name)
        return torch.Generator().manual_seed(drawn)


def _key(task: Task) -> tuple[int, ...]:
    return tuple(id(values) for values in task.data["train"].inputs.values())
