"""gradvac: gradients brought to the similarity they usually have."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from workbench.engine.numerics.solvers import applied
from workbench.engine.roles.balancing import Direction, GradientSettings, GramianBalancing
from workbench.spec.rules import Rule
from workbench.spec.settings import setting

if TYPE_CHECKING:
    from workbench.engine.update.step import Step

#: A target cosine this near 1 has no finite correction.
_PARALLEL = 1e-6

#: Target cosines by task and other task.
_Targets = dict[str, dict[str, float]]


class GradVac(GramianBalancing):
    """Raises the cosine of two gradients to its moving average, where it is below.

    For each i, in a random order of the others j: where cos(gᵢ, gⱼ) < φ̂ᵢⱼ, add of gⱼ what makes
    the cosine φ̂ᵢⱼ; then φ̂ᵢⱼ ← (1−β)φ̂ᵢⱼ + β cos(gᵢ, gⱼ), with gᵢ as corrected so far and gⱼ as it
    is (algorithm 1 of the paper, targets starting at 0; one target a pair or, if asked, one a pair
    and layer, between which the paper lets one choose). At targets of 0 it is PCGrad. The user's
    weights p multiply the corrected gradients, which is what multiplying the losses comes to; one
    that was turned against its own task counts once. Tasks without a gradient take no part.
    """

    key = "gradvac"
    title = "Gradient vaccine"
    formula = "gᵢ ← gᵢ + ‖gᵢ‖(φ̂√(1−φ²) − φ√(1−φ̂²)) / (‖gⱼ‖√(1−φ̂²)) gⱼ  where φ = cos < φ̂"
    paper = "Wang et al., Gradient vaccine, ICLR 2021"
    link = "https://arxiv.org/abs/2010.05874"
    helps = "Many related tasks, such as languages, whose gradients should agree more than they do."
    needs = ("shared-parameters",)
    weights_sum = "at least T where the targets are not negative, at task weights of 1"

    class Settings(GradientSettings):
        beta: float = setting(
            0.01, "How fast the target similarity follows the measured one.", ge=0.0, le=1.0
        )
        by_layer: bool = setting(
            False, "Correct the gradient of each shared layer alone, by targets of its own."
        )
        rules = (
            Rule(
                "by_layer",
                "<=",
                "(gradients_in == 'all') + (gradients_in == 'last-layer')",
                "corrects gradients in the shared parameters; it does not go with {gradients_in}",
            ),
            Rule(
                "by_layer",
                "<=",
                "(gradients_in == 'all') + (gradients_in == 'representation')",
                "corrects the gradients of all layers; {gradients_in} is of no account",
                warns=True,
            ),
        )

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        #: By layer; of all shared parameters together under "".
        self._targets: dict[str, _Targets] = {}

    def weigh(self, step: "Step") -> Tensor | Direction:
        """Weights [T], or by layer a direction [P] with the weights' mean over the parameters."""
        if not self.settings.by_layer:
            return super().weigh(step)
        part = [i for i, priority in enumerate(step.priorities) if priority != 0]
        names = [step.names[i] for i in part]
        preference = [step.priorities[i] for i in part]
        keys = self._keys(len(part))
        jacobian = step.jacobian[part]
        pieces: list[Tensor] = []
        shown = torch.zeros_like(step.priority)
        layers = step.shared_layers()
        start = 0
        for layer, size in layers:
            piece = jacobian[:, start : start + size]
            start += size
            rows: list[list[float]] = (piece @ piece.T).tolist()
            weights = step.tensor(self._vaccinated(rows, names, preference, keys, layer))
            pieces.append(weights @ piece)
            shown[part] += weights * (size / jacobian.shape[1])
        return Direction(torch.cat(pieces), shown)

    def solve_preferred(
        self,
        gramian: list[list[float]],
        names: Sequence[str],
        preference: Sequence[float],
        precision: torch.dtype,
    ) -> list[float]:
        del precision
        names = names or [str(i) for i in range(len(gramian))]
        return self._vaccinated(gramian, names, preference, self._keys(len(gramian)), "")

    def _keys(self, n: int) -> list[list[float]]:
        """Random numbers [n, n] by which each task's others are put in order."""
        return torch.rand(n, n, generator=self.generator).tolist()

    def _vaccinated(
        self,
        gramian: list[list[float]],
        names: Sequence[str],
        preference: Sequence[float],
        keys: list[list[float]],
        layer: str,
    ) -> list[float]:
        """Weights [T] on the gradients in one layer, and its targets moved."""
        n = len(gramian)
        total = [0.0] * n
        for i, order in enumerate(keys):
            mine, gain = [0.0] * n, 0.0
            mine[i] = 1.0
            if gramian[i][i] > 0:
                others = [j for j in range(n) if j != i and gramian[j][j] > 0]
                others.sort(key=order.__getitem__)
                gain = self._vaccinate(i, others, gramian, names, mine, layer)
            factor = applied(preference, i, gain)
            total = [a + factor * b for a, b in zip(total, mine, strict=True)]
        return total

    def _vaccinate(
        self,
        i: int,
        others: list[int],
        gramian: list[list[float]],
        names: Sequence[str],
        mine: list[float],
        layer: str,
    ) -> float:
        """Correct task i's gradient by the others: what it takes of each is added to `mine`.

        Its inner product with what it was.
        """
        beta, root = self.settings.beta, math.sqrt
        targets = self._targets.setdefault(layer, {}).setdefault(names[i], {})
        dots, square = gramian[i], gramian[i][i]
        length = root(square)
        for j in others:
            other, name = gramian[j][j], names[j]
            size = root(other)
            cosine = min(max(dots[j] / (length * size), -1.0), 1.0)
            target = targets.get(name, 0.0)
            targets[name] = (1 - beta) * target + beta * cosine
            if cosine >= target:
                continue
            rest = root(max(1 - target * target, 0.0))
            if rest > _PARALLEL:
                bent = target * root(1 - cosine * cosine) - cosine * rest
                part = length * bent / (size * rest)
                mine[j] += part
                square += 2 * part * dots[j] + part * part * other
                dots = [a + part * b for a, b in zip(dots, gramian[j], strict=True)]
                if square <= 0:
                    break
                length = root(square)
        return dots[i]

    def state_dict(self) -> dict[str, Any]:
        known = {
            layer: {name: dict(row) for name, row in targets.items()}
            for layer, targets in self._targets.items()
        }
        return {"targets": known.pop("", {}), "layers": known}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        # An earlier version kept no layers.
        by_layer = {"": state["targets"], **state.get("layers", {})}
        self._targets = {
            layer: {name: dict(row) for name, row in targets.items()}
            for layer, targets in by_layer.items()
        }
