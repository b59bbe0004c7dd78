"""graddrop: one sign at a time, for each parameter."""

from typing import TYPE_CHECKING

import torch

from workbench.engine.roles.balancing import Balancing, BalancingSettings, Direction
from workbench.spec.settings import setting

if TYPE_CHECKING:
    from workbench.engine.update.step import Step


class GradDrop(Balancing):
    """Keeps, for each parameter, only the gradients of one sign, drawn by how much speaks for it.

    With probability P = ½(1 + Σg/Σ|g|) the positive ones stay, else the negative ones; on average
    the result is the sum. Drawn for each shared parameter (the paper drops at a layer's outputs,
    summed over the batch; in the gradient it is TorchJD's reading). The user's task weights scale
    the gradients first, and are the weights shown: so much of each is in d on average.
    """

    key = "graddrop"
    title = "GradDrop"
    formula = "d = Σ g⁺ with probability P = ½(1 + Σg/Σ|g|), else Σ g⁻  (for each parameter)"
    paper = "Chen et al., Just pick a sign: gradient sign dropout, NeurIPS 2020"
    link = "https://arxiv.org/abs/2010.06808"
    helps = "Conflict, where some noise does no harm: prefers points at which the tasks agree."
    needs = ("shared-parameters",)
    gives = ("small-tasks",)
    weights_sum = "T on average: that of the user's weights"
    in_gradient_space = True

    class Settings(BalancingSettings):
        leak: float = setting(
            0.0, "Part of every gradient that is never dropped; 1 is the plain sum.", ge=0.0, le=1.0
        )

    def weigh(self, step: "Step") -> Direction:
        """The direction [P], and how much of each task's gradient is in it on average."""
        gradients = step.jacobian
        if not step.has_equal_priority:
            gradients = gradients * step.priority.unsqueeze(1)
        positive = gradients.clamp(min=0).sum(0)
        total = gradients.sum(0)
        negative = total - positive
        drawn = torch.rand(len(total), generator=self.generator).to(total)
        # u·Σ|g| < Σ g⁺ is u < P without a division by 0.
        direction = torch.where(drawn * (positive - negative) < positive, positive, negative)
        if self.settings.leak:
            direction = torch.lerp(direction, total, self.settings.leak)
        return Direction(direction, step.priority)
