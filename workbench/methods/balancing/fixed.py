"""fixed: weights set by the user."""

from typing import TYPE_CHECKING

from torch import Tensor

from workbench.engine.roles.balancing import Balancing

if TYPE_CHECKING:
    from workbench.engine.update.step import Step


class Fixed(Balancing):
    """The weighted sum of the losses, with the weights on the sliders.

    They can be moved while training runs. At weight 1 each it is the plain sum of the losses;
    tuned, it is a strong competitor of every method below it.
    """

    key = "fixed"
    title = "Fixed weights"
    formula = "L = Σᵢ wᵢ Lᵢ"
    helps = "A start, and a baseline that is hard to beat once the weights are tuned."
    gives = ("small-tasks",)
    weights_sum = "what the user sets; T at weight 1 each"

    def weigh(self, step: "Step") -> Tensor:
        return step.priority
