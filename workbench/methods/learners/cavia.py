"""cavia: a few context numbers adapt, the network does not."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from workbench.engine.blocks.learners.adaptive import Adaptive, FirstOrderSettings
from workbench.engine.layers.batch_norm import has_statistics
from workbench.engine.numerics.random_streams import starting
from workbench.engine.roles.method import BadSpecError
from workbench.engine.roles.sharing import Sharing
from workbench.engine.roles.task import Task
from workbench.spec.settings import setting

#: What the context is called in the model.
_CONTEXT = "context"

#: What an input of context numbers can be added to.
_LAYERS = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d)


class Context(nn.Module):
    """Context numbers [n], 0 before a task is seen, and what each adds to a layer's result."""

    def __init__(self, n: int, width: int) -> None:
        super().__init__()
        self.register_buffer("values", torch.zeros(n))
        self.weight = nn.Parameter(torch.empty(width, n))
        nn.init.kaiming_uniform_(self.weight, a=5**0.5)

    def forward(self) -> Tensor:
        """What is added to each of the layer's results, [width]."""
        return self.weight @ self.get_buffer("values")


class _Added:
    """A hook of a layer that adds the context to its results."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def __call__(self, layer: nn.Module, _: object, results: Tensor) -> Tensor:
        assert isinstance(layer, _LAYERS)
        n_places = layer.weight.dim() - 2  # axes of a result after its channels
        return results + self.context().view(-1, *(1,) * n_places)


class CAVIA(Adaptive):
    """A few context numbers adapt to each task, from 0; the network is the same for all.

    They are a further input of the first layer, which has weights for them: inner steps move
    these numbers alone, the outer step the network. Less can be over-fitted than where all adapts.
    """

    key = "cavia"
    title = "CAVIA"
    formula = "φᵢ = 0 − α∇φ Lᵢ(θ, 0);  θ ← θ − β∇θ Σᵢ Lᵢ(θ, φᵢ)"
    paper = "Zintgraf et al., Fast context adaptation via meta-learning, ICML 2019"
    link = "https://arxiv.org/abs/1810.03642"
    helps = "Tasks that differ in a few numbers; large inner rates do no harm."
    needs = ("trunk",)
    is_judged_built = True  # inputs of several kinds have several first layers

    class Settings(FirstOrderSettings):
        """Size of the context and settings of the inner loop."""

        context: int = setting(
            5, "Context numbers of a task.", ge=1, le=1024, title="Context numbers"
        )
        inner_lr: float = setting(
            1.0, "Learning rate of the inner steps.", gt=0, le=100, title="Inner learning rate"
        )

    def prepare(self, model: Sharing, tasks: Mapping[str, Task]) -> None:
        super().prepare(model, tasks)
        stages = nn.ModuleList(model.common_stages()[:1])
        first = next((m for m in stages.modules() if isinstance(m, _LAYERS)), None)
        if first is None:
            raise BadSpecError(
                "learner.kind", "needs one first layer that every input passes through"
            )
        if has_statistics(stages):
            raise BadSpecError(
                "learner.kind",
                "adds its context to each result of the first layer alike, and batch norm after it "
                "takes off what is added to all: give the encoder another norm",
            )
        with starting(_CONTEXT):
            context = Context(self.settings.context, first.weight.shape[0])
        model.attach(_CONTEXT, context, list(tasks))
        first.register_forward_hook(_Added(context))

    def start(self, model: Sharing, task: str) -> dict[str, Tensor]:
        del task
        return {f"{_CONTEXT}.values": model.get_buffer(f"{_CONTEXT}.values")}
