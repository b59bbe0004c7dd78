"""meta-sgd: MAML that learns its inner learning rates too."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from workbench.engine.blocks.learners.adapting import Values
from workbench.engine.blocks.learners.adaptive import Adaptive
from workbench.engine.roles.sharing import Sharing, module_name
from workbench.engine.roles.task import Task

#: What the rates are called in the model.
_RATES = "inner_rates"


class MetaSGD(Adaptive):
    """MAML that learns an inner learning rate for each parameter.

    φ = θ − α ∘ ∇L, with α as many numbers as θ, of either sign: also which way to go is learned.
    The rates start at `inner_lr` and are parameters that all tasks share.
    """

    key = "meta-sgd"
    title = "Meta-SGD"
    formula = "φᵢ = θ − α ∘ ∇Lᵢ(θ), α learned"
    paper = "Li, Zhou, Chen & Li, Meta-SGD: learning to learn quickly for few-shot learning, 2017"
    link = "https://arxiv.org/abs/1707.09835"
    helps = "One inner step; it may fall apart beyond the number that it is trained for."
    learns_rates = True

    def prepare(self, model: Sharing, tasks: Mapping[str, Task]) -> None:
        super().prepare(model, tasks)
        rates = {
            module_name(name): nn.Parameter(torch.full_like(p, self.settings.inner_lr))
            for name, p in model.named_parameters()
        }
        model.attach(_RATES, nn.ParameterDict(rates), list(tasks))

    def start(self, model: Sharing, task: str) -> dict[str, Tensor]:
        values = super().start(model, task)
        return {name: v for name, v in values.items() if not name.startswith(_RATES)}

    def rates(self, model: Sharing, start: Values) -> Values:
        known = model.get_submodule(_RATES)
        assert isinstance(known, nn.ParameterDict)
        first = self.settings.inner_lr
        return {
            name: known[module_name(name)]
            if module_name(name) in known
            else torch.full_like(value, first)  # the model has grown since
            for name, value in start.items()
        }
