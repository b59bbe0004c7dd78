"""gradvac: gradients brought to the similarity they usually have."""

# torch's own types are partly unknown.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import math
from collections.abc import Sequence
from typing import Any

import torch

from workbench.engine.roles.balancing import BalancingSettings, GramianBalancing
from workbench.spec.settings import setting

#: A target cosine this near 1 has no finite correction.
_PARALLEL = 1e-6


class GradVac(GramianBalancing):
    """Raises the cosine of two gradients to its moving average, where it is below.

    For each i, in a random order of the others j: where cos(gᵢ, gⱼ) < φ̂ᵢⱼ, add of gⱼ what makes
    the cosine φ̂ᵢⱼ; then φ̂ᵢⱼ ← (1−β)φ̂ᵢⱼ + β cos(gᵢ, gⱼ), with gᵢ as corrected so far and gⱼ as it
    is (algorithm 1 of the paper, targets starting at 0; one target a pair, not one a layer). At
    targets of 0 it is PCGrad. Tasks without a gradient take no part.
    """

    key = "gradvac"
    title = "Gradient vaccine"
    formula = "gᵢ ← gᵢ + ‖gᵢ‖(φ̂√(1−φ²) − φ√(1−φ̂²)) / (‖gⱼ‖√(1−φ̂²)) gⱼ  where φ = cos < φ̂"
    paper = "Wang et al., Gradient vaccine, ICLR 2021"
    link = "https://arxiv.org/abs/2010.05874"
    helps = "Many related tasks, such as languages, whose gradients should agree more than they do."
    needs = ("shared-parameters",)
    weights_sum = "at least T where the targets are not negative"

    class Settings(BalancingSettings):
        beta: float = setting(
            0.01, "How fast the target similarity follows the measured one.", ge=0.0, le=1.0
        )

    def __init__(self, settings: Any, generator: torch.Generator) -> None:
        super().__init__(settings, generator)
        self._targets: dict[str, dict[str, float]] = {}

    def solve(self, gramian: list[list[float]], names: Sequence[str]) -> list[float]:
        n = len(gramian)
        names = names or [str(i) for i in range(n)]
        keys: list[list[float]] = torch.rand(n, n, generator=self.generator).tolist()
        total = [0.0] * n
        for i, order in enumerate(keys):
            total[i] += 1.0
            if gramian[i][i] > 0:
                others = [j for j in range(n) if j != i and gramian[j][j] > 0]
                others.sort(key=order.__getitem__)
                self._vaccinate(i, others, gramian, names, total)
        return total

    def _vaccinate(
        self,
        i: int,
        others: list[int],
        gramian: list[list[float]],
        names: Sequence[str],
        total: list[float],
    ) -> None:
        """Correct task i's gradient by the others, and add what it takes of each to `total`."""
        beta, root = self.settings.beta, math.sqrt
        targets = self._targets.setdefault(names[i], {})
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
                total[j] += part
                square += 2 * part * dots[j] + part * part * other
                if square <= 0:
                    break
                length = root(square)
                dots = [a + part * b for a, b in zip(dots, gramian[j], strict=True)]

    def state_dict(self) -> dict[str, Any]:
        return {"targets": {name: dict(row) for name, row in self._targets.items()}}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._targets = {name: dict(row) for name, row in state["targets"].items()}
