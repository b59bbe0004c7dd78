"""gpm: step only in directions that past inputs do not see."""

from typing import Any

import torch
from torch import Tensor

from workbench.engine.blocks.retention.layer_inputs import LayerInputs, width_of
from workbench.engine.numerics.parameter_layout import Layout
from workbench.engine.roles.planned_run import PlannedRun
from workbench.engine.roles.retention import Retention
from workbench.engine.roles.task import TokensOut
from workbench.engine.roles.texts.cropping import cropped
from workbench.engine.update.stage_data import StageData
from workbench.engine.update.step import Step
from workbench.spec.cost import Holding
from workbench.spec.settings import Settings, setting

#: Examples that go through the model at once while its layers' inputs are noted.
_AT_ONCE = 32
#: Layers that are named where several are left unprotected.
_NAMED = 5


class GPM(Retention):
    """Projects the gradient of each layer off the span of the inputs it had in the past.

    G ← G − G M Mᵀ, with M a basis of what earlier stages put into the layer: after each stage the
    singular vectors of its inputs, without what M already holds, until a share ε of their energy
    is in M (Saha et al., ICLR 2021). Of a convolution the inputs are the patches under its kernel,
    as in the paper. Their networks have no biases; here a bias is a weight on an input that is
    always 1. Layers of other kinds are not protected, which is told; nor is anything from an
    optimizer that scales each parameter's step, which leaves the allowed directions.
    """

    key = "gpm"
    title = "Gradient projection memory"
    formula = "G ← G − G M Mᵀ"
    paper = "Saha et al., Gradient projection memory for continual learning, ICLR 2021"
    link = "https://arxiv.org/abs/2103.09762"
    helps = "Known tasks, SGD, and no examples kept; wide layers have room for more stages."
    needs = ("stages", "boundaries", "single-update")
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
        self._has_warned = False

    def project(self, gradient: Tensor, step: Step) -> Tensor:
        if not self.bases:
            return gradient
        if self.rate == 0 and not self._has_warned:
            self._has_warned = True
            self.notice(
                "this optimizer scales the step of each parameter and so leaves the directions that"
                " are free: gradient projection protects with SGD alone"
            )
        changed = gradient.clone()
        pieces = Layout(step.model).named(changed)
        for layer, basis in self.bases.items():
            if f"{layer}.weight" not in pieces:
                continue  # frozen since: it does not move at all
            weight, bias = pieces[f"{layer}.weight"], pieces.get(f"{layer}.bias")
            flat = weight.flatten(1)
            whole = flat if bias is None else torch.cat([flat, bias.unsqueeze(1)], dim=1)
            free = whole - (whole @ basis) @ basis.T
            weight.copy_(free[:, : flat.shape[1]].view_as(weight))
            if bias is not None:
                bias.copy_(free[:, -1])
        return changed

    def on_stage_end(self, stage: StageData) -> None:
        was_training = stage.model.training
        stage.model.eval()
        with LayerInputs(stage.model) as seen, torch.no_grad():
            for name, part in stage.train.items():
                n = min(len(part), self.settings.examples)
                chosen = torch.randperm(len(part), generator=self.generator)[:n]
                # Texts one by one, each without padding: its places are no inputs to protect.
                at_once = 1 if isinstance(stage.tasks[name].output, TokensOut) else _AT_ONCE
                for some in chosen.to(part.target.device).split(at_once):
                    stage.model(cropped(stage.tasks, {name: part[some]}))
        for layer, rows in seen.rows.items():
            self.bases[layer] = grown_basis(self.bases.get(layer), rows, self.settings.threshold)
        self._tell_of_others(stage)
        stage.model.train(was_training)

    def _tell_of_others(self, stage: StageData) -> None:
        """Name the layers that the stage used, and whose inputs are not known."""
        parameters = Layout(stage.model).parameters
        if not parameters:  # all is frozen
            return
        outputs = stage.model({name: part[:1] for name, part in stage.train.items()})
        total = torch.stack([output.sum() for output in outputs.values()]).sum()
        used = torch.autograd.grad(total, list(parameters.values()), allow_unused=True)
        layers = [
            name.rpartition(".")[0] or name
            for name, gradient in zip(parameters, used, strict=True)
            if gradient is not None  # pyright: ignore[reportUnnecessaryComparison]  # None: unused
        ]
        others = [layer for layer in dict.fromkeys(layers) if layer not in self.bases]
        if others:
            more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
            self.notice(
                f"not protected, for gradient projection knows linear layers and convolutions:"
                f" {', '.join(others[:_NAMED])}{more}"
            )

    def capacity(self, planned: PlannedRun) -> Holding:
        """Where inputs fill their space, a basis is a square matrix; it seldom comes to that."""
        layers = [(layer, width_of(layer)) for layer in planned.model.modules()]
        weights = [(layer.state_dict()["weight"], n) for layer, n in layers if n]
        sizes = [n**2 * weight.element_size() for weight, n in weights]
        return Holding(0, sum(sizes))

    def state_dict(self) -> dict[str, Any]:
        return {"bases": dict(self.bases)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.bases = dict(state["bases"])


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
