"""icarl: answer by the nearest mean of the examples kept of each class."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from workbench.engine.blocks.retention.heads import features, require_features
from workbench.engine.blocks.retention.memory import mixed, part_bytes
from workbench.engine.blocks.retention.rehearsal import MemorySettings
from workbench.engine.blocks.retention.snapshot import Snapshot
from workbench.engine.roles.batch import Batch, joined
from workbench.engine.roles.planned_run import PlannedRun, example_bytes
from workbench.engine.roles.retention import Retention, StoredExamples
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Classes, Part, Task
from workbench.engine.update.stage_data import StageData
from workbench.engine.update.step import Step
from workbench.spec.cost import Holding
from workbench.spec.settings import setting

#: Farther than any two points on the unit sphere: classes of which nothing is kept.
_BEYOND = 5.0


class ICaRL(Retention):
    """Keeps the examples whose mean is nearest to their class's, and answers by the nearest mean.

    The memory is shared out evenly among the classes so far. Of each class examples are taken one
    by one so that the mean of their features, of length one, comes nearest to the class's mean
    (herding); when classes come, the last taken go first. They are replayed, and the outputs for
    old classes are held to those of the network before the stage by binary cross-entropy of
    sigmoids (Rebuffi et al., CVPR 2017). The examples' own loss is the task's, where the paper has
    binary cross-entropy for it too. While a stage goes on its classes are answered for by a
    random sample of its data, which are at hand and not kept. Where there are more classes than
    the memory has places, those that came first keep one example each, and the rest none. Tasks
    without classes are answered by the network, and keep nothing.
    """

    key = "icarl"
    title = "iCaRL"
    formula = "ŷ = argmin_y ‖φ(x) − μ_y‖, μ_y the mean of kept examples; L + λ BCE(old, new)"
    paper = "Rebuffi et al., iCaRL: incremental classifier and representation learning, CVPR 2017"
    link = "https://arxiv.org/abs/1611.07725"
    helps = "One head for all classes, with a small memory: no bias towards the newest."
    needs = ("stages", "boundaries", "single-update")
    is_judged_built = True
    mixes_examples = True

    class Settings(MemorySettings):
        """Size and use of the memory."""

        batch_size: int = setting(
            32, "Examples replayed with each batch.", ge=1, le=1_000_000, unit="examples"
        )
        strength: float = setting(1.0, "λ: how hard old outputs are held.", ge=0, le=1e6)

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        #: Kept examples by task and class, the most telling first.
        self.exemplars: dict[tuple[str, int], Part] = {}
        #: Positions [n] of what stands for the classes of the stage that goes on.
        self.sample: dict[tuple[str, int], Tensor] = {}
        self._tasks: Mapping[str, Task] = {}
        self.arrived: dict[str, int] = {}
        self.old = Snapshot()
        self.head_of: dict[str, str] = {}

    def prepare(self, model: Sharing, tasks: Mapping[str, Task]) -> None:
        require_features(model, tasks)
        self._tasks = tasks
        self.head_of = {n: t.head for n, t in tasks.items() if isinstance(t.output, Classes)}

    def on_stage_start(self, stage: StageData) -> None:
        groups = self._by_class(stage)
        n = max(1, self._room(groups))
        self.sample = {}
        for key, part in groups.items():
            order = torch.randperm(len(part), generator=self.generator)[:n]
            mine = (stage.train[key[0]].target == key[1]).nonzero().squeeze(1)
            self.sample[key] = mine[order.to(mine.device)]

    def _by_class(self, stage: StageData) -> dict[tuple[str, int], Part]:
        return {
            (task, label): part[part.target == label]
            for task, part in stage.train.items()
            if task in self.head_of
            for label in part.target.unique().tolist()
        }

    def _room(self, new: Mapping[tuple[str, int], Part]) -> int:
        """Examples that each class may keep, of a task's classes and those to come."""
        return self.settings.memory // max(1, len({**self.exemplars, **new}))

    def augment_batch(self, batch: Batch) -> Batch:
        total = sum(len(part) for part in self.exemplars.values())
        if total == 0:
            return batch
        chosen = torch.randperm(total, generator=self.generator)[: self.settings.batch_size]
        drawn: dict[str, Part] = {}
        start = 0
        for (task, _), part in self.exemplars.items():
            mine = chosen[(chosen >= start) & (chosen < start + len(part))] - start
            start += len(part)
            if len(mine):
                examples = part[mine.to(part.target.device)]
                drawn[task] = joined([drawn[task], examples]) if task in drawn else examples
        return mixed(batch, drawn, 1.0)

    def penalty(self, step: Step) -> Tensor | None:
        if not self.exemplars or self.settings.strength == 0:
            return None
        old = self.old.outputs(step.model, step.batch)
        terms: list[Tensor] = []
        n_examples = 0
        for task in step.batch:
            classes = self._classes(self.head_of.get(task))
            if classes:
                chosen = torch.tensor(classes, device=old[task].device)
                terms.append(
                    functional.binary_cross_entropy_with_logits(
                        step.outputs[task].index_select(1, chosen),
                        old[task].index_select(1, chosen).sigmoid(),
                        reduction="sum",
                    )
                    / len(classes)
                )
                n_examples += len(old[task])
        return torch.stack(terms).sum() * (self.settings.strength / n_examples) if terms else None

    def _classes(self, head: str | None) -> list[int]:
        """The classes of a head of which examples are kept."""
        return sorted({label for task, label in self.exemplars if self.head_of[task] == head})

    def on_stage_end(self, stage: StageData) -> None:
        new = self._by_class(stage)
        n = max(1, self._room(new))
        room = self.settings.memory
        old, self.exemplars = self.exemplars, {}
        for key, part in {**old, **new}.items():
            taken = min(n, room)
            if key in new:
                part = part[herded(self._seen(stage.model, key[0], part), taken)]
            if taken:
                self.exemplars[key] = part[:taken].copied()
                self.arrived[key[0]] = stage.index if key in new else self.arrived[key[0]]
                room -= len(self.exemplars[key])
        self.sample = {}
        self.old.take(stage.model)

    def _seen(self, model: Sharing, task: str, part: Part) -> Tensor:
        """Features [N, d] of length one."""
        was_training = model.training
        model.eval()
        with torch.no_grad():
            _, read = features(model, task, part)
        model.train(was_training)
        assert read is not None, "prepare has seen to it"
        return functional.normalize(read, dim=1)

    def answer(self, model: Sharing, batch: Batch) -> dict[str, Tensor]:
        outputs: dict[str, Tensor] = {}
        means: dict[str, tuple[list[int], Tensor]] = {}
        for task, part in batch.items():
            output, read = features(model, task, part)
            head = self.head_of.get(task)
            if head is not None and head not in means:
                means[head] = self._means(model, head)
            if head is None or read is None or not means[head][0]:
                outputs[task] = output
                continue
            labels, centres = means[head]
            squares = torch.cdist(functional.normalize(read, dim=1), centres).square()
            scores = torch.full_like(output, -_BEYOND)
            scores[:, labels] = -squares
            outputs[task] = scores
        return outputs

    def _means(self, model: Sharing, head: str) -> tuple[list[int], Tensor]:
        """The classes of a head, and the mean [C, d] of what stands for each, of length one."""
        rows: dict[int, list[Tensor]] = {}
        data = {name: task.answered("train") for name, task in self._tasks.items()}
        sample = {key: data[key[0]][chosen] for key, chosen in self.sample.items()}
        for (task, label), part in {**self.exemplars, **sample}.items():
            if self.head_of[task] == head:
                rows.setdefault(label, []).append(self._seen(model, task, part))
        means = [functional.normalize(torch.cat(r).mean(0), dim=0) for r in rows.values()]
        return list(rows), torch.stack(means) if means else torch.empty(0)

    def capacity(self, planned: PlannedRun) -> Holding:
        """Examples, and the network before the stage."""
        parts = [planned.tasks[task].data["train"] for task in self.head_of]
        n = min(self.settings.memory, sum(map(len, parts)))
        return Holding(n, n * max(map(example_bytes, parts)) + planned.values)

    def stored_examples(self) -> Mapping[str, StoredExamples]:
        parts: dict[str, Part] = {}
        for (task, _), part in self.exemplars.items():
            parts[task] = joined([parts[task], part]) if task in parts else part
        return {
            task: StoredExamples(
                part, torch.full((len(part),), self.arrived[task]), part_bytes(part)
            )
            for task, part in parts.items()
        }

    def state_dict(self) -> dict[str, Any]:
        return {
            "old": self.old.state_dict(),
            "came": dict(self.arrived),
            "kept": [_plain(key, part) for key, part in self.exemplars.items()],
            "sample": [
                {"task": task, "label": label, "positions": chosen}
                for (task, label), chosen in self.sample.items()
            ],
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.old.load_state_dict(state["old"])
        self.arrived = dict(state["came"])
        self.exemplars = dict(map(_part, state["kept"]))
        self.sample = {
            (saved["task"], saved["label"]): saved["positions"]
            for saved in state["sample"]
            if "positions" in saved  # an earlier version kept the examples: they are let go
        }


def herded(seen: Tensor, n: int) -> Tensor:
    """Positions [n] of rows [N, d], in the order in which herding takes them.

    Each is the one with which the mean of those taken comes nearest to the mean of all.
    """
    goal = seen.mean(0)
    total = torch.zeros_like(goal)
    free = torch.ones(len(seen), dtype=torch.bool, device=seen.device)
    taken: list[int] = []
    for k in range(1, min(n, len(seen)) + 1):
        away = (goal - (total + seen) / k).square().sum(1).masked_fill(~free, torch.inf)
        best = int(away.argmin())
        taken.append(best)
        free[best] = False
        total = total + seen[best]
    return torch.tensor(taken, dtype=torch.int64, device=seen.device)


def _plain(key: tuple[str, int], part: Part) -> dict[str, Any]:
    plain = {"task": key[0], "label": key[1], "inputs": dict(part.inputs), "target": part.target}
    return plain if part.row_weights is None else {**plain, "weights": part.row_weights}


def _part(saved: Mapping[str, Any]) -> tuple[tuple[str, int], Part]:
    part = Part(saved["inputs"], saved["target"], row_weights=saved.get("weights"))
    return (saved["task"], saved["label"]), part
