"""replay: keep some examples of the past and learn from them again."""

from typing import Any

import torch

from workbench.engine.blocks.retention.rehearsal import Rehearsal, ReplaySettings
from workbench.engine.roles.batch import Batch
from workbench.spec.settings import setting


class Replay(Rehearsal):
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
    mixes_examples = True

    class Settings(ReplaySettings):
        """Size and use of the memory."""

        balanced: bool = setting(
            False, "Keep as many of each task and class, not in proportion to what was seen."
        )

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        rule = "balanced" if settings.balanced else "uniform"
        super().__init__(settings, generator, settings.memory, rule)

    def augment_batch(self, batch: Batch) -> Batch:
        batch = super().augment_batch(batch)
        return self.memory.mixed(batch, self.settings.batch_size, self.settings.strength)
