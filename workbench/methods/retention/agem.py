"""a-gem: never step against the past's average gradient."""

from typing import Any

import torch
from torch import Tensor

from workbench.engine.blocks.retention.rehearsal import MemorySettings, Rehearsal
from workbench.engine.update.step import Step
from workbench.spec.settings import setting


class AGEM(Rehearsal):
    """Takes from the gradient what would raise the mean loss on a sample of the past.

    g − min(g·r, 0)/(r·r) r, with r the gradient of the mean loss on examples drawn from a memory
    (Chaudhry et al., ICLR 2019). The memory is a uniform sample of all past stages; in a stream
    without boundaries, of all that came by. Nothing is learned from it: it only says where not to
    go.
    """

    key = "a-gem"
    title = "A-GEM"
    formula = "g ← g − (g·r/r·r) r where g·r < 0"
    paper = "Chaudhry et al., Efficient lifelong learning with A-GEM, ICLR 2019"
    link = "https://arxiv.org/abs/1812.00420"
    helps = "Tasks whose identity is known, with a memory too small to learn from."
    needs = ("stages",)
    changes_gradient = True

    class Settings(MemorySettings):
        """Size and use of the memory."""

        batch_size: int = setting(
            32, "Examples drawn for each reference gradient.", ge=1, le=1_000_000, unit="examples"
        )

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator, settings.memory)

    def project(self, gradient: Tensor, step: Step) -> Tensor:
        if len(self.memory) == 0:
            return gradient
        drawn = self.memory.draw(self.settings.batch_size)
        total = sum(len(part) for part in drawn.values())
        losses = step.on(drawn).separate_losses
        shares = [len(part) / total for part in drawn.values()]
        mean = torch.stack([x * share for x, share in zip(losses, shares, strict=True)]).sum()
        return without_harm(gradient, step.whole_gradient(mean))


def without_harm(gradient: Tensor, reference: Tensor) -> Tensor:
    """The gradient [P] nearest to the given one that does not point against the reference [P]."""
    agreement = torch.dot(gradient, reference)
    size = torch.dot(reference, reference)
    if agreement >= 0 or size == 0:
        return gradient
    return gradient - (agreement / size) * reference
