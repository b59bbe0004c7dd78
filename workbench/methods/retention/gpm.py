"""gpm: step only in directions that past inputs do not see."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from typing import Any

import torch
from torch import Tensor, nn

from workbench.engine.ahead import Ahead
from workbench.engine.blocks.layout import Layout
from workbench.engine.blocks.linear_calls import LinearCalls
from workbench.engine.past import StageData
from workbench.engine.roles.retention import Retention
from workbench.engine.step import Step
from workbench.spec.cost import Holding
from workbench.spec.settings import Settings, setting


class GPM(Retention):
    """Projects the gradient of each linear layer off the span of the inputs it had in the past.

    G ← G − G M Mᵀ, with M a basis of what earlier stages put into the layer: after each stage the
    singular vectors of its inputs, without what M already holds, until a share ε of their energy
    is in M (Saha et al., ICLR 2021). Their networks have no biases; here a bias is a weight on an
    input that is always 1. Parameters outside linear layers are not projected, and plain gradient
    descent is assumed: momentum of an adaptive optimizer leaves the allowed directions.
    """

    key = "gpm"
    title = "Gradient projection memory"
    formula = "G ← G − G M Mᵀ"
    paper = "Saha et al., Gradient projection memory for continual learning, ICLR 2021"
    link = "https://arxiv.org/abs/2103.09762"
    helps = "Known tasks, SGD, and no examples kept; wide layers have room for more stages."
    needs = ("stages", "boundaries")
    changes_gradient = True

    class Settings(Settings):
        """What counts as seen."""

        threshold: float = setting(
            0.97, "ε: the share of the inputs' energy that is protected.", gt=0, le=1
        )
        examples: int = setting(
            256, "Examples of each task whose inputs are looked at.", ge=1, le=100_000
        )

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        #: Orthonormal columns [in (+1 with a bias), k] by layer.
        self.bases: dict[str, Tensor] = {}

    def project(self, gradient: Tensor, step: Step) -> Tensor:
        if not self.bases:
            return gradient
        changed = gradient.clone()
        pieces = Layout(step.model).named(changed)
        for layer, basis in self.bases.items():
            if f"{layer}.weight" not in pieces:
                continue  # frozen since: it does not move at all
            weight, bias = pieces[f"{layer}.weight"], pieces.get(f"{layer}.bias")
            whole = weight if bias is None else torch.cat([weight, bias.unsqueeze(1)], dim=1)
            free = whole - (whole @ basis) @ basis.T
            weight.copy_(free[:, : weight.shape[1]])
            if bias is not None:
                bias.copy_(free[:, -1])
        return changed

    def end(self, stage: StageData) -> None:
        was_training = stage.model.training
        stage.model.eval()
        inputs: dict[str, list[Tensor]] = {}
        for name, part in stage.train.items():
            n = min(len(part), self.settings.examples)
            chosen = torch.randperm(len(part), generator=self.generator)[:n]
            with LinearCalls(stage.model) as calls, torch.no_grad():
                stage.model({name: part[chosen.to(part.target.device)]})
            for call in calls.calls:
                rows = call.inputs.reshape(-1, call.inputs.shape[-1])
                if call.layer.bias is not None:  # pyright: ignore[reportUnnecessaryComparison]
                    rows = torch.cat([rows, rows.new_ones(len(rows), 1)], dim=1)
                inputs.setdefault(call.name, []).append(rows)
        stage.model.train(was_training)
        for layer, rows in inputs.items():
            known = self.bases.get(layer)
            self.bases[layer] = grown_basis(known, torch.cat(rows), self.settings.threshold)

    def capacity(self, ahead: Ahead) -> Holding:
        """Where inputs fill their space, a basis is a square matrix; it seldom comes to that."""
        layers = [layer for layer in ahead.model.modules() if isinstance(layer, nn.Linear)]
        return Holding(0, sum(_square(layer) for layer in layers))

    def state_dict(self) -> dict[str, Any]:
        return {"bases": dict(self.bases)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.bases = dict(state["bases"])


def _square(layer: nn.Linear) -> int:
    """Bytes of a basis of all that may go into a layer."""
    has_bias = layer.bias is not None  # pyright: ignore[reportUnnecessaryComparison]
    return (layer.in_features + has_bias) ** 2 * layer.weight.element_size()


def grown_basis(basis: Tensor | None, rows: Tensor, threshold: float) -> Tensor:
    """Orthonormal columns [d, k] that hold a share of the energy of rows [N, d], and the old ones.

    The fewest singular vectors of what the old basis leaves are added that make it so.
    """
    energy = rows.square().sum()
    rest = rows if basis is None else rows - (rows @ basis) @ basis.T
    _, values, vectors = torch.linalg.svd(rest, full_matrices=False)
    held = energy - rest.square().sum() + values.square().cumsum(0)
    missing = 0 if energy - rest.square().sum() >= threshold * energy else 1
    n_new = min(int((held < threshold * energy).sum()) + missing, len(values)) if missing else 0
    old = rows.new_zeros(rows.shape[1], 0) if basis is None else basis
    # One QR keeps the columns orthonormal however many stages there are.
    return torch.linalg.qr(torch.cat([old, vectors[:n_new].T], dim=1))[0]
