"""anil: MAML in which the head alone adapts."""

from collections.abc import Mapping

from torch import nn

from workbench.engine.blocks.learners.adaptive import Adaptive
from workbench.engine.blocks.learners.heads import head_of
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Task


class ANIL(Adaptive):
    """MAML in which the head alone adapts: almost no inner loop.

    What is below the head is learned for all tasks; inner steps move the head's parameters only,
    in training and when a task is judged.
    """

    key = "anil"
    title = "ANIL"
    formula = "φᵢ = (trunk, head − α∇head Lᵢ)"
    paper = "Raghu, Raghu, Bengio & Vinyals, Rapid learning or feature reuse?, ICLR 2020"
    link = "https://arxiv.org/abs/1909.09157"
    helps = "Where tasks differ in what is read from the features, not in the features."

    is_judged_built = True  # the sharing strategy may have no heads that stand apart

    def prepare(self, model: Sharing, tasks: Mapping[str, Task]) -> None:
        super().prepare(model, tasks)
        for name in tasks:
            head_of(model, name)

    def parameters(self, model: Sharing, task: str) -> list[nn.Parameter]:
        return [p for p in head_of(model, task).parameters() if p.requires_grad]
