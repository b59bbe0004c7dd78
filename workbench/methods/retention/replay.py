"""replay: keep some examples of the past and learn from them again."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from typing import Any

import torch
from torch import Tensor

from workbench.engine.past import StageData
from workbench.engine.roles.retention import Retention
from workbench.engine.roles.sharing import Batch
from workbench.engine.roles.task import Part
from workbench.spec.settings import Settings, setting


class Replay(Retention):
    """Keeps a few examples of past stages and mixes them into every batch.

    A uniform sample of everything seen: each example of the past is kept with probability M/n
    (reservoir sampling; here each example draws a random key once, and the M smallest stay).
    Examples enter when their stage ends, so several passes do not count them twice. The mean loss
    of the replayed examples is added to that of the new ones; at strength 1 that is the direction
    of Chaudhry et al. 2019, who take the mean over both halves, at twice the length. Replayed
    examples stay parts of their own tasks, with their heads and the user's weights.
    """

    key = "replay"
    title = "Replay"
    formula = "L = L(batch) + λ L(sample of memory)"
    paper = "Chaudhry et al., On tiny episodic memories in continual learning, 2019"
    link = "https://arxiv.org/abs/1902.10486"
    helps = "Forgetting, nearly always, if a few hundred examples may be kept."
    needs = ("stages",)

    class Settings(Settings):
        """Size and use of the memory."""

        memory: int = setting(
            200, "Examples kept in all.", ge=1, le=10_000_000, unit="examples", title="Memory"
        )
        batch_size: int = setting(
            32, "Examples replayed with each batch.", ge=1, le=1_000_000, unit="examples"
        )
        strength: float = setting(
            1.0, "λ: weight of the replayed examples' mean loss.", ge=0, le=1e6
        )
        balanced: bool = setting(
            False, "Keep as many of each task and class, not in proportion to what was seen."
        )

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self.kept: dict[str, Part] = {}
        self.keys: dict[str, Tensor] = {}

    def __len__(self) -> int:
        return sum(len(part) for part in self.kept.values())

    def mix(self, batch: Batch) -> Batch:
        total = len(self)
        if total == 0:
            return batch
        n_replayed = min(self.settings.batch_size, total)
        chosen = torch.randperm(total, generator=self.generator)[:n_replayed].sort().values
        mixed: dict[str, Part] = dict(batch)
        scale = self.settings.strength * len(batch) / n_replayed
        start = 0
        for task, part in self.kept.items():
            mine = chosen[(chosen >= start) & (chosen < start + len(part))] - start
            start += len(part)
            if len(mine):
                replayed = part[mine.to(part.target.device)]
                share = scale * len(mine)
                if task in batch:
                    replayed = _joined(batch[task], replayed)
                    share += batch[task].share
                mixed[task] = Part(replayed.inputs, replayed.target, share)
        return mixed

    def end(self, stage: StageData) -> None:
        for task, part in stage.train.items():
            keys = torch.rand(len(part), generator=self.generator)
            if task in self.kept:
                self.kept[task] = _joined(self.kept[task], part)
                self.keys[task] = torch.cat([self.keys[task], keys])
            else:
                self.kept[task], self.keys[task] = part, keys
        self._forget()

    def _forget(self) -> None:
        """Keep the examples with the smallest keys: in all, or in each group of task and class."""
        for task, chosen in self._chosen().items():
            part = self.kept[task][chosen.to(self.kept[task].target.device)]
            views = {view: values.clone() for view, values in part.inputs.items()}
            self.kept[task] = Part(views, part.target.clone())
            self.keys[task] = self.keys[task][chosen]

    def _chosen(self) -> dict[str, Tensor]:
        memory = self.settings.memory
        if self.settings.balanced:
            ranks = {task: self._ranks_in_class(task) for task in self.keys}
        else:
            ranks = {task: torch.zeros(len(keys)) for task, keys in self.keys.items()}
        # Rank first, key second: keys lie in [0, 1).
        order = torch.cat([rank + self.keys[task] for task, rank in ranks.items()])
        kept = torch.zeros(len(order), dtype=torch.bool)
        kept[order.argsort()[:memory]] = True
        sizes = [len(keys) for keys in self.keys.values()]
        pieces: tuple[Tensor, ...] = kept.split(sizes)
        return {
            task: piece.nonzero().squeeze(1) for task, piece in zip(self.keys, pieces, strict=True)
        }

    def _ranks_in_class(self, task: str) -> Tensor:
        """Place of each example's key among those of its class, from 0, as floats [n]."""
        target, keys = self.kept[task].target.cpu(), self.keys[task]
        ranks = torch.zeros(len(keys), dtype=torch.float64)
        has_classes = target.dim() == 1 and not target.is_floating_point()
        labels: Tensor = target if has_classes else torch.zeros(len(keys))
        for label in labels.unique().tolist():
            group = labels == label
            ranks[group] = keys[group].argsort().argsort().double()
        return ranks

    def state_dict(self) -> dict[str, Any]:
        return {
            "inputs": {task: dict(part.inputs) for task, part in self.kept.items()},
            "targets": {task: part.target for task, part in self.kept.items()},
            "keys": dict(self.keys),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        targets = state["targets"]
        self.kept = {task: Part(views, targets[task]) for task, views in state["inputs"].items()}
        self.keys = dict(state["keys"])


def _joined(a: Part, b: Part) -> Part:
    views = {view: torch.cat([values, b.inputs[view]]) for view, values in a.inputs.items()}
    return Part(views, torch.cat([a.target, b.target]))
