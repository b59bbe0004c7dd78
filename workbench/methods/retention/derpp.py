"""der++: keep what the model said and what was right, and learn both again."""

from typing import Any

import torch
from torch import Tensor

from workbench.engine.blocks.retention.memory import mixed
from workbench.engine.blocks.retention.rehearsal import DarkRehearsal, DarkSettings
from workbench.engine.blocks.retention.reservoir import Drawn
from workbench.engine.roles.batch import Batch
from workbench.engine.update.step import Step
from workbench.spec.settings import setting


class DERPlusPlus(DarkRehearsal):
    """Holds the model to its outputs on kept examples, and learns from their labels too.

    L(batch) + α E‖z − f(x)‖² + β E L(x, y) over a reservoir of examples with the outputs z that the
    model gave when it learned them (Buzzega et al., NeurIPS 2020). The paper draws n examples for
    each mean; here both are over the same 2n, which estimates the same at half the cost. As in
    the authors' code the square is the mean over outputs. Examples enter at every step, with the
    outputs that the network gives on its way, which is what the paper's name means and needs no
    stages. With many passes over few examples most of those outputs are of a network that has yet
    to learn: there `stage` has examples enter when their stage ends, with the outputs of the
    network that has learned them.
    """

    key = "der++"
    title = "Dark experience replay ++"
    formula = "L = L(batch) + α E‖z − f(x)‖² + β E L(x, y) over the memory"
    paper = "Buzzega et al., Dark experience for general continual learning, NeurIPS 2020"
    link = "https://arxiv.org/abs/2004.07211"
    helps = "Nearly always the best of the methods with a small memory."
    needs = ("stages", "single-update")
    mixes_examples = True

    class Settings(DarkSettings):
        """Size and use of the memory."""

        batch_size: int = setting(
            32, "n: examples drawn for each mean.", ge=1, le=1_000_000, unit="examples"
        )
        strength: float = setting(0.5, "α: how hard outputs are held.", ge=0, le=1e6)
        label_strength: float = setting(1.0, "β: weight of the kept examples' loss.", ge=0, le=1e6)

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self._drawn: Drawn | None = None

    def augment_batch(self, batch: Batch) -> Batch:
        batch = super().augment_batch(batch)
        self._drawn = self.memory.draw(2 * self.settings.batch_size)
        if self._drawn is None:
            return batch
        return mixed(batch, self._drawn.batch, self.settings.label_strength)

    def penalty(self, step: Step) -> Tensor | None:
        drawn, self._drawn = self._drawn, None
        if drawn is None or self.settings.strength == 0:
            return None
        return drawn.distance(step, self.settings.strength)
