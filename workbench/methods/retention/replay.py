"""replay: keep some examples of the past and learn from them again."""

from collections.abc import Mapping
from typing import Any

import torch

from workbench.engine.blocks.retention.memory import Memory
from workbench.engine.roles.batch import Batch
from workbench.engine.roles.planned_run import PlannedRun
from workbench.engine.roles.retention import Kept, Retention
from workbench.engine.update.stage_data import StageData
from workbench.engine.update.step import Step
from workbench.spec.cost import Holding
from workbench.spec.settings import Settings, setting


class Replay(Retention):
    """Keeps a few examples of past stages and mixes them into every batch.

    A uniform sample of everything seen: each example of the past is kept with probability M/n
    (reservoir sampling; here each example draws a random key once, and the M smallest stay).
    Examples enter when their stage ends, so several passes do not count them twice; in a stream
    without boundaries they do at every step, and are kept by the chance that anything that came by
    has. The mean loss of the replayed examples is added to that of the new ones; at strength 1 that
    is the direction of Chaudhry et al. 2019, who take the mean over both halves, at twice the
    length. Replayed examples stay parts of their own tasks, with their heads and the user's
    weights.
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
        rule = "balanced" if settings.balanced else "uniform"
        self.memory = Memory(settings.memory, generator, rule)
        self._new: Batch = {}

    def augment_batch(self, batch: Batch) -> Batch:
        self._new = batch
        return self.memory.mixed(batch, self.settings.batch_size, self.settings.strength)

    def after_step(self, step: Step) -> None:
        if not self.knows_boundaries:
            self.memory.add(self._new, self.stage)

    def on_stage_end(self, stage: StageData) -> None:
        self.memory.add(stage.train, stage.index)

    def capacity(self, planned: PlannedRun) -> Holding:
        return self.memory.capacity(planned.tasks)

    def kept(self) -> Mapping[str, Kept]:
        return self.memory.told()

    def state_dict(self) -> dict[str, Any]:
        return self.memory.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.memory.load_state_dict(state)
